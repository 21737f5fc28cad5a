"""Every inpatient stay has one account, whatever order its news comes in."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from services.billing import store
from services.billing.consumers import SUBSCRIPTIONS
from services.billing.domain import AccountState, account_state
from shared.clock import from_iso
from shared.database import Database
from tests.billing.factories import hear
from tests.support.callers import FRONT_DESK, patient
from tests.support.clock import MONDAY_MORNING

CONTRACTS = Path(__file__).parents[2] / "shared" / "contracts"
WHATS = ("admitted", "transferred", "discharged", "discharge_cancelled", "transfer_cancelled", "admission_cancelled")
STAYS = [f"records.encounter_{each}.v1" for each in WHATS]
STARTED, ENDED = from_iso("2026-11-20T02:15:00Z"), from_iso("2026-11-23T02:00:00Z")


def golden(position: int) -> dict[str, Any]:
    """The data of one of the six facts of a stay, in the order in which they happened."""
    data: dict[str, Any] = json.loads((CONTRACTS / f"{STAYS[position]}.json").read_text(encoding="utf-8"))["data"]
    return data


def tell(database: Database, *positions: int, **changes: Any) -> None:
    for position in positions:
        hear(database, STAYS[position], golden(position) | changes, MONDAY_MORNING)


def accounts(database: Database) -> list[tuple[Any, ...]]:
    table = store.accounts
    query = sa.select(table.c.state, table.c.opened_at, table.c.closed_at, table.c.stay_version)
    with database.read() as uow:
        return [tuple(row) for row in uow.session.execute(query.order_by(table.c.encounter_id))]


def test_every_fact_of_a_stay_is_heard() -> None:
    assert set(STAYS) == {each for each in SUBSCRIPTIONS if ".encounter_" in each}


@pytest.mark.parametrize(
    ("stay", "account"), [("in_progress", "open"), ("finished", "closed"), ("cancelled", "closed")]
)
def test_an_account_is_open_as_long_as_the_stay_goes_on(stay: str, account: str) -> None:
    assert account_state(stay) is AccountState(account)


@pytest.mark.parametrize(
    ("heard", "expected"),
    [
        (1, ("open", STARTED, None, 1)),
        (2, ("open", STARTED, None, 2)),
        (3, ("closed", STARTED, ENDED, 3)),
        (4, ("open", STARTED, None, 4)),
        (5, ("open", STARTED, None, 5)),
        (6, ("closed", STARTED, from_iso("2026-11-23T02:07:00Z"), 6)),
    ],
)
def test_an_account_follows_its_stay(database: Database, heard: int, expected: Any) -> None:
    tell(database, *range(heard))
    assert accounts(database) == [expected]


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_whatever_comes_first_the_newest_counts(database: Database, order: tuple[int, ...]) -> None:
    tell(database, *order, *order)
    assert accounts(database) == [("closed", STARTED, ENDED, 3)]


def test_a_stay_whose_admission_was_never_told_has_an_account_too(database: Database) -> None:
    tell(database, 2, started_at=None, version=1)
    assert accounts(database) == [("closed", None, ENDED, 1)]


@pytest.mark.parametrize("class_", ["AMB", "EMER"])
def test_who_is_no_inpatient_has_none(database: Database, class_: str) -> None:
    tell(database, 0, encounter_class=class_)
    assert accounts(database) == []


def test_two_stays_have_two_accounts(database: Database) -> None:
    tell(database, 0)
    tell(database, 0, encounter_id=str(uuid4()))
    assert len(accounts(database)) == 2


def test_an_account_keeps_its_number_through_the_stay(database: Database) -> None:
    def ids() -> list[UUID]:
        with database.read() as uow:
            return list(uow.session.scalars(sa.select(store.accounts.c.id)))

    tell(database, 0)
    first = ids()
    tell(database, 1, 2)
    assert ids() == first


def test_the_window_and_the_patient_see_the_account_and_nobody_else(as_caller: Any, database: Database) -> None:
    tell(database, 0)
    own = UUID(golden(0)["patient_id"])
    expected = {
        "encounter_id": golden(0)["encounter_id"],
        "patient_id": str(own),
        "state": "open",
        "opened_at": "2026-11-20T02:15:00+00:00",
        "closed_at": None,
    }
    for caller in (as_caller(FRONT_DESK), as_caller(patient(own))):
        [item] = caller.get("/v1/accounts", patient_id=str(own), state="open").get_json()["items"]
        assert {name: value for name, value in item.items() if name != "id"} == expected
    assert as_caller(FRONT_DESK).get("/v1/accounts", state="closed").get_json() == {"items": []}
    assert as_caller(patient(uuid4())).get("/v1/accounts", patient_id=str(own)).status_code == 404
