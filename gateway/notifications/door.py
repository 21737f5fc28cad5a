"""The door of inbox and time line for pages and API."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from gateway.notifications import queries, usecases
from gateway.notifications.domain import Happening, Notice
from shared.clock import Clock, utc_now
from shared.database import Database


class Notifications:
    """Everything pages and API may ask of inbox and time line."""

    def __init__(self, database: Database, *, clock: Clock = utc_now) -> None:
        self.database = database
        self.clock = clock

    def inbox(self, account_id: UUID, *, limit: int = 50, before: UUID | None = None) -> list[Notice]:
        """The newest notices first; `before` is the last one already shown."""
        with self.database.read() as uow:
            return queries.inbox(uow, account_id=account_id, limit=limit, before=before)

    def notice(self, account_id: UUID, notice_id: UUID) -> Notice | None:
        """One notice of the account."""
        with self.database.read() as uow:
            return queries.notice(uow, account_id=account_id, notice_id=notice_id)

    def timeline(self, patient_ids: Sequence[UUID], *, limit: int = 50, before: UUID | None = None) -> list[Happening]:
        """What happened to these patients, newest first; whoever calls has made sure that they may see it."""
        with self.database.read() as uow:
            return queries.timeline(uow, patient_ids=patient_ids, limit=limit, before=before)

    def unread(self, account_id: UUID) -> int:
        """How many are unread."""
        with self.database.read() as uow:
            return queries.unread(uow, account_id=account_id)

    def mark_read(self, account_id: UUID, notice_id: UUID) -> None:
        """This one was opened. Raises NotFound."""
        with self.database.write() as uow:
            usecases.mark_read(uow, now=self.clock(), account_id=account_id, notice_id=notice_id)

    def mark_all_read(self, account_id: UUID) -> None:
        """All were seen."""
        with self.database.write() as uow:
            usecases.mark_all_read(uow, now=self.clock(), account_id=account_id)
