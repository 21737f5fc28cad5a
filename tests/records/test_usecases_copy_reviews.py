"""The records office decides on requests for copies, applicants mend and withdraw, patients object."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from services.records.domain.copies import Delivery
from services.records.domain.copy_eligibility import HoldKind
from services.records.domain.copy_refusals import (
    CopyAlreadyDecided,
    CopyObjectionNotYours,
    CopyObjectionTooLate,
    CopyPaperMissing,
    CopyPaperUnknown,
    CopyReasonUnknown,
    CopyRequestMovedOn,
    CopyWithdrawalTooLate,
    MandateOutOfDate,
    RecordSealed,
)
from services.records.usecases import copies
from shared.door import Door
from shared.errors import NotYours
from tests.records.copying import (
    ADDRESS,
    ELSEWHERE,
    OFFICER,
    acts,
    approved,
    by_office,
    copy_facts,
    father_and_son,
    in_review,
    now_of,
    papers,
    says_no,
    send_photo,
    stay_of,
)
from tests.records.people import SEALER, do
from tests.support.callers import patient
from tests.support.clock import StandingClock

SON = "account:son"
FATHER = "account:father"


def test_an_officer_approves_and_the_office_sends(door: Door) -> None:
    wang, _ = father_and_son(door)
    request = approved(door, patient(wang.id), stay_of(door, wang.id), address=ADDRESS)
    assert request.packet_started_at is None  # as it was when it was sent
    assert now_of(door, request).packet_started_at == door.clock()
    by_office(door, copies.packet_measured, request, pages=11)
    by_office(door, copies.sent, request)
    by_office(door, copies.returned, request)
    by_office(door, copies.sent, request)
    by_office(door, copies.delivered, request)
    assert acts(door, request) == [
        *("submit", "pay", "approve", "measure_covered", "send", "return", "send", "deliver"),
    ]
    ended = now_of(door, request)
    assert (ended.state, ended.pages, ended.final_fen) == ("delivered", 11, 550 + 1500)
    assert ended.photos_until == door.clock() + timedelta(days=30)


def test_a_correction_is_mended_without_a_new_request(door: Door, clock: StandingClock) -> None:
    wang, _ = father_and_son(door)
    me = patient(wang.id)
    request = in_review(door, me, stay_of(door, wang.id), address=ADDRESS)
    asked: dict[str, Any] = {"actor": OFFICER, "request_id": request.id, "round_": 1, "words": "有反光，换个方向再拍。"}
    says_no(door, CopyReasonUnknown, copies.ask_copy_correction, **asked, reason="applicant_not_qualified", papers=[])
    says_no(
        door,
        CopyPaperUnknown,
        copies.ask_copy_correction,
        **asked,
        reason="photo_unreadable",
        papers=["agent_id_front"],
    )
    do(door, copies.ask_copy_correction, **asked, reason="photo_unreadable", papers=["patient_id_back"])
    clock.advance(hours=1)
    of: dict[str, Any] = {"actor": me, "request_id": request.id}
    error = says_no(door, CopyPaperMissing, copies.supplement_copy_request, **of)
    assert error.facts == {"papers": ["patient_id_back"]}
    send_photo(door, me, request.id, "patient_id_back")
    do(door, copies.choose_copy_delivery, **of, sealer=SEALER, delivery=Delivery.PICK_UP, address=ELSEWHERE)
    do(door, copies.supplement_copy_request, **of)
    mended = now_of(door, request)
    assert (mended.state, mended.round, mended.postage_fen, mended.amount_fen) == ("in_review", 2, 2200, 2250)
    assert [each.deleted_because for each in papers(door, request) if each.deleted_at] == ["replaced"]
    says_no(door, CopyRequestMovedOn, copies.supplement_copy_request, **of)
    says_no(door, CopyAlreadyDecided, copies.approve_copy_request, actor=OFFICER, request_id=request.id, round_=1)
    do(door, copies.approve_copy_request, actor=OFFICER, request_id=request.id, round_=2)


def test_contents_are_not_changed_after_they_are_paid_for(door: Door) -> None:
    wang, _ = father_and_son(door)
    me = patient(wang.id)
    request = in_review(door, me, stay_of(door, wang.id))
    of: dict[str, Any] = {"actor": me, "request_id": request.id}
    contents = {"purpose": "OWN_USE", "parts": ["FEES"], "copies": 5}
    says_no(door, CopyRequestMovedOn, copies.choose_copy_contents, **of, **contents)
    says_no(door, CopyRequestMovedOn, copies.choose_copy_delivery, **of, sealer=SEALER, delivery=Delivery.PICK_UP)


def test_a_refusal_gives_the_money_back(door: Door) -> None:
    wang, _ = father_and_son(door)
    request = in_review(door, patient(wang.id), stay_of(door, wang.id))
    of: dict[str, Any] = {"actor": OFFICER, "request_id": request.id, "round_": 1}
    says_no(door, CopyReasonUnknown, copies.refuse_copy_request, **of, reason="no_reason", words="不行。")
    do(door, copies.refuse_copy_request, **of, reason="relation_proof_missing", words="请带户口簿来。")
    assert (now_of(door, request).state, copy_facts(door)[-2:]) == ("refused", ["moved", "refused"])
    says_no(door, CopyAlreadyDecided, copies.approve_copy_request, **of)


def test_an_approval_is_refused_when_the_mandate_has_run_out_or_the_record_was_sealed(
    door: Door, clock: StandingClock
) -> None:
    father, son = father_and_son(door)
    stay = stay_of(door, father.id)
    request = in_review(door, patient(father.id), stay, agent=patient(son.id))
    of: dict[str, Any] = {"actor": OFFICER, "request_id": request.id, "round_": 1}
    do(door, copies.place_record_hold, actor=OFFICER, encounter_id=stay, kind=HoldKind.DISPUTED)
    says_no(door, RecordSealed, copies.approve_copy_request, **of)
    do(door, copies.lift_record_hold, actor=OFFICER, encounter_id=stay, kind=HoldKind.DISPUTED)
    clock.advance(days=31)
    says_no(door, MandateOutOfDate, copies.approve_copy_request, **of)


def test_nobody_withdraws_once_copies_are_being_made(door: Door) -> None:
    wang, other = father_and_son(door)
    me = patient(wang.id)
    request = approved(door, me, stay_of(door, wang.id))
    says_no(door, CopyWithdrawalTooLate, copies.withdraw_copy_request, actor=me, request_id=request.id)
    says_no(door, NotYours, copies.withdraw_copy_request, actor=patient(other.id, account=SON), request_id=request.id)


def test_the_patient_stops_an_agents_request(door: Door) -> None:
    father, son = father_and_son(door)
    for_father = patient(father.id, account=SON)
    request = in_review(door, for_father, stay_of(door, father.id), agent=patient(son.id, account=SON))
    stop: dict[str, Any] = {"request_id": request.id}
    says_no(door, CopyObjectionNotYours, copies.object_to_copy_request, actor=for_father, **stop)
    says_no(door, NotYours, copies.object_to_copy_request, actor=patient(son.id, account="account:other"), **stop)
    do(door, copies.object_to_copy_request, actor=patient(father.id, account=FATHER), **stop)
    ended = now_of(door, request)
    assert (ended.state, ended.steps[-1].reason) == ("refused", "patient_objected")
    assert copy_facts(door)[-2:] == ["moved", "refused"]
    too_late = {"actor": patient(father.id, account=FATHER), **stop}
    says_no(door, CopyObjectionTooLate, copies.object_to_copy_request, **too_late)


def test_a_patient_does_not_object_to_their_own_request(door: Door) -> None:
    wang, _ = father_and_son(door)
    request = in_review(door, patient(wang.id), stay_of(door, wang.id))
    other = patient(wang.id, account="account:daughter")
    says_no(door, CopyObjectionNotYours, copies.object_to_copy_request, actor=other, request_id=request.id)
