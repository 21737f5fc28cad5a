"""Meals hears who lies where: in any order, more than once, and the newest version counts."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
import sqlalchemy as sa

from services.meals import store
from services.meals.consumers import SUBSCRIPTIONS
from shared.actor import Actor
from shared.database import Database
from tests.meals.hearsay import A, B, golden, hear, merged, registered
from tests.meals.test_api import AsCaller, staff

STAYS = [
    f"records.encounter_{each}.v1"
    for each in (
        "admitted",
        "transferred",
        "discharged",
        "discharge_cancelled",
        "transfer_cancelled",
        "admission_cancelled",
    )
]
WARD = golden(STAYS[0])["data"]["ward"]["id"]
CANTEEN: Actor = staff("canteen")


def told(position: int, **changes: Any) -> tuple[str, dict[str, Any]]:
    """One of the six golden facts of a stay, in the order in which they happened."""
    return STAYS[position], {**golden(STAYS[position])["data"], "patient_id": A, **changes}


def lying(database: Database) -> list[tuple[str, str | None, str | None, int]]:
    table = store.stays
    with database.read() as uow:
        rows = uow.session.execute(sa.select(table).order_by(table.c.encounter_id))
        return [(row.state, row.ward_zh, row.bed_label, row.version) for row in rows]


def test_every_fact_of_a_stay_is_heard() -> None:
    assert set(STAYS) == {each for each in SUBSCRIPTIONS if ".encounter_" in each}


@pytest.mark.parametrize(
    ("heard", "expected"),
    [
        (1, ("in_progress", "心内一病区", "07", 1)),
        (2, ("in_progress", "心外一病区", "31", 2)),
        (3, ("finished", "心外一病区", "31", 3)),
        (4, ("in_progress", "心外一病区", "31", 4)),
        (5, ("in_progress", "心内一病区", "07", 5)),
        (6, ("cancelled", "心内一病区", "07", 6)),
    ],
)
def test_the_golden_examples_tell_where_somebody_lies(database: Database, heard: int, expected: Any) -> None:
    hear(database, *(told(position) for position in range(heard)))
    assert lying(database) == [expected]


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_whatever_comes_first_the_newest_counts(database: Database, order: tuple[int, ...]) -> None:
    hear(database, *(told(position) for position in (*order, *order)))
    assert lying(database) == [("finished", "心外一病区", "31", 3)]


def test_six_facts_backwards_end_as_forwards(database: Database) -> None:
    hear(database, *(told(position) for position in reversed(range(6))))
    assert lying(database) == [("cancelled", "心内一病区", "07", 6)]


def test_who_lies_nowhere_is_in_no_ward_and_outpatients_are_not_kept(database: Database) -> None:
    hear(database, told(0, campus=None, ward=None, bed=None))
    assert lying(database) == [("in_progress", None, None, 1)]
    hear(database, told(1, encounter_class="AMB"))
    assert lying(database) == [("in_progress", None, None, 1)]


def test_the_canteen_sees_who_lies_in_a_ward(as_caller: AsCaller, database: Database) -> None:
    hear(database, told(0))
    canteen = as_caller(CANTEEN)
    asked = canteen.get("/v1/inpatients", ward_id=WARD).get_json()
    stay = {
        "encounter_id": golden(STAYS[0])["data"]["encounter_id"],
        "patient_id": A,
        "mrn": None,
        "class": "IMP",
        "ward": {"zh": "心内一病区", "en": "Cardiology, Ward 1"},
        "bed": "07",
        "started_at": "2026-11-20T02:15:00+00:00",
    }
    assert asked == {"items": [stay]}
    hear(database, registered(A), registered(B), merged(A, B))
    asked = canteen.get("/v1/inpatients", ward_id=WARD).get_json()
    assert asked == {"items": [{**stay, "patient_id": B, "mrn": "100000002"}]}
    hear(database, told(1))
    assert canteen.get("/v1/inpatients", ward_id=WARD).get_json() == {"items": []}


def test_looking_at_a_ward_is_noted_and_not_for_everybody(as_caller: AsCaller, database: Database) -> None:
    hear(database, told(0))
    assert as_caller(staff("cashier")).get("/v1/inpatients", ward_id=WARD).status_code == 403
    assert as_caller(CANTEEN).get("/v1/inpatients").status_code == 422
    as_caller(CANTEEN).get("/v1/inpatients", ward_id=WARD)
    log = store.toolbox.access_log
    with database.read() as uow:
        rows = uow.session.execute(sa.select(log)).all()
    assert [(row.subject, row.operation, str(row.patient_id)) for row in rows] == [
        ("staff:canteen", "meals.list_inpatients", A)
    ]
