"""The money for copies as records hears of it: in any order, as often as it comes; and two at one moment."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from itertools import permutations
from typing import Any

import pytest
import sqlalchemy as sa

from services.records import store
from services.records.usecases import copies
from shared.door import Door
from shared.errors import DomainError
from tests.records.copying import (
    ADDRESS,
    BILLING,
    OFFICER,
    SECOND_OFFICER,
    approved,
    by_office,
    copy_facts,
    father_and_son,
    filled,
    hear,
    in_review,
    now_of,
    papers,
    pay,
    stay_of,
    submit,
)
from tests.records.people import do, everything, facts
from tests.records.test_concurrency import at_once
from tests.records.test_concurrency_stays import outcomes
from tests.support.callers import patient
from tests.support.clock import StandingClock

BILLS = {
    "issued": copies.note_invoice,
    "paid": copies.note_payment,
    "cancelled": copies.note_cancelled_invoice,
    "refunded": copies.note_refund,
}


def lapse(door: Door) -> int:
    with door.database.write() as uow:
        return copies.lapse_unpaid_requests(uow, now=door.clock(), limit=100)


def test_billing_decides_whether_a_request_has_expired(door: Door, clock: StandingClock) -> None:
    wang, _ = father_and_son(door)
    me = patient(wang.id)
    request = submit(door, me, filled(door, me, stay_of(door, wang.id)))
    clock.advance(hours=24, seconds=-1)
    assert lapse(door) == 0
    clock.advance(seconds=1)
    assert (lapse(door), lapse(door)) == (1, 0)
    assert (now_of(door, request).state, copy_facts(door)[-1]) == ("awaiting_payment", "lapsed")
    hear(door, copies.note_cancelled_invoice, billed_kind="copy_request", billed_id=request.id)
    assert now_of(door, request).state == "expired"
    assert {each.deleted_because for each in papers(door, request)} == {"expired"}


def test_who_pays_in_time_is_reviewed_however_late_it_is_heard(door: Door, clock: StandingClock) -> None:
    wang, _ = father_and_son(door)
    me = patient(wang.id)
    request = submit(door, me, filled(door, me, stay_of(door, wang.id)))
    clock.advance(hours=25)
    lapse(door)
    pay(door, request)
    paid = now_of(door, request)
    assert (paid.state, paid.round) == ("in_review", 1)
    assert paid.review_by == clock().date() + timedelta(days=3)


@pytest.mark.parametrize("order", list(permutations(["issued", "paid", "refunded"])), ids="-".join)
def test_facts_may_come_in_any_order(door: Door, order: tuple[str, ...]) -> None:
    wang, _ = father_and_son(door)
    me = patient(wang.id)
    request = submit(door, me, filled(door, me, stay_of(door, wang.id)))
    for name in order:
        hear(door, BILLS[name], billed_kind="copy_request", billed_id=request.id, amount_fen=750)
    assert now_of(door, request).state == "in_review"


def test_a_payment_after_the_end_changes_nothing(door: Door) -> None:
    wang, _ = father_and_son(door)
    me = patient(wang.id)
    request = submit(door, me, filled(door, me, stay_of(door, wang.id)))
    do(door, copies.withdraw_copy_request, actor=me, request_id=request.id)
    assert copy_facts(door)[-2:] == ["moved", "withdrawn"]
    before = everything(door)
    for name in ("issued", "paid", "cancelled"):
        hear(door, BILLS[name], billed_kind="copy_request", billed_id=request.id, amount_fen=750)
    assert everything(door) == before


def test_bills_of_anything_else_are_passed_over(door: Door) -> None:
    wang, _ = father_and_son(door)
    before = everything(door)
    for name, kind, billed in (
        ("paid", "appointment", wang.id),
        ("paid", None, None),
        ("paid", "copy_request", wang.id),
    ):
        hear(door, BILLS[name], billed_kind=kind, billed_id=billed, amount_fen=1)
    assert everything(door) == before


@pytest.mark.parametrize(
    ("pages", "state", "final"), [(15, "ready", 2250), (11, "ready", 2050), (16, "awaiting_top_up", 2300)]
)
def test_real_pages_settle_the_price(door: Door, pages: int, state: str, final: int) -> None:
    wang, _ = father_and_son(door)
    request = approved(door, patient(wang.id), stay_of(door, wang.id), address=ADDRESS)
    by_office(door, copies.packet_measured, request, pages=pages)
    measured = now_of(door, request)
    assert (measured.state, measured.pages, measured.final_fen) == (state, pages, final)
    fact = facts(door)[-1]
    assert (fact["type"], fact["final_fen"], fact["patient_id"]) == (
        *("records.copy_request_measured.v1", final),
        str(wang.id),
    )


def test_what_is_short_is_paid_before_anything_is_sent(door: Door) -> None:
    wang, _ = father_and_son(door)
    request = approved(door, patient(wang.id), stay_of(door, wang.id), address=ADDRESS)
    by_office(door, copies.packet_measured, request, pages=16)
    with pytest.raises(DomainError) as caught:
        by_office(door, copies.sent, request)
    assert caught.value.code == "copy_request_moved_on"
    rest: dict[str, Any] = {"billed_kind": "copy_top_up", "billed_id": request.id, "amount_fen": 50}
    hear(door, copies.note_invoice, **rest)
    hear(door, copies.note_payment, **rest)
    hear(door, copies.note_payment, **rest)
    assert [each.act for each in now_of(door, request).steps][-3:] == ["measure_short", "top_up_issued", "top_up"]
    assert by_office(door, copies.sent, request).state == "sent"


# ----------------------------------------------------------------------------------------------------- at one moment


def decisions(door: Door) -> list[tuple[str, int]]:
    table = store.copies.copy_decisions
    with door.database.read() as uow:
        return [(row.decision, row.round) for row in uow.session.execute(sa.select(table))]


def test_two_officers_at_once_make_one_decision(door: Door) -> None:
    wang, _ = father_and_son(door)
    request = in_review(door, patient(wang.id), stay_of(door, wang.id))
    of: dict[str, Any] = {"request_id": request.id, "round_": 1}
    why = {"reason": "photo_unreadable", "words": "看不清。"}
    results = at_once(
        [
            partial(do, door, copies.approve_copy_request, actor=OFFICER, **of),
            partial(do, door, copies.refuse_copy_request, actor=SECOND_OFFICER, **of, **why),
            partial(do, door, copies.ask_copy_correction, actor=OFFICER, **of, **why),
            partial(do, door, copies.approve_copy_request, actor=SECOND_OFFICER, **of),
        ]
    )
    assert outcomes(results) == {"CopyRequest": 1, "copy_already_decided": 3}
    assert len(decisions(door)) == 1
    assert len([each for each in copy_facts(door) if each == "moved"]) == 3


def test_an_approval_and_a_withdrawal_at_once(door: Door) -> None:
    wang, _ = father_and_son(door)
    me = patient(wang.id)
    request = in_review(door, me, stay_of(door, wang.id))
    results = at_once(
        [
            partial(do, door, copies.approve_copy_request, actor=OFFICER, request_id=request.id, round_=1),
            partial(do, door, copies.withdraw_copy_request, actor=me, request_id=request.id),
        ]
    )
    assert outcomes(results) in (
        {"CopyRequest": 1, "copy_already_decided": 1},
        {"CopyRequest": 1, "copy_withdrawal_too_late": 1},
    )
    assert ("withdrawn" in copy_facts(door)) == (now_of(door, request).state == "withdrawn")


def test_two_who_ask_for_the_same_at_once_get_one_request(door: Door) -> None:
    father, son = father_and_son(door)
    stay = stay_of(door, father.id)
    mine, his = patient(father.id, account="account:father"), patient(father.id, account="account:son")
    drafts = [filled(door, mine, stay), filled(door, his, stay, agent=patient(son.id, account="account:son"))]
    results = at_once([partial(submit, door, actor, draft) for actor, draft in zip((mine, his), drafts, strict=True)])
    assert outcomes(results) == {"CopyRequest": 1, "copy_request_exists": 1}
    assert copy_facts(door).count("submitted") == 1


def test_a_payment_heard_twice_at_once_begins_one_review(door: Door) -> None:
    wang, _ = father_and_son(door)
    me = patient(wang.id)
    request = submit(door, me, filled(door, me, stay_of(door, wang.id)))
    at_once([partial(pay, door, request)] * 4)
    assert [each.act for each in now_of(door, request).steps] == ["submit", "pay"]
    assert BILLING.subject == now_of(door, request).steps[-1].by
