"""Sending a request off, mending it, and taking it back: by its applicant, or by the patient who objects."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from services.records import store
from services.records.domain import Encounter
from services.records.domain.copies import (
    ENDED,
    PHOTOS_GO_AT_ONCE,
    Act,
    CopyRequest,
    CopyState,
    Delivery,
    Said,
)
from services.records.domain.copy_eligibility import copy_from
from services.records.domain.copy_papers import CONSENTS, ApplicantKind, missing_papers
from services.records.domain.copy_parts import parts_of, stay_kind
from services.records.domain.copy_prices import CopyPrice, CopyTerms, price_of
from services.records.domain.copy_reasons import OBJECTED
from services.records.domain.copy_refusals import (
    AgentNeeded,
    CopyConsentNeeded,
    CopyContentsNeeded,
    CopyDeliveryNeeded,
    CopyObjectionNotYours,
    CopyPaperMissing,
    CopyPriceChanged,
    CopyRequestExists,
    MandateNeeded,
    MandateOutOfDate,
)
from services.records.events import CopyRequestRefused, CopyRequestSubmitted, CopyRequestWithdrawn
from services.records.store import copies
from services.records.usecases.copies.access import acts_for, lock_own, lock_request, tell
from services.records.usecases.copies.photos import forget_photos
from shared.actor import Actor
from shared.clock import hospital_day
from shared.database import UnitOfWork
from shared.errors import NotYours


def price_of_request(request: CopyRequest, stay: Encounter, terms: CopyTerms) -> CopyPrice:
    """What a request that is being filled in costs."""
    kind = stay_kind(stay.ward.code if stay.ward else None, stay.started_at, stay.ended_at)
    province = request.province if request.delivery == Delivery.POST else None
    return price_of(terms, kind, parts_of(request.parts), request.copies, province)


def submit_copy_request(
    uow: UnitOfWork,
    *,
    actor: Actor,
    now: datetime,
    request_id: UUID,
    amount_fen: int,
    consents: dict[str, int],
) -> CopyRequest:
    """Send a complete draft off at the price that was shown; from now on it waits to be paid.

    Raises NotFound, NotYours, CopyRequestMovedOn, CopyContentsNeeded, CopyDeliveryNeeded, AgentNeeded, MandateNeeded,
    MandateOutOfDate, CopyPaperMissing, CopyConsentNeeded, CopyPriceChanged, CopyRequestExists, and what `copy_from`
    raises.
    """
    request = lock_own(uow, request_id, actor=actor, operation="records.submit_copy_request", now=now)
    request.check_draft()
    _check_complete(uow, request, hospital_day(now))
    missing = [code for code, version in CONSENTS.items() if consents.get(code) != version]
    if missing:
        raise CopyConsentNeeded(consents=missing)
    stay = store.lock_encounter(uow, request.encounter_id)
    if stay is None:
        raise LookupError("a request whose stay is not there")
    terms = copies.terms_on(uow, hospital_day(now))
    request.copy_from = copy_from(stay, copies.holds_of(uow, [stay.id])[stay.id], terms, now)
    price = price_of_request(request, stay, terms)
    if price.amount_fen != amount_fen:
        raise CopyPriceChanged(amount_fen=price.amount_fen)
    twin = copies.open_twin(uow, request)
    if twin is not None:
        raise CopyRequestExists(request_id=twin)
    request.terms_from, request.page_fen = terms.valid_from, terms.page_fen
    request.postage_fen, request.amount_fen = price.postage_fen, price.amount_fen
    request.submitted_at, request.consents = now, dict(consents)
    step = request.move(Act.SUBMIT, by=actor.subject, now=now, said=Said(amount_fen=price.amount_fen))
    tell(uow, request, step, actor=actor, now=now)
    uow.publish(_submitted(request), actor=actor, now=now)
    return request


def _submitted(request: CopyRequest) -> CopyRequestSubmitted:
    return CopyRequestSubmitted(
        request_id=request.id,
        patient_id=request.applicant_id or request.patient_id,
        amount_fen=request.amount_fen or 0,
        text_zh=f"病历复印预付款，{request.copies} 份",
        text_en=f"Copies of a record, prepaid: {request.copies}",
    )


def _check_complete(uow: UnitOfWork, request: CopyRequest, today: date) -> None:
    if not request.parts or request.purpose is None:
        raise CopyContentsNeeded
    if request.delivery is None or (request.delivery == Delivery.POST and request.sealed is None):
        raise CopyDeliveryNeeded
    if request.applicant is ApplicantKind.AGENT:
        if request.applicant_id is None:
            raise AgentNeeded
        check_mandate(request, today)
    missing = missing_papers(request.applicant, copies.live_papers(uow, request.id))
    if missing:
        raise CopyPaperMissing(papers=missing)


def check_mandate(request: CopyRequest, today: date) -> None:
    """An agent's mandate is there and covers this day. Raises MandateNeeded, MandateOutOfDate."""
    if request.applicant is not ApplicantKind.AGENT:
        return
    if request.mandate is None or request.mandate["parts"] != request.parts:
        raise MandateNeeded
    if date.fromisoformat(request.mandate["valid_until"]) < today:
        raise MandateOutOfDate


def supplement_copy_request(uow: UnitOfWork, *, actor: Actor, now: datetime, request_id: UUID) -> CopyRequest:
    """What was asked for is mended (补正): the request goes back to the officers, under its number, paid as it is.

    Raises NotFound, NotYours, CopyRequestMovedOn, CopyPaperMissing for photos that were to be taken anew and were not,
    MandateNeeded, MandateOutOfDate.
    """
    request = lock_own(uow, request_id, actor=actor, operation="records.supplement_copy_request", now=now)
    asked = request.last_correction()
    step = request.move(Act.SUPPLEMENT, by=actor.subject, now=now)
    live = copies.live_papers(uow, request.id)
    missing = missing_papers(request.applicant, live)
    stale = [kind for kind in (asked.papers if asked else []) if asked and live[kind].uploaded_at <= asked.at]
    if missing or stale:
        raise CopyPaperMissing(papers=missing or stale)
    check_mandate(request, hospital_day(now))
    request.round += 1
    tell(uow, request, step, actor=actor, now=now)
    return request


def withdraw_copy_request(uow: UnitOfWork, *, actor: Actor, now: datetime, request_id: UUID) -> CopyRequest:
    """The applicant wants no copies any more; photos are forgotten at once, what was paid comes back.

    Raises NotFound, NotYours, CopyWithdrawalTooLate once the copies are being made.
    """
    request = lock_request(uow, request_id)
    if request.started_by != actor.subject:
        raise NotYours(request.patient_id)
    store.log_access(uow, actor, request.patient_id, "records.withdraw_copy_request", now)
    withdraw(uow, request, actor=actor, now=now)
    return request


def withdraw(uow: UnitOfWork, request: CopyRequest, *, actor: Actor, now: datetime, reason: str | None = None) -> None:
    """End a locked request without copies. Raises CopyWithdrawalTooLate. Nobody is told of a draft that is no more."""
    was_draft = request.state == CopyState.DRAFT
    step = request.move(Act.WITHDRAW, by=actor.subject, now=now, said=Said(reason=reason))
    close_photos(uow, request, now)
    if not was_draft:
        tell(uow, request, step, actor=actor, now=now)
        uow.publish(CopyRequestWithdrawn(request_id=request.id), actor=actor, now=now)


def object_to_copy_request(uow: UnitOfWork, *, actor: Actor, now: datetime, request_id: UUID) -> CopyRequest:
    """The patient stops an agent's request for their record: it ends, what was paid goes back to the agent.

    Raises NotFound, NotYours, CopyObjectionNotYours for the account that applies, CopyObjectionTooLate once the copies
    have left the hospital.
    """
    request = lock_request(uow, request_id)
    if not acts_for(uow, actor, request.patient_id) or request.state == CopyState.DRAFT:
        raise NotYours(request.patient_id)
    store.log_access(uow, actor, request.patient_id, "records.object_to_copy_request", now)
    if request.started_by == actor.subject or request.applicant is not ApplicantKind.AGENT:
        raise CopyObjectionNotYours
    step = request.move(Act.OBJECT, by=actor.subject, now=now, said=Said(reason=OBJECTED))
    close_photos(uow, request, now)
    tell(uow, request, step, actor=actor, now=now)
    uow.publish(CopyRequestRefused(request_id=request.id), actor=actor, now=now)
    return request


def close_photos(uow: UnitOfWork, request: CopyRequest, now: datetime) -> None:
    """When a request has ended: its photos go at once, or after the days that the hospital has set."""
    if request.state not in ENDED:
        return
    at_once = PHOTOS_GO_AT_ONCE.get(CopyState(request.state))
    if at_once is not None:
        forget_photos(uow, request, at_once, now)
        return
    terms = copies.terms_on(uow, request.terms_from or hospital_day(now))
    request.photos_until = now + terms.photo_time
