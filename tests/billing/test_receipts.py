"""Receipts: numbers without gaps under load, red receipts, check codes, and who reads what."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from services.billing import store, usecases
from services.billing.domain.insurance_amounts import IdentitiesBroken
from services.billing.domain.receipt import Receipt, ReceiptContent, ReceiptKind, Seal, check_code, series_code
from services.billing.domain.receipt_errors import ReceiptTakenBack
from services.billing.providers import SEAL
from services.billing.timers import TIMERS
from shared.actor import Actor
from shared.database import Database
from shared.door import Door
from shared.settings import Settings
from tests.billing.insurer import NURSE
from tests.support.callers import FRONT_DESK, Caller, patient
from tests.support.clock import StandingClock

CASHIER = Actor(subject="staff:cashier", roles=("cashier",))
NOBODY = Actor(subject="public", roles=("public",))
SECRET = Seal("s" * 48)
CONTENT = ReceiptContent(
    total_fen=100_00,
    categories=[
        {"code": "01", "name": "床位费", "amount_fen": 90_00},
        {"code": "09", "name": "西药费", "amount_fen": 10_00},
    ],
    items=[
        {"code": "B1", "name": "床位费", "unit": "天", "quantity": "2", "unit_price": "45.00", "amount_fen": 90_00},
        {"code": "M1", "name": "阿司匹林", "unit": "盒", "quantity": "1", "unit_price": "10.00", "amount_fen": 10_00},
    ],
    prepaid_fen=80_00,
    refunded_fen=20_00,
    fund_fen=40_00,
    account_fen=10_00,
    cash_fen=50_00,
    own_share_fen=45_00,
    own_expense_fen=15_00,
    insured_kind="employee",
    psn_no="3299000001",
)
FIRE = next(timer for timer in TIMERS if timer.name == "issue receipts")


def ask(database: Database, clock: StandingClock, **changes: Any) -> dict[str, Any]:
    """A stay is settled and gets a receipt; gives what it is for."""
    about: dict[str, Any] = {"subject_id": uuid4(), "encounter_id": uuid4(), "patient_id": uuid4()}
    about |= {"kind": ReceiptKind.MEDICAL, "content": CONTENT, **changes}
    with database.write() as uow:
        usecases.request_receipt(uow, actor=NURSE, now=clock(), **about)
    return about


def issued(database: Database) -> list[Receipt]:
    """All receipts by number."""
    with database.read() as uow:
        return list(uow.session.execute(sa.select(Receipt).order_by(store.receipts.c.number)).scalars())


def fire(database: Database, clock: StandingClock, seal: Any = SECRET) -> None:
    FIRE.fire(database, clock, {SEAL: seal})


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
    [{"fund_fen": 40_01}, {"own_share_fen": 45_01}, {"categories": []}, {"items": []}, {"total_fen": 0}],
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


def correct(
    as_caller: Callable[[Actor], Caller], receipt_id: UUID, actor: Actor = CASHIER, **body: Any
) -> tuple[int, dict[str, Any]]:
    answer = as_caller(actor).post(f"/v1/receipts/{receipt_id}/correction", {"reason": "姓名写错", **body})
    return answer.status_code, answer.get_json()


def test_a_correction_is_a_red_receipt_with_its_own_number_and_a_new_blue_one(
    database: Database, clock: StandingClock, as_caller: Callable[[Actor], Caller]
) -> None:
    about = ask(database, clock)
    fire(database, clock)
    [blue] = issued(database)
    status, last = correct(as_caller, blue.id)
    assert (status, last["number"], last["is_red"], last["total"]["amount"]) == (200, "0000000003", False, "100.00")
    found = issued(database)
    assert [(each.number, each.total_fen, each.red_of, each.replaces) for each in found] == [
        (1, 100_00, None, None),
        (2, -100_00, blue.id, None),
        (3, 100_00, None, blue.id),
    ]
    shown = as_caller(patient(about["patient_id"])).get(f"/v1/stays/{about['encounter_id']}/receipts").get_json()
    assert [(each["number"][-1], each["is_red"], each["is_taken_back"]) for each in shown["items"]] == [
        ("3", False, False),
        ("2", True, False),
        ("1", False, True),
    ]
    red = as_caller(CASHIER).get(f"/v1/receipts/{found[1].id}").get_json()
    assert (red["capitals"], red["reason"]) == ("负壹佰元整", "姓名写错")
    assert [each["amount"]["amount"] for each in red["content"]["categories"]] == ["-90.00", "-10.00"]


def test_a_receipt_is_taken_back_once_and_a_red_one_never(
    database: Database, clock: StandingClock, as_caller: Callable[[Actor], Caller]
) -> None:
    ask(database, clock)
    fire(database, clock)
    [blue] = issued(database)
    assert correct(as_caller, blue.id, reissue=False)[0] == 200
    red = issued(database)[1]
    status, problem = correct(as_caller, blue.id)
    assert (status, problem["code"], problem["red_id"]) == (409, "receipt_taken_back", str(red.id))
    status, problem = correct(as_caller, red.id)
    assert (status, problem["code"]) == (409, "red_receipt_stays")
    assert correct(as_caller, uuid4())[0] == 404
    assert correct(as_caller, blue.id, reason=" ")[0] == 422
    for actor in (NURSE, FRONT_DESK, patient(uuid4())):
        assert correct(as_caller, blue.id, actor)[0] == 403
    assert len(issued(database)) == 2


def test_two_correct_one_receipt_at_once_and_one_red_receipt_stands(
    database: Database, door: Door, clock: StandingClock
) -> None:
    ask(database, clock)
    fire(database, clock)
    [blue] = issued(database)

    def attempt(_: int) -> bool:
        try:
            with database.write() as uow:
                usecases.correct_receipt(
                    uow, actor=CASHIER, now=clock(), seal=SECRET, receipt_id=blue.id, reason="重开", reissue=False
                )
        except (ReceiptTakenBack, sa.exc.IntegrityError):
            return False
        return True

    with ThreadPoolExecutor(6) as threads:
        assert sum(threads.map(attempt, range(6))) == 1
    assert [each.number for each in issued(database)] == [1, 2]


def test_anybody_checks_whether_a_receipt_is_real_and_learns_nothing_of_a_person(
    database: Database, clock: StandingClock, as_caller: Callable[[Actor], Caller]
) -> None:
    about = ask(database, clock)
    fire(database, clock)
    [blue] = issued(database)
    right = f"{blue.code}-{blue.shown_number}-{blue.check_code}"
    shown = as_caller(NOBODY).get(f"/v1/receipt-checks/{right.lower()}").get_json()
    assert shown == {
        "is_real": True,
        "kind": "medical",
        "code": "32060226",
        "number": "0000000001",
        "total": {"amount": "100.00", "currency": "CNY"},
        "is_red": False,
        "is_taken_back": False,
        "issued_at": shown["issued_at"],
    }
    nothing = dict.fromkeys(shown) | {"is_real": False, "is_red": False, "is_taken_back": False}
    wrong = "2" if blue.check_code[-1] != "2" else "3"
    for code in (right[:-1] + wrong, f"32060226-0000000002-{blue.check_code}", "1", right + "X"):
        assert as_caller(NOBODY).get(f"/v1/receipt-checks/{code}").get_json() == nothing
    correct(as_caller, blue.id)
    assert as_caller(NOBODY).get(f"/v1/receipt-checks/{right}").get_json()["is_taken_back"] is True
    assert str(about["patient_id"]) not in str(shown)


def test_a_receipt_is_read_by_who_may_pay_and_by_the_desks(
    database: Database, clock: StandingClock, as_caller: Callable[[Actor], Caller], settings: Settings
) -> None:
    about = ask(database, clock)
    path = f"/v1/stays/{about['encounter_id']}/receipts"
    assert as_caller(NURSE).get(path).get_json() == {"items": [], "pending": 1}
    fire(database, clock)
    own, other = patient(about["patient_id"]), patient(uuid4())
    [short] = as_caller(own).get(path).get_json()["items"]
    whole = as_caller(own).get(f"/v1/receipts/{short['id']}").get_json()
    assert (whole["capitals"], whole["content"]["prepaid"]["amount"]) == ("壹佰元整", "80.00")
    assert whole["content"]["items"][1]["name"] == "阿司匹林"
    for caller in (other, patient(about["patient_id"], "see")):
        assert as_caller(caller).get(path).status_code == 404
        assert as_caller(caller).get(f"/v1/receipts/{short['id']}").status_code == 404
    assert as_caller(Actor(subject="staff:canteen", roles=("canteen",))).get(path).status_code == 403
