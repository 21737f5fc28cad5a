"""Diet orders of other systems: carried out when understood, else before the dietitian; never dropped, never twice."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from services.meals import queries, store, usecases
from services.meals.domain import MeaningUnknown, NpoInForce, ReceivedOrderSettled, read_codes, term_of
from shared.clock import iso
from shared.database import Database
from shared.door import Door
from shared.errors import NotFound, NotYet
from tests.meals.hearsay import golden, hear
from tests.meals.stays import DIETITIAN, admit, diet_now, discharged, do, fast, order_diet

TYPE = "records.diet_order_received.v1"


def code(code_: str, text: str = "", kind: str = "diet") -> dict[str, str]:
    """A code as a sender writes it."""
    return {"kind": kind, "code": code_, "text": text}


def received(*codes: dict[str, str], **changes: Any) -> tuple[str, dict[str, Any]]:
    """A diet order for the stay, from another system."""
    data = {**golden(TYPE)["data"], "codes": list(codes), "starts_at": None, "control": "NW", "placer_number": "P1"}
    return TYPE, {**data, "order_id": str(uuid4()), **changes}


def waiting(door: Door) -> list[dict[str, Any]]:
    """What the dietitian's page lists."""
    with door.database.read() as uow:
        items: list[dict[str, Any]] = queries.orders_received(uow, actor=DIETITIAN, now=door.clock())["items"]
        return items


def problems(door: Door) -> list[str]:
    return [each["problem"] for each in waiting(door)]


def name_now(door: Door) -> str | None:
    order = diet_now(door)["order"]
    return order["name"]["zh"] if order else None


@pytest.mark.parametrize(
    ("codes", "name"),
    [
        ((code("SOFT"), code("LOW_SALT")), "软食 · 低盐"),
        ((code("X1", "半流质"), code("X2", "糖尿病饮食")), "半流质 · 糖尿病"),
        ((code("BASAL"), code("CARACTERISTICA", "SIN SAL", "preference")), "普食 · 无盐"),
        ((code("", "Low-salt"), code("general"), code("HALAL", kind="preference")), "普食 · 低盐 · 清真"),
    ],
    ids=["own codes", "Chinese names", "a sender's words", "English names"],
)
def test_what_is_understood_becomes_the_diet(door: Door, database: Database, codes: Any, name: str) -> None:
    admit(database)
    hear(database, received(*codes))
    order = diet_now(door)["order"]
    assert (order["name"]["zh"], order["source"], order["placer_number"]) == (name, "message", "P1")
    assert waiting(door) == []


def test_an_order_heard_again_changes_nothing(door: Door, database: Database) -> None:
    admit(database)
    told = received(code("SOFT"))
    hear(database, told, told)
    assert len(diet_now(door)["history"]) == 1


def test_an_order_before_the_admission_is_heard_waits_for_it(door: Door, database: Database) -> None:
    told = received(code("SOFT"))
    with pytest.raises(NotYet):
        hear(database, told)
    admit(database)
    hear(database, told)
    assert name_now(door) == "软食"


def test_outpatients_eat_elsewhere(door: Door, database: Database) -> None:
    hear(database, received(code("SOFT"), encounter_class="AMB"))
    assert waiting(door) == []


def test_an_order_for_later_leaves_the_diet_until_then(door: Door, database: Database) -> None:
    admit(database)
    order_diet(door)
    starts = door.clock() + timedelta(days=2)
    hear(database, received(code("LIQUID"), starts_at=iso(starts)))
    assert name_now(door) == "普食"
    shown = diet_now(door)["history"]
    assert [(each["version"], each["ends_at"]) for each in shown] == [(2, None), (1, starts)]
    order_diet(door, "SOFT")
    assert name_now(door) == "软食"
    assert [each["ends_at"] for each in diet_now(door)["history"]] == [None, starts, door.clock()]


def test_what_nobody_understands_waits_and_what_forbids_holds_at_once(door: Door, database: Database) -> None:
    admit(database)
    order_diet(door)
    example = golden(TYPE)["data"]
    hear(database, (TYPE, example))
    [item] = waiting(door)
    assert (item["problem"], item["state"]) == ("codes_unknown", "open")
    assert [each["text"] for each in item["unknown"]] == ["PEDIATRICA 1", "LACT"]
    assert [each["text"] for each in item["codes"]] == ["PEDIATRICA 1", "LACT", "SIN SAL", "DIABETICO"]
    assert (item["ward"]["zh"], item["bed"]) == ("心内一病区", "07")
    assert name_now(door) == "普食 · 无盐 · 糖尿病"


def test_without_a_diet_nothing_may_be_eaten_until_the_dietitian_has_looked(door: Door, database: Database) -> None:
    admit(database)
    hear(database, (TYPE, golden(TYPE)["data"]))
    assert (name_now(door), problems(door)) == (None, ["codes_unknown"])


def test_the_dietitian_says_what_it_means_and_it_is_understood_the_next_time(door: Door, database: Database) -> None:
    admit(database)
    hear(database, (TYPE, golden(TYPE)["data"]))
    [item] = waiting(door)
    do(
        door,
        usecases.settle_received_order,
        actor=DIETITIAN,
        order_id=item["id"],
        texture="GENERAL",
        restrictions=["NO_SALT", "DIABETIC"],
        meanings=[{"code": 0, "means": "texture:GENERAL"}, {"code": 1, "means": "nothing"}],
    )
    assert (name_now(door), waiting(door)) == ("普食 · 无盐 · 糖尿病", [])
    again = {**golden(TYPE)["data"], "order_id": str(uuid4())}
    hear(database, (TYPE, again))
    assert (waiting(door), len(diet_now(door)["history"])) == ([], 2)
    with database.read() as uow:
        assert store.terms_of(uow, "SOMEBODY|ELSE") == {}


@pytest.mark.parametrize(
    ("changes", "codes", "problem"),
    [
        ({}, (code("SOFT"), code("LIQUID")), "several_textures"),
        ({}, (code("LOW_SALT"),), "no_texture"),
        ({}, (code("GENERAL"), code("NPO")), "diet_and_npo"),
        ({}, (code("GENERAL"), code("HIGH_PROTEIN"), code("LOW_PROTEIN")), "diet_impossible"),
        ({"control": "DC"}, (), "control_unknown"),
        ({"control": "HD"}, (code("SOFT"),), "control_unknown"),
    ],
    ids=["two textures", "no texture", "food and none", "impossible", "withdrawn", "held"],
)
def test_what_a_person_must_judge_waits_with_its_problem(
    door: Door, database: Database, changes: Any, codes: Any, problem: str
) -> None:
    admit(database)
    hear(database, received(*codes, **changes))
    assert problems(door) == [problem]
    assert name_now(door) is None


def test_a_diet_while_somebody_fasts_waits_for_a_person_to_say_that_eating_begins_again(
    door: Door, database: Database
) -> None:
    admit(database)
    order_diet(door)
    fast(door)
    hear(database, received(code("LIQUID")))
    [item] = waiting(door)
    assert (item["problem"], name_now(door)) == ("npo_in_force", "普食")
    settle = usecases.settle_received_order
    with pytest.raises(NpoInForce):
        do(door, settle, actor=DIETITIAN, order_id=item["id"], texture="LIQUID")
    assert problems(door) == ["npo_in_force"]
    do(door, settle, actor=DIETITIAN, order_id=item["id"], texture="LIQUID", resumes=True)
    assert (name_now(door), diet_now(door)["npo"]) == ("流质", [])


def test_fasting_by_message_acts_at_once(door: Door, database: Database) -> None:
    admit(database)
    order_diet(door)
    hear(database, received(code("AYUNAS")))
    assert [(each["kind"], each["in_force"]) for each in diet_now(door)["npo"]] == [("nothing_by_mouth", True)]
    assert waiting(door) == []
    hear(database, received(code("GENERAL"), code("禁食")))
    assert {each["kind"] for each in diet_now(door)["npo"]} == {"nothing_by_mouth", "no_food"}


def test_an_allergy_by_message_acts_at_once_whatever_else_is_not_understood(door: Door, database: Database) -> None:
    admit(database)
    hear(database, received(code("PAN4"), code("PEANUT", "Cacahuete", "allergy")))
    assert [each["allergen"] for each in diet_now(door)["allergies"]] == ["peanut"]
    hear(database, received(code("GENERAL"), code("", "花生", "allergy"), code("", "芒果", "allergy")))
    assert {each["allergen"] for each in diet_now(door)["allergies"]} == {"peanut", "mango"}
    hear(database, received(code("", "perejil", "allergy")))
    assert problems(door) == ["codes_unknown", "codes_unknown"]


def test_an_order_for_who_has_gone_home_waits_too(door: Door, database: Database) -> None:
    admit(database)
    hear(database, discharged(), received(code("SOFT")))
    assert problems(door) == ["stay_not_open"]
    assert diet_now(door)["history"] == []


def test_an_order_that_needs_nothing_is_dismissed_with_a_reason_and_only_once(door: Door, database: Database) -> None:
    admit(database)
    hear(database, received(code("PAN4")))
    [item] = waiting(door)
    dismiss = usecases.dismiss_received_order
    done = do(door, dismiss, actor=DIETITIAN, order_id=item["id"], reason="发错了病区")
    assert (done.state, done.settled_by, done.reason) == ("dismissed", "staff:dietitian", "发错了病区")
    assert waiting(door) == []
    with pytest.raises(ReceivedOrderSettled):
        do(door, dismiss, actor=DIETITIAN, order_id=item["id"], reason="再来")
    with pytest.raises(ReceivedOrderSettled):
        do(door, usecases.settle_received_order, actor=DIETITIAN, order_id=item["id"], texture="SOFT")
    assert name_now(door) is None
    with pytest.raises(NotFound):
        do(door, dismiss, actor=DIETITIAN, order_id=UUID(int=5), reason="x")


@pytest.mark.parametrize("meaning", [{"code": 0, "means": "texture:LOW_SALT"}, {"code": 1, "means": "nothing"}])
def test_a_code_cannot_mean_just_anything(door: Door, database: Database, meaning: dict[str, Any]) -> None:
    admit(database)
    hear(database, received(code("PAN4")))
    [item] = waiting(door)
    with pytest.raises(MeaningUnknown):
        do(
            door,
            usecases.settle_received_order,
            actor=DIETITIAN,
            order_id=item["id"],
            texture="SOFT",
            meanings=[meaning],
        )
    assert (name_now(door), problems(door)) == (None, ["codes_unknown"])
    with database.read() as uow:
        assert uow.session.execute(sa.select(store.diet_terms)).all() == []


def test_what_was_taught_comes_before_the_manual() -> None:
    sent = code("SOFT", "DIET SOFT DRINKS")
    assert read_codes([sent], {}).textures == {"SOFT"}
    assert read_codes([sent], {term_of(sent): "texture:LIQUID"}).textures == {"LIQUID"}
