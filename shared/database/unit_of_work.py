"""One unit of work: what a use case gets to read, change and publish with. It has no commit: the door ends it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from shared.actor import Actor
from shared.database import each
from shared.database.each import ChangeEach
from shared.database.toolbox import Toolbox
from shared.events import Envelope, envelope


class UnitOfWork:
    """A database transaction and the facts that leave with it."""

    def __init__(self, session: Session, toolbox: Toolbox) -> None:
        self.session = session
        self.toolbox = toolbox
        self._facts: list[Envelope] = []

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self.session.get_bind().dialect.name

    def publish(self, event: Any, *, actor: Actor, now: datetime) -> None:
        """Let a fact leave through the outbox if, and only if, this unit commits.

        `event` is of a class made by `@fact`, which adds what the type checker cannot see (`shared.events.Fact`).
        """
        self._facts.append(envelope(event, id_=uuid4(), time=now, actor=actor.subject, correlation_id=actor.request_id))

    @property
    def published(self) -> tuple[Envelope, ...]:
        """The facts that this unit will publish, in order."""
        return tuple(self._facts)

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """What happens inside, facts included, is undone when it raises."""
        mark = len(self._facts)
        nested = self.session.begin_nested()
        try:
            yield
            self.session.flush()
        except BaseException:
            if nested.is_active:
                nested.rollback()
            self.session.expire_all()
            del self._facts[mark:]
            raise
        nested.commit()

    def change_each(self, change: ChangeEach, rows: Sequence[Mapping[str, Any]]) -> int:
        """Change rows, each to values of its own; gives how many were found."""
        return change.run(self._connection(), rows)

    def _connection(self) -> sa.Connection:
        self.session.flush()  # what the session holds was written before, so it comes before
        return self.session.connection()

    def insert_once(
        self, table: sa.Table, rows: Sequence[dict[str, Any]], *, returning: Sequence[sa.Column[Any]]
    ) -> list[sa.Row[Any]]:
        """Insert rows, passing over those whose key is there already; tells which were new.

        On PostgreSQL it waits for another transaction that is inserting the same key.
        """
        return list(each.insert_once(self._connection(), table, rows, returning)) if rows else []

    def insert_or_change(
        self,
        table: sa.Table,
        row: dict[str, Any],
        *,
        key: sa.Column[Any],
        changes: dict[str, Any],
        returning: Sequence[sa.Column[Any]],
    ) -> tuple[Any, ...]:
        """Insert a row, or make `changes` to the one that has its `key`, in one statement that locks it.

        Gives the columns of `returning` as they are afterwards.
        """
        maker = sqlite.insert if self.dialect == "sqlite" else postgresql.insert
        statement = maker(table).values(row).on_conflict_do_update(index_elements=[key], set_=changes)
        return tuple(self.session.execute(statement.returning(*returning)).one())

    def insert(self, table: sa.Table, rows: Sequence[dict[str, Any]]) -> None:
        """Insert rows in one go; nothing happens for an empty list."""
        if rows:
            each.insert_each(self._connection(), table, rows)

    def finish(self) -> None:
        """Write what the session holds and the facts into the outbox; called by `Database.write` just before commit."""
        self.session.flush()
        self.insert(
            self.toolbox.outbox,
            [{"id": UUID(fact["id"]), "type": fact["type"], "envelope": fact} for fact in self._facts],
        )
        self._facts.clear()
