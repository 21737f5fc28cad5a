"""Crash points: stop a process at its k-th call to the database, before and after the call took effect.

All effects of a request go through its databases (facts leave later, from the outbox). `Crash` is a BaseException, so
no code of ours can catch it by accident: what the test sees afterwards is what a killed process leaves behind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from shared.database import Database

_CALLS = ("do_execute", "do_executemany", "do_execute_no_params", "do_commit")


class Crash(BaseException):
    """The process died here."""


class CallCounter:
    """Counts the calls to some databases, and dies at the chosen one."""

    def __init__(self, die_at: int | None = None, *, after: bool = False) -> None:
        self.calls = 0
        self._die_at, self._after = die_at, after

    def wrap(self, call: Callable[..., Any]) -> Callable[..., Any]:
        """The same call, counted."""

        def counted(*args: Any, **kwargs: Any) -> Any:
            self.calls += 1
            here = self.calls == self._die_at
            if here and not self._after:
                raise Crash
            result = call(*args, **kwargs)
            if here:
                _drop(args[0])
                raise Crash
            return result

        return counted


def _drop(cursor_or_connection: Any) -> None:
    """A dead process reads no further: an open cursor would keep SQLite's lock alive behind a closed connection."""
    if hasattr(cursor_or_connection, "fetchall"):
        cursor_or_connection.close()


@contextmanager
def watched(counter: CallCounter, *databases: Database) -> Iterator[CallCounter]:
    """Inside the block, every statement and commit of the databases goes through the counter.

    When the process dies, its connections die with it: nothing of it may go on holding a lock.
    """
    opened: list[Any] = []
    with pytest.MonkeyPatch.context() as patch:
        for database in databases:
            event.listen(database.engine, "connect", lambda connection, _record: opened.append(connection))
            for name in _CALLS:
                patch.setattr(database.engine.dialect, name, counter.wrap(getattr(database.engine.dialect, name)))
        try:
            yield counter
        except Crash:
            for connection in opened:
                connection.close()
            raise


def crash_points(calls: int) -> Iterator[tuple[int, bool]]:
    """Every (call, after) at which a request with that many calls can be cut off."""
    for number in range(1, calls + 1):
        yield number, False
        yield number, True
