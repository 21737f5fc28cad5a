"""Requests for copies: found, locked after their stay, and everything that lies beside them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from services.records.domain.copies import OPEN, CopyRequest, CopyState
from services.records.domain.copy_eligibility import RecordHold
from services.records.domain.copy_papers import Paper
from services.records.domain.copy_prices import CopyTerms
from services.records.store.copy_tables import (
    copy_decisions,
    copy_paper_views,
    copy_papers,
    copy_requests,
    copy_steps,
    copy_terms,
    record_holds,
)
from shared.actor import Actor
from shared.database import UnitOfWork

__all__ = [
    "add_decision",
    "add_terms",
    "add_view",
    "copy_decisions",
    "copy_paper_views",
    "copy_papers",
    "copy_requests",
    "copy_steps",
    "copy_terms",
    "due_requests",
    "holds_of",
    "live_bytes",
    "live_papers",
    "lock_draft",
    "lock_hold",
    "lock_request",
    "open_twin",
    "photos_sent",
    "record_holds",
    "terms_on",
]


def terms_on(uow: UnitOfWork, day: date) -> CopyTerms:
    """The prices and times that hold on a hospital day: the row set last of those valid; the demo's own without any."""
    query = sa.select(copy_terms.c.valid_from, copy_terms.c.terms).where(copy_terms.c.valid_from <= day)
    row = uow.session.execute(query.order_by(copy_terms.c.position.desc()).limit(1)).one_or_none()
    return CopyTerms() if row is None else CopyTerms(valid_from=row.valid_from, **row.terms)


def add_terms(uow: UnitOfWork, terms: CopyTerms, *, by: str, now: datetime) -> None:
    """Write down new prices and times."""
    members = asdict(terms)
    row = {"valid_from": members.pop("valid_from"), "terms": members, "set_by": by, "set_at": now}
    uow.insert(copy_terms, [row])


def lock_request(uow: UnitOfWork, request_id: UUID) -> CopyRequest | None:
    """A request with its steps, locked, as it is now."""
    query = sa.select(CopyRequest).where(copy_requests.c.id == request_id).with_for_update()
    return uow.session.scalar(query.execution_options(populate_existing=True))


def lock_draft(uow: UnitOfWork, encounter_id: UUID, started_by: str, applicant_kind: str) -> CopyRequest | None:
    """The draft that this account keeps for a stay, locked."""
    query = sa.select(CopyRequest).where(
        copy_requests.c.encounter_id == encounter_id,
        copy_requests.c.started_by == started_by,
        copy_requests.c.applicant_kind == applicant_kind,
        copy_requests.c.state == CopyState.DRAFT,
    )
    return uow.session.scalar(query.with_for_update().execution_options(populate_existing=True))


def open_twin(uow: UnitOfWork, request: CopyRequest) -> UUID | None:
    """Another open request for the same parts of the same stay."""
    query = sa.select(copy_requests.c.id).where(
        copy_requests.c.encounter_id == request.encounter_id,
        copy_requests.c.parts_key == request.parts_key,
        copy_requests.c.state.in_(sorted(OPEN)),
        copy_requests.c.id != request.id,
    )
    return uow.session.scalar(query.limit(1))


def due_requests(
    uow: UnitOfWork, condition: sa.ColumnElement[bool], *, order: sa.ColumnElement[Any], limit: int
) -> Sequence[CopyRequest]:
    """Requests for a timer, locked; those that somebody else is working on are passed over."""
    query = sa.select(CopyRequest).where(condition).order_by(order).limit(limit).with_for_update(skip_locked=True)
    return uow.session.scalars(query.execution_options(populate_existing=True)).all()


def live_papers(uow: UnitOfWork, request_id: UUID) -> dict[str, Paper]:
    """The photos of a locked request that are not deleted, by what they show."""
    query = sa.select(Paper).where(copy_papers.c.request_id == request_id, copy_papers.c.deleted_at.is_(None))
    return {each.kind: each for each in uow.session.scalars(query.execution_options(populate_existing=True))}


def photos_sent(uow: UnitOfWork, request_id: UUID) -> int:
    """How many photos were ever sent for a request."""
    query = sa.select(sa.func.count()).select_from(copy_papers).where(copy_papers.c.request_id == request_id)
    return uow.session.scalar(query) or 0


def live_bytes(uow: UnitOfWork) -> int:
    """What all photos that are kept take together, in bytes."""
    query = sa.select(sa.func.coalesce(sa.func.sum(copy_papers.c.size), 0)).where(copy_papers.c.deleted_at.is_(None))
    return int(uow.session.scalar(query) or 0)


def add_decision(
    uow: UnitOfWork, request: CopyRequest, decision: str, reason: str | None, *, by: str, now: datetime
) -> None:
    """Write down the one decision of this round; a second one breaks the unit."""
    row = {"request_id": request.id, "round": request.round, "decision": decision, "reason": reason}
    uow.session.flush()
    uow.insert(copy_decisions, [{**row, "decided_by": by, "decided_at": now}])


def add_view(uow: UnitOfWork, paper: Paper, patient_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Write down that somebody looks at a photo."""
    row = {
        "paper_id": paper.id,
        "request_id": paper.request_id,
        "patient_id": patient_id,
        "at": now,
        "subject": actor.subject,
        "roles": ",".join(actor.roles),
        "trace": actor.request_id,
    }
    uow.insert(copy_paper_views, [row])


def holds_of(uow: UnitOfWork, encounter_ids: Iterable[UUID]) -> dict[UUID, set[str]]:
    """The marks that lie on these stays."""
    ids = list(encounter_ids)
    query = sa.select(record_holds.c.encounter_id, record_holds.c.kind).where(
        record_holds.c.encounter_id.in_(ids), record_holds.c.lifted_at.is_(None)
    )
    found: dict[UUID, set[str]] = {each: set() for each in ids}
    for row in uow.session.execute(query):
        found[row.encounter_id].add(row.kind)
    return found


def lock_hold(uow: UnitOfWork, encounter_id: UUID, kind: str) -> RecordHold | None:
    """The mark of a kind that lies on a stay, locked."""
    query = sa.select(RecordHold).where(
        record_holds.c.encounter_id == encounter_id, record_holds.c.kind == kind, record_holds.c.lifted_at.is_(None)
    )
    return uow.session.scalar(query.with_for_update())
