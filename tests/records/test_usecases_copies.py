"""A request for copies, through the use cases: filled in, sent, reviewed, and what is refused on the way."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.records.domain.copies import Delivery
from services.records.domain.copy_eligibility import HoldKind
from services.records.domain.copy_papers import ApplicantKind
from services.records.domain.copy_prices import CopyTerms
from services.records.domain.copy_refusals import (
    AddressInvalid,
    AgentIsPatient,
    AgentNeeded,
    AgentNotVerified,
    CopyConsentNeeded,
    CopyContentsNeeded,
    CopyDeliveryNeeded,
    CopyPaperMissing,
    CopyPriceChanged,
    CopyRequestExists,
    MandateNeeded,
    MandateOutOfDate,
    RecordHoldExists,
    RecordHoldMissing,
    RecordSealed,
    StayNotDischarged,
)
from services.records.usecases import copies
from shared.door import Door
from shared.errors import DomainError, NotFound, NotYours
from tests.records.copying import (
    ADDRESS,
    ELSEWHERE,
    OFFICER,
    PARTS,
    copy_facts,
    father_and_son,
    filled,
    now_of,
    papers,
    price,
    says_no,
    send_photo,
    start,
    stay_of,
    submit,
)
from tests.records.people import SEALER, child, do, facts, register, take
from tests.records.stays import admit, bed
from tests.support.callers import patient

SON = "account:son"
FATHER = "account:father"


def test_a_patient_fills_in_sends_and_is_billed(door: Door) -> None:
    wang, _ = father_and_son(door)
    me = patient(wang.id)
    draft = filled(door, me, stay_of(door, wang.id), address=ADDRESS)
    assert (draft.state, len(draft.number), price(door, draft)) == ("draft", 8, 750 + 1500)
    request = submit(door, me, draft)
    assert (request.state, request.amount_fen, request.postage_fen, request.page_fen) == (
        *("awaiting_payment", 2250),
        *(1500, 50),
    )
    assert copy_facts(door) == ["moved", "submitted"]
    fact = facts(door)[-1]
    assert (fact["patient_id"], fact["amount_fen"], fact["text_zh"]) == (str(wang.id), 2250, "病历复印预付款，1 份")


def test_a_draft_is_kept_and_found_again(door: Door) -> None:
    wang, _ = father_and_son(door)
    me, stay = patient(wang.id), stay_of(door, wang.id)
    draft = start(door, me, stay)
    send_photo(door, me, draft.id, "patient_id_front")
    again = start(door, me, stay)
    assert (again.id, len(papers(door, again))) == (draft.id, 1)
    assert start(door, patient(wang.id, account=FATHER), stay).id != draft.id


def test_an_agent_applies_and_pays_with_a_mandate(door: Door) -> None:
    father, son = father_and_son(door)
    for_father, as_son = patient(father.id, account=SON), patient(son.id, account=SON)
    draft = filled(door, for_father, stay_of(door, father.id), agent=as_son)
    request = submit(door, for_father, draft)
    assert (request.applicant_kind, request.patient_id, request.applicant_id) == ("agent", father.id, son.id)
    assert request.mandate is not None
    assert (request.mandate["parts"], request.mandate["purpose"], request.mandate["valid_until"]) == (
        *(PARTS, "REIMBURSEMENT"),
        "2026-12-23",
    )
    assert facts(door)[-1]["patient_id"] == str(son.id)


def test_a_request_for_an_unfinished_record_is_taken_with_its_day(door: Door) -> None:
    wang, _ = father_and_son(door)
    me = patient(wang.id)
    request = submit(door, me, filled(door, me, stay_of(door, wang.id, days=timedelta(days=1))))
    assert (request.state, request.copy_from) == ("awaiting_payment", date(2026, 12, 4))


def test_only_a_discharged_stay_of_ones_own_is_begun(door: Door) -> None:
    wang, other = father_and_son(door)
    me = patient(wang.id)
    open_stay = admit(door, wang.id, bed("07"))
    kind = ApplicantKind.PATIENT
    says_no(
        door, StayNotDischarged, copies.start_copy_request, actor=me, encounter_id=open_stay.id, applicant_kind=kind
    )
    for actor in (patient(other.id), patient(wang.id, "see"), patient(wang.id, "see", "pay")):
        says_no(door, NotYours, copies.start_copy_request, actor=actor, encounter_id=open_stay.id, applicant_kind=kind)
    nowhere = UUID(int=7)
    says_no(door, NotFound, copies.start_copy_request, actor=me, encounter_id=nowhere, applicant_kind=kind)


def test_a_childs_record_is_for_the_window(door: Door) -> None:
    little = register(door, child())
    stay = stay_of(door, little.id)
    error = says_no(
        door,
        DomainError,
        copies.start_copy_request,
        actor=patient(little.id),
        encounter_id=stay,
        applicant_kind=ApplicantKind.PATIENT,
    )
    assert error.code == "copy_of_minor_at_window"


def test_a_sealed_record_goes_to_the_medical_affairs_office(door: Door) -> None:
    wang, _ = father_and_son(door)
    me, stay = patient(wang.id), stay_of(door, wang.id)
    draft = filled(door, me, stay)
    do(door, copies.place_record_hold, actor=OFFICER, encounter_id=stay, kind=HoldKind.SEALED)
    says_no(
        door, RecordSealed, copies.start_copy_request, actor=me, encounter_id=stay, applicant_kind=ApplicantKind.PATIENT
    )
    consents = {"identity_photos": 1, "copying_without_presence": 1}
    says_no(
        door,
        RecordSealed,
        copies.submit_copy_request,
        actor=me,
        request_id=draft.id,
        amount_fen=750,
        consents=consents,
    )
    says_no(door, RecordHoldExists, copies.place_record_hold, actor=OFFICER, encounter_id=stay, kind=HoldKind.SEALED)
    do(door, copies.lift_record_hold, actor=OFFICER, encounter_id=stay, kind=HoldKind.SEALED)
    says_no(door, RecordHoldMissing, copies.lift_record_hold, actor=OFFICER, encounter_id=stay, kind=HoldKind.SEALED)
    assert submit(door, me, draft).state == "awaiting_payment"


def test_an_agent_is_a_grown_up_whom_the_hospital_has_seen(door: Door) -> None:
    father, _ = father_and_son(door)
    draft = start(door, patient(father.id), stay_of(door, father.id), ApplicantKind.AGENT)
    unseen = take(door).patient_id
    little = register(door, child())
    for actor, refusal in (
        (patient(father.id), AgentIsPatient),
        (patient(unseen), AgentNotVerified),
        (patient(little.id), AgentNotVerified),
        (patient(father.id, "see"), AgentNeeded),
        (patient(little.id, account="account:two"), NotYours),
    ):
        says_no(door, refusal, copies.name_agent, actor=actor, request_id=draft.id)


@pytest.mark.parametrize(
    ("leave_out", "refusal"),
    [
        ("contents", CopyContentsNeeded),
        ("delivery", CopyDeliveryNeeded),
        ("mandate", MandateNeeded),
        ("photo", CopyPaperMissing),
    ],
)
def test_nothing_may_be_missing(door: Door, leave_out: str, refusal: type[DomainError]) -> None:
    father, son = father_and_son(door)
    for_father, as_son = patient(father.id), patient(son.id)
    draft = start(door, for_father, stay_of(door, father.id), ApplicantKind.AGENT)
    of: dict[str, Any] = {"actor": for_father, "request_id": draft.id}
    consents = {"identity_photos": 1, "copying_without_presence": 1}
    everything_agreed = {**of, "amount_fen": 750, "consents": consents}
    if leave_out != "contents":
        do(door, copies.choose_copy_contents, **of, purpose="REIMBURSEMENT", parts=PARTS, copies=1)
    if leave_out != "delivery":
        do(door, copies.choose_copy_delivery, **of, sealer=SEALER, delivery=Delivery.PICK_UP)
    if leave_out in {"mandate", "photo"}:
        says_no(door, AgentNeeded, copies.submit_copy_request, **everything_agreed)
        do(door, copies.name_agent, actor=as_son, request_id=draft.id)
    if leave_out == "photo":
        until = door.clock().date()
        do(door, copies.sign_mandate, **of, valid_until=until, text_version=1)
        for each in ("patient_id_front", "patient_id_back", "agent_id_front", "agent_id_back", "agent_holding"):
            send_photo(door, for_father, draft.id, each)
    error = says_no(door, refusal, copies.submit_copy_request, **everything_agreed)
    if leave_out == "photo":
        assert error.facts == {"papers": ["mandate_signature"]}


def test_consents_and_the_price_that_was_shown(door: Door) -> None:
    wang, _ = father_and_son(door)
    me = patient(wang.id)
    draft = filled(door, me, stay_of(door, wang.id), address=ELSEWHERE)
    of: dict[str, Any] = {"actor": me, "request_id": draft.id}
    agreed = {"identity_photos": 1, "copying_without_presence": 1}
    error = says_no(
        door, CopyConsentNeeded, copies.submit_copy_request, **of, amount_fen=2950, consents={"identity_photos": 1}
    )
    assert error.facts == {"consents": ["copying_without_presence"]}
    older = {**agreed, "identity_photos": 0}
    says_no(door, CopyConsentNeeded, copies.submit_copy_request, **of, amount_fen=2950, consents=older)
    error = says_no(door, CopyPriceChanged, copies.submit_copy_request, **of, amount_fen=2250, consents=agreed)
    assert error.facts == {"amount_fen": 2950}
    do(door, copies.set_copy_terms, actor=OFFICER, terms=CopyTerms(valid_from=door.clock().date(), page_fen=100))
    error = says_no(door, CopyPriceChanged, copies.submit_copy_request, **of, amount_fen=2950, consents=agreed)
    assert error.facts == {"amount_fen": 1500 + 2200}


def test_the_same_parts_are_not_asked_for_twice_while_one_is_open(door: Door) -> None:
    father, son = father_and_son(door)
    me, stay = patient(father.id, account=FATHER), stay_of(door, father.id)
    first = submit(door, me, filled(door, me, stay))
    twin = filled(door, patient(father.id, account=SON), stay, agent=patient(son.id, account=SON))
    error = says_no(
        door,
        CopyRequestExists,
        copies.submit_copy_request,
        actor=patient(father.id, account=SON),
        request_id=twin.id,
        amount_fen=750,
        consents={"identity_photos": 1, "copying_without_presence": 1},
    )
    assert error.facts == {"request_id": first.id}
    do(door, copies.withdraw_copy_request, actor=me, request_id=first.id)
    assert submit(door, patient(father.id, account=SON), twin).state == "awaiting_payment"


def test_other_contents_make_the_mandate_worth_nothing(door: Door) -> None:
    father, son = father_and_son(door)
    for_father = patient(father.id)
    draft = filled(door, for_father, stay_of(door, father.id), agent=patient(son.id))
    of: dict[str, Any] = {"actor": for_father, "request_id": draft.id}
    do(door, copies.choose_copy_contents, **of, purpose="REIMBURSEMENT", parts=PARTS, copies=2)
    assert now_of(door, draft).mandate is not None
    do(door, copies.choose_copy_contents, **of, purpose="LITIGATION", parts=PARTS, copies=2)
    assert now_of(door, draft).mandate is None
    gone = [(each.kind, each.deleted_because) for each in papers(door, draft) if each.deleted_at]
    assert gone == [("mandate_signature", "scope_changed")]


@pytest.mark.parametrize("days", [-1, 366])
def test_a_mandate_is_good_for_a_year_at_most(door: Door, days: int) -> None:
    father, son = father_and_son(door)
    draft = filled(door, patient(father.id), stay_of(door, father.id), agent=patient(son.id))
    until = door.clock().date() + timedelta(days=days)
    says_no(
        door,
        MandateOutOfDate,
        copies.sign_mandate,
        actor=patient(father.id),
        request_id=draft.id,
        valid_until=until,
        text_version=1,
    )


def test_an_address_is_sealed_and_a_wrong_one_is_refused(door: Door) -> None:
    wang, _ = father_and_son(door)
    me = patient(wang.id)
    draft = filled(door, me, stay_of(door, wang.id), address=ADDRESS)
    kept = now_of(door, draft)
    assert kept.sealed is not None
    assert "和平路".encode() not in kept.sealed
    assert copies.address_of(kept, SEALER).street == "和平路 1 号 2 单元"
    error = says_no(
        door,
        AddressInvalid,
        copies.choose_copy_delivery,
        actor=me,
        sealer=SEALER,
        request_id=draft.id,
        delivery=Delivery.POST,
        address={**ADDRESS, "street": ""},
    )
    assert error.facts == {"member": "street"}
