"""Filling in a request: started from a stay, changed as often as wanted, kept while nobody sends it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from services.records import store
from services.records.domain import Patient, PatientNotVerified, age, code_from
from services.records.domain.addresses import PostalAddress
from services.records.domain.copies import CopyRequest, CopyState, Delivery
from services.records.domain.copy_eligibility import GROWN_UP, check_grown_up, copy_from
from services.records.domain.copy_papers import ApplicantKind, PaperEnd, PaperKind
from services.records.domain.copy_parts import parts_of, purpose_of
from services.records.domain.copy_refusals import (
    AgentIsPatient,
    AgentNeeded,
    AgentNotVerified,
    CopyContentsNeeded,
    MandateOutOfDate,
)
from services.records.store import copies
from services.records.usecases.copies.access import lock_own, lock_stay_to_copy
from shared.actor import Actor
from shared.clock import hospital_day
from shared.database import UnitOfWork
from shared.errors import NotFound, NotYours
from shared.sealing import Sealer

LONGEST_MANDATE = timedelta(days=365)


def start_copy_request(
    uow: UnitOfWork, *, actor: Actor, now: datetime, encounter_id: UUID, applicant_kind: ApplicantKind
) -> CopyRequest:
    """Begin a request for a stay, or go on with the draft that this account keeps for it.

    A record that is not closed yet is no reason to refuse. Raises NotFound, NotYours, PatientNotVerified,
    CopyOfMinorAtWindow, and what `copy_from` raises.
    """
    stay = lock_stay_to_copy(uow, encounter_id, actor=actor, operation="records.start_copy_request", now=now)
    [patient_id] = store.survivors_of(uow, {stay.patient_id})
    patient = store.lock_patients(uow, [patient_id])[patient_id]
    if not patient.verified:
        raise PatientNotVerified
    today = hospital_day(now)
    check_grown_up(patient.birth_on, today)
    day = copy_from(stay, copies.holds_of(uow, [stay.id])[stay.id], copies.terms_on(uow, today), now)
    draft = copies.lock_draft(uow, encounter_id, actor.subject, applicant_kind)
    if draft is not None:
        return draft
    id_ = uuid4()
    draft = CopyRequest(
        id=id_,
        number=code_from(id_.bytes),
        encounter_id=encounter_id,
        patient_id=patient_id,
        applicant_kind=applicant_kind,
        applicant_id=patient_id if applicant_kind is ApplicantKind.PATIENT else None,
        started_by=actor.subject,
        started_at=now,
        changed_at=now,
        copy_from=day,
    )
    uow.session.add(draft)
    uow.session.flush()
    return draft


def name_agent(uow: UnitOfWork, *, actor: Actor, now: datetime, request_id: UUID) -> CopyRequest:
    """The person for whom this account acts in this call is the agent: a record of their own, not the patient's.

    Only a call that was signed for that person can name them. Raises NotFound, NotYours, AgentNeeded,
    AgentIsPatient, AgentNotVerified (not seen by the hospital, or under 18), CopyRequestMovedOn.
    """
    request = copies.lock_request(uow, request_id)
    if request is None:
        raise NotFound
    if request.started_by != actor.subject or request.applicant is not ApplicantKind.AGENT:
        raise NotYours(request.patient_id)
    request.check_draft()
    if actor.patient_id is None or "sign" not in actor.scopes:
        raise AgentNeeded
    [agent_id] = store.survivors_of(uow, {actor.patient_id})
    if agent_id in store.survivors_of(uow, {request.patient_id}):
        raise AgentIsPatient
    agent = uow.session.get(Patient, agent_id)
    if agent is None or not agent.verified or agent.birth_on is None:
        raise AgentNotVerified
    if age(agent.birth_on, hospital_day(now)) < GROWN_UP:
        raise AgentNotVerified
    request.applicant_id, request.changed_at = agent_id, now
    return request


def choose_copy_contents(
    uow: UnitOfWork, *, actor: Actor, now: datetime, request_id: UUID, purpose: str, parts: Sequence[str], copies: int
) -> CopyRequest:
    """What is copied, for what, and how many times. A mandate for other contents is worth nothing any more.

    Raises NotFound, NotYours, CopyRequestMovedOn, CopyPurposeUnknown, CopyPartUnknown.
    """
    request = lock_own(uow, request_id, actor=actor, operation="records.choose_copy_contents", now=now)
    request.check_draft()
    chosen = [each.code for each in parts_of(list(parts))]
    before = (request.purpose, request.parts)
    request.purpose, request.parts, request.copies = purpose_of(purpose).code, chosen, copies
    request.parts_key, request.changed_at = ",".join(sorted(chosen)), now
    if request.mandate is not None and before != (request.purpose, request.parts):
        request.mandate = None
        _forget_signature(uow, request, now)
    return request


def _forget_signature(uow: UnitOfWork, request: CopyRequest, now: datetime) -> None:
    signature = copies.live_papers(uow, request.id).get(PaperKind.MANDATE_SIGNATURE)
    if signature is not None:
        signature.delete(PaperEnd.SCOPE_CHANGED, now)


def choose_copy_delivery(
    uow: UnitOfWork,
    *,
    actor: Actor,
    now: datetime,
    sealer: Sealer,
    request_id: UUID,
    delivery: Delivery,
    address: dict[str, Any] | None = None,
) -> CopyRequest:
    """By post to an address, or picked up at the window. A correction may mend the address.

    Raises NotFound, NotYours, CopyRequestMovedOn, AddressInvalid, RegionNotServed.
    """
    request = lock_own(uow, request_id, actor=actor, operation="records.choose_copy_delivery", now=now)
    request.check_editable()
    if request.state != CopyState.DRAFT:
        delivery = Delivery(request.delivery or delivery)
    request.delivery, request.changed_at = delivery, now
    request.province = request.sealed = None
    if delivery is Delivery.POST:
        checked = PostalAddress.checked(**_members(address))
        request.province, request.sealed = checked.province, sealer.seal(checked.to_text())
    if request.postage_fen is not None:
        terms = copies.terms_on(uow, request.terms_from or hospital_day(now))
        request.postage_fen = terms.postage(request.province)
    return request


def _members(address: dict[str, Any] | None) -> dict[str, str]:
    names = ("name", "phone", "province", "city", "street")
    return {name: str((address or {}).get(name) or "") for name in names}


def sign_mandate(
    uow: UnitOfWork, *, actor: Actor, now: datetime, request_id: UUID, valid_until: date, text_version: int
) -> CopyRequest:
    """The patient gives the agent a mandate: for the contents chosen and this purpose, until a day.

    What binds is the signature, a photo or a drawing that is kept like the other photos. Raises NotFound, NotYours,
    CopyRequestMovedOn, AgentNeeded, CopyContentsNeeded, MandateOutOfDate (past, or more than a year ahead).
    """
    request = lock_own(uow, request_id, actor=actor, operation="records.sign_mandate", now=now)
    request.check_editable()
    if request.applicant is not ApplicantKind.AGENT or request.applicant_id is None:
        raise AgentNeeded
    if not request.parts or request.purpose is None:
        raise CopyContentsNeeded
    today = hospital_day(now)
    if not today <= valid_until <= today + LONGEST_MANDATE:
        raise MandateOutOfDate(member="valid_until")
    request.mandate = {
        "agent_id": str(request.applicant_id),
        "encounter_id": str(request.encounter_id),
        "parts": request.parts,
        "purpose": request.purpose,
        "valid_until": valid_until.isoformat(),
        "text_version": text_version,
        "given_at": now.isoformat(),
    }
    request.changed_at = now
    return request
