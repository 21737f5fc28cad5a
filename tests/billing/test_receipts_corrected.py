"""Receipts: corrected by red ones, checked by anybody, read by who may."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa

from services.billing import usecases
from services.billing.domain.receipt_errors import ReceiptTakenBack
from shared.actor import Actor
from shared.database import Database
from shared.door import Door
from shared.settings import Settings
from tests.billing.insurer import NURSE
from tests.billing.receipts import CASHIER, NOBODY, SECRET, ask, fire, issued
from tests.support.callers import FRONT_DESK, Caller, patient
from tests.support.clock import StandingClock


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
