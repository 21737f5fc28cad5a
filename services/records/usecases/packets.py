"""The packet of a request that was approved: its documents, merged and numbered, ready to be printed."""

from __future__ import annotations

from datetime import datetime

from services.records.domain.copies import CopyRequest
from shared.actor import Actor
from shared.database import UnitOfWork


def start_packet(uow: UnitOfWork, request: CopyRequest, *, actor: Actor, now: datetime) -> None:
    """Begin to make the packet of an approved, locked request whose record is closed."""
    del uow, request, actor, now
