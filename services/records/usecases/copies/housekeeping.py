"""What the clock does to requests: ends what nobody goes on with, forgets photos, begins packets that had to wait."""

from __future__ import annotations

from datetime import datetime, timedelta

from services.records.domain.copies import CopyState
from services.records.domain.copy_papers import PaperEnd
from services.records.domain.copy_reasons import UNANSWERED
from services.records.store import copies
from services.records.usecases.copies.photos import forget_photos
from services.records.usecases.copies.reviewing import begin_packet
from services.records.usecases.copies.submitting import withdraw
from shared.actor import Actor
from shared.clock import hospital_day
from shared.database import UnitOfWork

DRAFTS_KEPT_FOR = timedelta(days=7)
_CLOCK = Actor.system("records")


def forget_old_drafts(uow: UnitOfWork, *, now: datetime, limit: int) -> int:
    """Timer: a draft that nobody has touched for seven days ends, and its photos with it."""
    columns = copies.copy_requests.c
    condition = (columns.state == CopyState.DRAFT) & (columns.changed_at <= now - DRAFTS_KEPT_FOR)
    due = copies.due_requests(uow, condition, order=columns.changed_at, limit=limit)
    for request in due:
        withdraw(uow, request, actor=_CLOCK, now=now)
    return len(due)


def end_unanswered_corrections(uow: UnitOfWork, *, now: datetime, limit: int) -> int:
    """Timer: nobody has answered a correction for so long that the request ends; what was paid goes back."""
    columns = copies.copy_requests.c
    days = copies.terms_on(uow, hospital_day(now)).correction_days
    condition = (columns.state == CopyState.CORRECTION_ASKED) & (columns.changed_at <= now - timedelta(days=days))
    due = copies.due_requests(uow, condition, order=columns.changed_at, limit=limit)
    for request in due:
        withdraw(uow, request, actor=_CLOCK, now=now, reason=UNANSWERED)
    return len(due)


def forget_old_photos(uow: UnitOfWork, *, now: datetime, limit: int) -> int:
    """Timer: the days after the end of a request are over: its photos are forgotten, with their keys."""
    columns = copies.copy_requests.c
    due = copies.due_requests(uow, columns.photos_until <= now, order=columns.photos_until, limit=limit)
    for request in due:
        forget_photos(uow, request, PaperEnd.TIME_OVER, now)
    return len(due)


def begin_waiting_packets(uow: UnitOfWork, *, now: datetime, limit: int) -> int:
    """Timer: an approved request whose record is closed by now gets its packet."""
    columns = copies.copy_requests.c
    condition = (
        (columns.state == CopyState.APPROVED)
        & columns.packet_started_at.is_(None)
        & (columns.copy_from <= hospital_day(now))
    )
    due = copies.due_requests(uow, condition, order=columns.copy_from, limit=limit)
    for request in due:
        begin_packet(uow, request, actor=_CLOCK, now=now)
    return len(due)
