"""Who may do what with a request for copies, and telling of its steps."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from services.records import store
from services.records.domain import Encounter
from services.records.domain.copies import CopyRequest, CopyStep
from services.records.events import CopyRequestMoved
from services.records.store import copies
from shared.actor import Actor
from shared.database import UnitOfWork
from shared.errors import NotFound, NotYours


def acts_for(uow: UnitOfWork, actor: Actor, patient_id: UUID, scope: str = "sign") -> bool:
    """Whether the actor acts for the person of this record, under whichever of the person's records."""
    if actor.patient_id is None or scope not in actor.scopes:
        return False
    same = store.survivors_of(uow, {patient_id}) & store.survivors_of(uow, {actor.patient_id})
    return bool(same)


def lock_stay_to_copy(uow: UnitOfWork, encounter_id: UUID, *, actor: Actor, operation: str, now: datetime) -> Encounter:
    """A stay whose patient the actor acts for, locked; goes into the access log. Raises NotFound, NotYours."""
    encounter = store.lock_encounter(uow, encounter_id)
    if encounter is None:
        raise NotFound
    if not acts_for(uow, actor, encounter.patient_id):
        raise NotYours(encounter.patient_id)
    store.log_access(uow, actor, encounter.patient_id, operation, now)
    return encounter


def lock_request(uow: UnitOfWork, request_id: UUID) -> CopyRequest:
    """A request, locked after the stay that it is about. Raises NotFound."""
    columns = copies.copy_requests.c
    encounter_id = uow.session.query(columns.encounter_id).filter(columns.id == request_id).scalar()
    if encounter_id is None:
        raise NotFound
    store.lock_encounter(uow, encounter_id)
    request = copies.lock_request(uow, request_id)
    if request is None:
        raise NotFound
    return request


def lock_own(uow: UnitOfWork, request_id: UUID, *, actor: Actor, operation: str, now: datetime) -> CopyRequest:
    """A request that this account has started, for whose patient it acts; locked, and in the access log.

    Raises NotFound, NotYours.
    """
    request = lock_request(uow, request_id)
    if request.started_by != actor.subject or not acts_for(uow, actor, request.patient_id):
        raise NotYours(request.patient_id)
    store.log_access(uow, actor, request.patient_id, operation, now)
    return request


def tell(uow: UnitOfWork, request: CopyRequest, step: CopyStep, *, actor: Actor, now: datetime) -> None:
    """Publish a step that was taken."""
    uow.session.flush()
    fact = CopyRequestMoved(
        request_id=request.id,
        patient_id=request.patient_id,
        applicant_id=request.applicant_id or request.patient_id,
        number=step.number,
        act=step.act,
        state=step.state,
        reason=step.reason,
        amount_fen=step.amount_fen,
    )
    uow.publish(fact, actor=actor, now=now)
