"""Receipts: numbers without gaps under load, never changed, tried again where they fail."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa

from services.billing import store, usecases
from services.billing.domain.insurance_amounts import IdentitiesBroken
from services.billing.domain.receipt import ReceiptKind, check_code, series_code
from shared.database import Database
from tests.billing.insurer import NURSE
from tests.billing.receipts import CONTENT, SECRET, ask, fire, issued
from tests.support.clock import StandingClock


def test_a_code_has_eight_digits_and_begins_anew_each_year() -> None:
    assert series_code(ReceiptKind.MEDICAL, date(2026, 12, 31)) == "32060226"
    assert series_code(ReceiptKind.MEDICAL, date(2027, 1, 1)) == "32060227"
    assert series_code(ReceiptKind.INCOME, date(2026, 12, 31)) == "32990126"


def test_a_check_code_is_bound_to_secret_number_amount_and_time() -> None:
    about: dict[str, Any] = {"code": "32060226", "number": 7, "total_fen": 100_00}
    about["issued_at"] = datetime(2026, 11, 23, 1, tzinfo=UTC)
    made = check_code("s" * 48, **about)
    assert made == check_code("s" * 48, **about)
    assert (len(made), set(made) & set("01OI")) == (6, set())
    others = [about | {"number": 8}, about | {"total_fen": 100_01}, about | {"code": "32060227"}]
    assert made not in {check_code("s" * 48, **other) for other in others}
    assert made != check_code("t" * 48, **about)


def test_a_receipt_is_asked_for_once_and_issued_a_moment_later(database: Database, clock: StandingClock) -> None:
    about = ask(database, clock)
    ask(database, clock, **about)
    assert issued(database) == []
    fire(database, clock)
    fire(database, clock)
    [receipt] = issued(database)
    assert (receipt.code, receipt.shown_number, receipt.total_fen) == ("32060226", "0000000001", 100_00)
    assert (receipt.subject_id, receipt.issued_by, receipt.is_red) == (about["subject_id"], NURSE.subject, False)
    assert receipt.check_code == SECRET.mark(code="32060226", number=1, total_fen=100_00, issued_at=receipt.issued_at)


def test_medical_fees_and_meals_are_numbered_apart(database: Database, clock: StandingClock) -> None:
    about = ask(database, clock)
    ask(database, clock, **about | {"kind": ReceiptKind.INCOME})
    ask(database, clock)
    fire(database, clock)
    assert sorted((each.code, each.number) for each in issued(database)) == [
        ("32060226", 1),
        ("32060226", 2),
        ("32990126", 1),
    ]


@pytest.mark.parametrize(
    "changes",
    [{"fund_fen": 40_01}, {"own_share_fen": 45_01}, {"categories": []}, {"items": CONTENT.items[:1]}, {"total_fen": 0}],
    ids=["total", "own part", "categories", "items", "all"],
)
def test_what_does_not_add_up_gets_no_receipt(
    database: Database, clock: StandingClock, changes: dict[str, Any]
) -> None:
    with pytest.raises(IdentitiesBroken):
        ask(database, clock, content=replace(CONTENT, **changes))
    fire(database, clock)
    assert issued(database) == []


class BrokenSeal:
    """A seal that fails as often as it is told."""

    def __init__(self, times: int) -> None:
        self.left = times

    def mark(self, **about: Any) -> str:
        self.left -= 1
        if self.left >= 0:
            raise RuntimeError("no ink")
        return SECRET.mark(**about)


def test_a_receipt_that_fails_is_tried_again_and_leaves_no_gap(database: Database, clock: StandingClock) -> None:
    ask(database, clock)
    seal = BrokenSeal(2)
    for _ in range(2):
        with pytest.raises(RuntimeError):
            fire(database, clock, seal)
        clock.advance(seconds=60)
    ask(database, clock)
    fire(database, clock, seal)
    assert [each.number for each in issued(database)] == [1, 2]


class ChangedHerMind(Exception):
    """The transaction ends after its number was given."""


def think_again(number: int) -> None:
    if number % 3 == 0:
        raise ChangedHerMind


def test_two_hundred_at_once_with_every_third_undone_are_numbered_without_a_gap(
    database: Database, clock: StandingClock
) -> None:
    def one(number: int) -> bool:
        about: dict[str, Any] = {"subject_id": uuid4(), "encounter_id": uuid4(), "patient_id": uuid4()}
        try:
            with database.write() as uow:
                usecases.issue_receipt(
                    uow,
                    kind=ReceiptKind.MEDICAL,
                    content=CONTENT,
                    issued_by="staff:cashier",
                    seal=SECRET,
                    now=clock(),
                    **about,
                )
                think_again(number)
        except ChangedHerMind:
            return False
        return True

    with ThreadPoolExecutor(12) as threads:
        done = sum(threads.map(one, range(300)))
    assert done == 200
    assert [each.number for each in issued(database)] == list(range(1, 201))


def test_the_database_keeps_gaps_changes_and_repetitions_out(database: Database, clock: StandingClock) -> None:
    ask(database, clock)
    fire(database, clock)
    with database.read() as uow:
        row = dict(uow.session.execute(sa.select(store.receipts)).mappings().one())
    for wrong in ({"number": 3, "previous": 2}, {"number": 2, "previous": None}, {}):
        with pytest.raises(sa.exc.IntegrityError), database.write() as uow:
            uow.session.execute(store.receipts.insert().values({**row, "id": uuid4(), **wrong}))
    for change in (store.receipts.update().values(total_fen=1), store.receipts.delete()):
        with pytest.raises(sa.exc.DBAPIError, match="append_only"), database.write() as uow:
            uow.session.execute(change)
    assert [each.total_fen for each in issued(database)] == [100_00]
