"""The records office decides: formal review only (handbook 5.2, 5.8), one decision for each round."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from services.records import store
from services.records.domain.copies import Act, CopyRequest, Said
from services.records.domain.copy_eligibility import HoldKind, RecordHold, copy_from
from services.records.domain.copy_papers import check_asked_for
from services.records.domain.copy_prices import CopyTerms
from services.records.domain.copy_reasons import Decision, check_reason
from services.records.domain.copy_refusals import CopyAlreadyDecided, RecordHoldExists, RecordHoldMissing
from services.records.events import CopyRequestRefused
from services.records.store import copies
from services.records.usecases import packets
from services.records.usecases.copies.access import lock_request, tell
from services.records.usecases.copies.submitting import check_mandate, close_photos
from shared.actor import Actor
from shared.clock import hospital_day
from shared.database import UnitOfWork
from shared.errors import NotFound


def approve_copy_request(uow: UnitOfWork, *, actor: Actor, now: datetime, request_id: UUID, round_: int) -> CopyRequest:
    """Papers are complete, consistent and legible: the packet is begun as soon as the record is closed.

    Raises NotFound, CopyAlreadyDecided, MandateOutOfDate, and what `copy_from` raises (a record sealed meanwhile).
    """
    request = _to_decide(uow, request_id, round_, actor, "records.approve_copy_request", now)
    stay = store.lock_encounter(uow, request.encounter_id)
    if stay is None:
        raise LookupError("a request whose stay is not there")
    step = request.move(Act.APPROVE, by=actor.subject, now=now)
    terms = copies.terms_on(uow, request.terms_from or hospital_day(now))
    request.copy_from = copy_from(stay, copies.holds_of(uow, [stay.id])[stay.id], terms, now)
    check_mandate(request, hospital_day(now))
    _decided(uow, request, Decision.APPROVE, None, actor, now)
    tell(uow, request, step, actor=actor, now=now)
    begin_packet(uow, request, actor=actor, now=now)
    return request


def begin_packet(uow: UnitOfWork, request: CopyRequest, *, actor: Actor, now: datetime) -> bool:
    """Begin the packet of a locked, approved request, unless its record is closed on a later day."""
    if request.copy_from is not None and request.copy_from > hospital_day(now):
        return False
    request.packet_started_at = now
    packets.start_packet(uow, request, actor=actor, now=now)
    return True


def ask_copy_correction(
    uow: UnitOfWork,
    *,
    actor: Actor,
    now: datetime,
    request_id: UUID,
    round_: int,
    reason: str,
    words: str,
    papers: Sequence[str] = (),
) -> CopyRequest:
    """Something has to be mended: which photos, why, and in the officer's own words what to do.

    Raises NotFound, CopyAlreadyDecided, CopyReasonUnknown, CopyPaperUnknown.
    """
    request = _to_decide(uow, request_id, round_, actor, "records.ask_copy_correction", now)
    check_reason(Decision.ASK_CORRECTION, reason)
    meant = tuple(check_asked_for(request.applicant, each).value for each in dict.fromkeys(papers))
    said = Said(reason=reason, words=words, papers=meant)
    step = request.move(Act.ASK_CORRECTION, by=actor.subject, now=now, said=said)
    _decided(uow, request, Decision.ASK_CORRECTION, reason, actor, now)
    tell(uow, request, step, actor=actor, now=now)
    return request


def refuse_copy_request(
    uow: UnitOfWork, *, actor: Actor, now: datetime, request_id: UUID, round_: int, reason: str, words: str
) -> CopyRequest:
    """No copies; what was paid goes back. Raises NotFound, CopyAlreadyDecided, CopyReasonUnknown."""
    request = _to_decide(uow, request_id, round_, actor, "records.refuse_copy_request", now)
    check_reason(Decision.REFUSE, reason)
    step = request.move(Act.REFUSE, by=actor.subject, now=now, said=Said(reason=reason, words=words))
    close_photos(uow, request, now)
    _decided(uow, request, Decision.REFUSE, reason, actor, now)
    tell(uow, request, step, actor=actor, now=now)
    uow.publish(CopyRequestRefused(request_id=request.id), actor=actor, now=now)
    return request


def _to_decide(
    uow: UnitOfWork, request_id: UUID, round_: int, actor: Actor, operation: str, now: datetime
) -> CopyRequest:
    """A request in the round that the officer has seen; an answer to an older page decides nothing."""
    request = lock_request(uow, request_id)
    store.log_access(uow, actor, request.patient_id, operation, now)
    if request.round != round_:
        raise CopyAlreadyDecided(state=request.state)
    return request


def _decided(
    uow: UnitOfWork, request: CopyRequest, decision: Decision, reason: str | None, actor: Actor, now: datetime
) -> None:
    request.decided_by = actor.subject
    copies.add_decision(uow, request, decision, reason, by=actor.subject, now=now)


def place_record_hold(
    uow: UnitOfWork, *, actor: Actor, now: datetime, encounter_id: UUID, kind: HoldKind
) -> RecordHold:
    """Mark a stay's record as sealed, disputed or restricted. Raises NotFound, RecordHoldExists."""
    _lock_marked_stay(uow, encounter_id, actor, "records.place_record_hold", now)
    if copies.lock_hold(uow, encounter_id, kind) is not None:
        raise RecordHoldExists
    hold = RecordHold(id=uuid4(), encounter_id=encounter_id, kind=kind, placed_by=actor.subject, placed_at=now)
    uow.session.add(hold)
    uow.session.flush()
    return hold


def lift_record_hold(uow: UnitOfWork, *, actor: Actor, now: datetime, encounter_id: UUID, kind: HoldKind) -> RecordHold:
    """Take a mark away; that it was there stays on record. Raises NotFound, RecordHoldMissing."""
    _lock_marked_stay(uow, encounter_id, actor, "records.lift_record_hold", now)
    hold = copies.lock_hold(uow, encounter_id, kind)
    if hold is None:
        raise RecordHoldMissing
    hold.lifted_by, hold.lifted_at = actor.subject, now
    return hold


def _lock_marked_stay(uow: UnitOfWork, encounter_id: UUID, actor: Actor, operation: str, now: datetime) -> None:
    stay = store.lock_encounter(uow, encounter_id)
    if stay is None:
        raise NotFound
    store.log_access(uow, actor, stay.patient_id, operation, now)


def set_copy_terms(uow: UnitOfWork, *, actor: Actor, now: datetime, terms: CopyTerms) -> CopyTerms:
    """Set prices and times for copies from a day on; requests that were sent keep theirs. Raises TermsNotValid."""
    terms.check()
    copies.add_terms(uow, terms, by=actor.subject, now=now)
    return terms
