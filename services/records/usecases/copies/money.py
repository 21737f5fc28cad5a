"""What records hears of the money for copies. Billing knows it; records only follows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from services.records.domain.copies import Act, CopyRequest, CopyState, Said
from services.records.domain.copy_prices import working_days_after
from services.records.events import CopyRequestLapsed
from services.records.store import copies
from services.records.usecases.copies.access import tell
from services.records.usecases.copies.submitting import close_photos
from shared.actor import Actor
from shared.clock import hospital_day
from shared.database import UnitOfWork

PREPAYMENT, TOP_UP = "copy_request", "copy_top_up"
_CLOCK = Actor.system("records")


def note_invoice(uow: UnitOfWork, *, data: dict[str, Any], actor: Actor, now: datetime) -> None:
    """A bill for copies can be paid; of the rest to pay after counting pages the applicant is told."""
    if data["billed_kind"] != TOP_UP:
        return
    request = _of(uow, data)
    if request is not None and request.state == CopyState.AWAITING_TOP_UP:
        step = request.note("top_up_issued", by=actor.subject, now=now, said=Said(amount_fen=data["amount_fen"]))
        tell(uow, request, step, actor=actor, now=now)


def note_payment(uow: UnitOfWork, *, data: dict[str, Any], actor: Actor, now: datetime) -> None:
    """The prepayment is there: the review begins. The rest is there: the copies are ready.

    A request that has ended meanwhile stays as it is: billing gives the money back by its own rule.
    """
    request = _of(uow, data)
    if request is None:
        return
    said = Said(amount_fen=data["amount_fen"])
    if data["billed_kind"] == PREPAYMENT and request.state == CopyState.AWAITING_PAYMENT:
        today = hospital_day(now)
        terms = copies.terms_on(uow, request.terms_from or today)
        step = request.move(Act.PAY, by=actor.subject, now=now, said=said)
        request.paid_at, request.round = now, 1
        begins = max(today, request.copy_from or today)
        request.review_by = working_days_after(begins, terms.review_working_days)
        tell(uow, request, step, actor=actor, now=now)
    elif data["billed_kind"] == TOP_UP and request.state == CopyState.AWAITING_TOP_UP:
        step = request.move(Act.TOP_UP, by=actor.subject, now=now, said=said)
        tell(uow, request, step, actor=actor, now=now)


def note_cancelled_invoice(uow: UnitOfWork, *, data: dict[str, Any], actor: Actor, now: datetime) -> None:
    """Billing has ended an unpaid prepayment: the request expires. It decides, whoever kept the time (decision 5)."""
    request = _of(uow, data)
    if request is None or data["billed_kind"] != PREPAYMENT or request.state != CopyState.AWAITING_PAYMENT:
        return
    step = request.move(Act.EXPIRE, by=actor.subject, now=now)
    close_photos(uow, request, now)
    tell(uow, request, step, actor=actor, now=now)


def note_refund(uow: UnitOfWork, *, data: dict[str, Any], actor: Actor, now: datetime) -> None:
    """Money for copies is back where it came from: kept in the history of the request."""
    request = _of(uow, data)
    if request is not None:
        request.note("refunded", by=actor.subject, now=now, said=Said(amount_fen=data["amount_fen"]))
        uow.session.flush()


def lapse_unpaid_requests(uow: UnitOfWork, *, now: datetime, limit: int) -> int:
    """Timer: the time to pay is over. The request is not ended here: billing is told, and its answer decides."""
    columns = copies.copy_requests.c
    terms = copies.terms_on(uow, hospital_day(now))
    due = copies.due_requests(
        uow,
        (columns.state == CopyState.AWAITING_PAYMENT)
        & columns.lapsed_at.is_(None)
        & (columns.submitted_at <= now - terms.payment_time),
        order=columns.submitted_at,
        limit=limit,
    )
    for request in due:
        request.lapsed_at = now
        uow.publish(CopyRequestLapsed(request_id=request.id), actor=_CLOCK, now=now)
    return len(due)


def _of(uow: UnitOfWork, data: dict[str, Any]) -> CopyRequest | None:
    """The request that a bill is for, locked; None for bills of anything else."""
    if data["billed_kind"] not in {PREPAYMENT, TOP_UP}:
        return None
    return copies.lock_request(uow, data["billed_id"])
