"""Charging a stay: lines, returns, files; nothing is changed, nothing is entered twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa

from services.billing import queries, store, usecases
from services.billing.domain.charge_file import FileUnreadable
from services.billing.domain.charging_errors import (
    ChargedInFuture,
    ItemHasNoPrice,
    ItemUnknown,
    NotAnOriginal,
    PriceExists,
    PriceInThePast,
    QuantityNotLeft,
    QuantityNotValid,
)
from services.billing.domain.insurance import CatalogueClass
from services.billing.store import charge_tables
from shared.clock import from_iso
from shared.database import Database
from shared.errors import DomainError, NotFound
from tests.billing.charged import ASPIRIN, BED, CT, NEW_DRUG, NURSE, PricedItem, Stay, count, item, open_price_list
from tests.support.callers import FRONT_DESK, Caller, patient
from tests.support.clock import StandingClock

TODAY, YESTERDAY = date(2026, 11, 23), date(2026, 11, 22)
ADMITTED_AT = from_iso("2026-11-21T02:00:00Z")
FINANCE = NURSE.__class__(subject="staff:finance", roles=("finance",))


@pytest.fixture
def stay(database: Database, clock: StandingClock) -> Stay:
    """Somebody lies in cardiology since two days."""
    open_price_list(database, clock())
    made = Stay(database)
    made.tell("admitted", ADMITTED_AT, clock())
    return made


def test_lines_are_entered_with_everything_that_holds_on_their_day(stay: Stay, clock: StandingClock) -> None:
    first, second = stay.charge(clock(), (CT, "1"), (ASPIRIN, "3"))
    assert (first.amount_fen, second.amount_fen) == (18000, 64)
    assert (first.name_zh, first.category, first.catalogue_class, first.price) == (
        *("头颅CT平扫", "03", CatalogueClass.A),
        Decimal(180),
    )
    assert (first.charged_on, first.listed_on, first.department_zh, first.entered_by) == (
        *(TODAY, TODAY, "CARD病区"),
        "staff:nurse",
    )
    assert stay.lines() == [("3001", "1", 18000, "2026-11-23"), ("9006", "3", 64, "2026-11-23")]
    account = stay.account(clock())
    assert (account["medical_fen"], account["balance_fen"]) == (18064, -18064)
    assert account["categories"] == [{"category": "03", "amount_fen": 18000}, {"category": "09", "amount_fen": 64}]


@pytest.mark.parametrize(
    ("wanted", "quantity", "day", "refusal"),
    [
        (item("99", CT.category, "没有", "None"), "1", TODAY, ItemUnknown),
        (NEW_DRUG, "1", TODAY, ItemHasNoPrice),
        (CT, "1", date(2024, 12, 31), ItemHasNoPrice),
        (CT, "0", TODAY, QuantityNotValid),
        (CT, "1", TODAY + timedelta(days=1), ChargedInFuture),
    ],
    ids=lambda each: getattr(each, "code", str(each)) if not isinstance(each, type) else each.__name__,
)
def test_a_line_that_cannot_be_is_refused_with_all_others_of_its_request(
    stay: Stay, clock: StandingClock, wanted: PricedItem, quantity: str, day: date, refusal: type[DomainError]
) -> None:
    with pytest.raises(refusal):
        stay.charge(clock(), (CT, "1"), (wanted, quantity), charged_on=day)
    assert stay.lines() == []
    assert count(stay.database, charge_tables.charge_rests) == 0


def test_a_stay_that_nobody_knows_is_not_charged(stay: Stay, clock: StandingClock) -> None:
    with pytest.raises(NotFound):
        Stay(stay.database).charge(clock(), (CT, "1"))


def test_a_stay_that_has_ended_is_charged_all_the_same(stay: Stay, clock: StandingClock) -> None:
    stay.tell("discharged", clock(), clock())
    stay.charge(clock(), (CT, "1"))
    assert stay.lines() == [("3001", "1", 18000, "2026-11-23")]


def test_a_return_is_a_new_line_of_its_day_that_names_its_original(stay: Stay, clock: StandingClock) -> None:
    (original,) = stay.charge(clock(), (ASPIRIN, "3"))
    later = clock.advance(minutes=60 * 24)
    back = stay.give_back(original.id, later, "1")
    assert (back.quantity, back.amount_fen, back.returns, back.charged_on, back.reason) == (
        *(Decimal(-1), -21, original.id),
        *(TODAY + timedelta(days=1), "医嘱停了"),
    )
    rest = stay.give_back(original.id, later)
    assert (rest.quantity, rest.amount_fen) == (Decimal(-2), -43)
    assert stay.account(later)["medical_fen"] == 0
    with pytest.raises(QuantityNotLeft) as refused:
        stay.give_back(original.id, later)
    assert refused.value.facts == {"left": "0"}
    with pytest.raises(NotAnOriginal):
        stay.give_back(back.id, later)
    with pytest.raises(NotFound):
        stay.give_back(uuid4(), later)
    assert len(stay.lines()) == 3


def test_the_database_keeps_what_is_left_above_nothing_and_lines_as_they_are(stay: Stay, clock: StandingClock) -> None:
    stay.charge(clock(), (CT, "1"))
    broken: list[tuple[Any, str]] = [
        (charge_tables.charge_rests.update().values(quantity_left=Decimal(-1)), "charge_rests_quantity"),
        (charge_tables.charge_rests.update().values(amount_left_fen=-1), "charge_rests_amount"),
        (charge_tables.charge_rests.update().values(quantity_left=Decimal(0)), "charge_rests_both"),
        (store.charge_lines.update().values(amount_fen=1), "append_only: charge_lines"),
        (store.charge_lines.delete(), "append_only: charge_lines"),
        (charge_tables.price_terms.update().values(price=Decimal(1)), "append_only: price_terms"),
    ]
    for statement, name in broken:
        with pytest.raises(sa.exc.DBAPIError, match=name), stay.database.write() as uow:
            uow.session.execute(statement)
    assert stay.lines() == [("3001", "1", 18000, "2026-11-23")]


def test_a_new_price_holds_from_its_day_and_never_for_what_was_charged(stay: Stay, clock: StandingClock) -> None:
    tomorrow = TODAY + timedelta(days=1)
    new: dict[str, Any] = {
        "item_id": CT.id,
        "price": Decimal(200),
        "catalogue_class": CatalogueClass.B,
        "self_pay_ratio": Decimal("0.1"),
    }
    with stay.database.write() as uow:
        usecases.set_price(uow, actor=FINANCE, now=clock(), from_on=tomorrow, **new)
    stay.charge(clock(), (CT, "1"))
    stay.charge(clock.advance(minutes=60 * 24), (CT, "1"))
    stay.charge(clock(), (CT, "1"), charged_on=TODAY)
    assert [fen for _, _, fen, _ in stay.lines()] == [18000, 20000, 18000]
    for day, refusal in ((tomorrow, PriceInThePast), (tomorrow - timedelta(days=9), PriceInThePast)):
        with pytest.raises(refusal), stay.database.write() as uow:
            usecases.set_price(uow, actor=FINANCE, now=clock(), from_on=day, **new)
    later = tomorrow + timedelta(days=1)
    for wanted in (None, PriceExists):
        with stay.database.write() as uow:
            if wanted is None:
                usecases.set_price(uow, actor=FINANCE, now=clock(), from_on=later, **new)
            else:
                with pytest.raises(wanted):
                    usecases.set_price(uow, actor=FINANCE, now=clock(), from_on=later, **new)
    with pytest.raises(ItemUnknown), stay.database.write() as uow:
        usecases.set_price(uow, actor=FINANCE, now=clock(), from_on=later, **new | {"item_id": uuid4()})


@pytest.mark.parametrize("typed", ["头颅", "CT", "tlct", "ＣＴ", "touluct", "plain", " 3001 "])
def test_an_item_is_found_as_people_type_it(stay: Stay, clock: StandingClock, typed: str) -> None:
    with stay.database.read() as uow:
        found = queries.priced_items(uow, actor=NURSE, now=clock(), search=typed, limit=5)["items"]
    assert found[0]["code"] == "3001"
    assert found[0]["terms"].price == Decimal(180)


def test_an_item_without_a_price_says_so(stay: Stay, clock: StandingClock) -> None:
    with stay.database.read() as uow:
        (found,) = queries.priced_items(uow, actor=NURSE, now=clock(), search="新药", limit=5)["items"]
    assert found["terms"] is None


# ------------------------------------------------------------------------------------------------------- files

HEADING = "reference,encounter_id,item_code,quantity,charged_on\n"


def take(stay: Stay, clock: StandingClock, text: str) -> dict[str, Any]:
    with stay.database.write() as uow:
        return usecases.take_charge_file(uow, actor=NURSE, now=clock(), text=text)


def test_what_can_be_entered_is_entered_and_each_bad_line_is_named(stay: Stay, clock: StandingClock) -> None:
    mine = stay.encounter_id
    text = (
        "\ufeff"
        + HEADING
        + "\n".join(
            [
                f"L1,{mine},3001,1,2026-11-22",
                f"L2,{mine},9006,3,2026-11-23",
                f",{mine},3001,1,2026-11-22",
                f"{'x' * 81},{mine},3001,1,2026-11-22",
                "L3,nobody,3001,1,2026-11-22",
                f"L4,{uuid4()},3001,1,2026-11-22",
                f"L5,{mine},nothing,1,2026-11-22",
                f"L6,{mine},9099,1,2026-11-22",
                f"L7,{mine},3001,one,2026-11-22",
                f"L8,{mine},3001,NaN,2026-11-22",
                f"L9,{mine},3001,-1,2026-11-22",
                f"L10,{mine},3001,1,22.11.2026",
                f"L11,{mine},3001,1,2026-11-24",
                f"L12,{mine},3001,1",
                "",
                f"L1,{mine},3001,2,2026-11-22",
                f"L1,{mine},3001,1,2026-11-22",
                f"L13,{mine},9006,0.0001,2026-11-22",
            ]
        )
    )
    report = take(stay, clock, text)
    assert (report["read"], report["entered"], report["repeated"]) == (17, 2, 1)
    assert [(each["number"], each["code"]) for each in report["bad"]] == [
        *((4, "reference_missing"), (5, "reference_missing"), (6, "encounter_invalid"), (7, "stay_unknown")),
        *((8, "item_unknown"), (9, "item_has_no_price"), (10, "quantity_invalid"), (11, "quantity_invalid")),
        *((12, "quantity_not_valid"), (13, "day_invalid"), (14, "charged_in_future"), (15, "columns_wrong")),
        *((17, "reference_reused"), (19, "amount_too_small")),
    ]
    assert report["bad"][4]["reason"] == {
        "zh": "价目里没有这个项目",
        "en": "There is no such item in the price list",
    }
    assert stay.lines() == [("3001", "1", 18000, "2026-11-22"), ("9006", "3", 64, "2026-11-23")]


def test_a_file_sent_again_enters_nothing_twice_even_after_the_price_changed(stay: Stay, clock: StandingClock) -> None:
    text = HEADING + f"L1,{stay.encounter_id},3001,1,2026-11-22\nL2,{stay.encounter_id},9006,3,2026-11-23\n"
    assert take(stay, clock, text)["entered"] == 2
    before = stay.lines()
    assert take(stay, clock, text) == {"read": 2, "entered": 0, "repeated": 2, "bad": []}
    changed = text.replace("3001,1", "3001,2")
    assert [each["code"] for each in take(stay, clock, changed)["bad"]] == ["reference_reused"]
    assert stay.lines() == before


@pytest.mark.parametrize(
    "text",
    ["", "reference,item_code\n", HEADING + '"L1', "reference;encounter_id\n"],
    ids=["empty", "few", "torn", "semi"],
)
def test_a_file_that_is_none_is_refused_whole(stay: Stay, clock: StandingClock, text: str) -> None:
    with pytest.raises(FileUnreadable) as refused:
        take(stay, clock, text)
    assert refused.value.facts["columns"][0] == "reference"
    assert stay.lines() == []


# -------------------------------------------------------------------------------------------------------- HTTP


def test_over_http_a_nurse_charges_and_gives_back_and_others_may_not(
    stay: Stay, clock: StandingClock, as_caller: Callable[[Any], Caller]
) -> None:
    nurse = as_caller(NURSE)
    path = f"/v1/stays/{stay.encounter_id}/charges"
    answer = nurse.post(path, {"lines": [{"item_id": str(ASPIRIN.id), "quantity": "3"}]})
    assert answer.status_code == 201
    (line,) = answer.json["items"]
    assert {name: line[name] for name in ("name", "amount", "price", "quantity", "category", "charged_on")} == {
        "name": {"zh": "阿司匹林肠溶片", "en": "Aspirin enteric tablets"},
        "amount": {"amount": "0.64", "currency": "CNY"},
        "price": "0.2133",
        "quantity": "3",
        "category": "09",
        "charged_on": "2026-11-23",
    }
    back = nurse.post(f"/v1/charges/{line['id']}/return", {"quantity": "1.5", "reason": "停药"})
    assert (back.status_code, back.json["quantity"], back.json["amount"]["amount"]) == (201, "-1.5", "-0.32")
    listed = nurse.get(path).json["items"]
    assert [(each["quantity"], each["quantity_left"]) for each in listed] == [("-1.5", None), ("3", "1.5")]
    assert [each["quantity"] for each in nurse.get(path, limit=1, after=listed[0]["id"]).json["items"]] == ["3"]
    for caller in (as_caller(FRONT_DESK), as_caller(stay.payer)):
        assert caller.post(path, {"lines": [{"item_id": str(BED.id), "quantity": "1"}]}).status_code == 403
    assert as_caller(FRONT_DESK).get(path).status_code == 403
    for bad in ({"lines": []}, {"lines": [{"item_id": str(BED.id), "quantity": 1}]}, {"lines": [{"quantity": "1"}]}):
        assert nurse.post(path, bad).status_code == 422
    assert len(stay.lines()) == 2


def test_a_patient_sees_the_own_account_and_nobody_else_s(
    stay: Stay, clock: StandingClock, as_caller: Callable[[Any], Caller]
) -> None:
    stay.charge(clock(), (CT, "1"))
    base = f"/v1/stays/{stay.encounter_id}"
    for path in (f"{base}/account", f"{base}/account/days/2026-11-23", f"{base}/non-medical"):
        assert as_caller(stay.payer).get(path).status_code == 200
        assert as_caller(patient(uuid4())).get(path).status_code == 404
        assert as_caller(NURSE).get(path).status_code == 200
    assert as_caller(stay.payer).get(f"{base}/account/days/yesterday").status_code == 404
    assert as_caller(stay.payer).get(f"/v1/stays/{uuid4()}/account").status_code == 404
