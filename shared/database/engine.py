"""Opening units of work: SQLite with one writer at a time, PostgreSQL with row locks, both with bounded waiting."""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlalchemy.orm import Session

from shared.database.toolbox import Toolbox
from shared.database.unit_of_work import UnitOfWork
from shared.events import plain

WRITE_DEADLINE_SECONDS = 5.0
POOL_SIZE = 4
"""Connections that write, and as many that read. More make a hot row slower; opening one costs more than waiting."""

_BUSY_STATES = frozenset({"55P03", "40P01", "40001", "57014"})
"""SQLSTATE of: lock not available, deadlock, serialization failure, query cancelled."""

_POSTGRES_SETTINGS = (
    "SET lock_timeout = '5s'; SET statement_timeout = '15s'; "
    "SET idle_in_transaction_session_timeout = '30s'; SET timezone = 'UTC'"
)
_READ_ONLY = "SET default_transaction_read_only = on"


class Busy(Exception):
    """The database could not be had in time: answer 503, count no try, let the caller come again."""


class Database:
    """A service's own database. Make it after a server has forked its workers."""

    def __init__(self, url: str, toolbox: Toolbox) -> None:
        self.url = sa.make_url(url)
        self.toolbox = toolbox
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._writer = threading.Lock()
        make = _sqlite_engines if self.is_sqlite else _postgres_engines
        self.engine, self._read_engine = make(self.url)

    @contextmanager
    def write(self) -> Iterator[UnitOfWork]:
        """A unit of work that commits when the block ends well and leaves nothing when it raises.

        On SQLite nothing inside may yield (HTTP, queue, sleep): the whole process waits for its one writer. Raises Busy
        when the lock is not had within five seconds.
        """
        session = Session(self.engine, expire_on_commit=False)
        with self._turn(), _busy_when_locked(), session, session.begin():
            uow = UnitOfWork(session, self.toolbox)
            yield uow
            uow.finish()

    @contextmanager
    def read(self) -> Iterator[UnitOfWork]:
        """A unit of work in which the database itself refuses every change."""
        with _busy_when_locked(), Session(self._read_engine, expire_on_commit=False) as session:
            yield UnitOfWork(session, self.toolbox)

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()
        self._read_engine.dispose()

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self.is_sqlite:
            yield
            return
        if not self._writer.acquire(timeout=WRITE_DEADLINE_SECONDS):
            raise Busy("another writer of this process holds the database")
        try:
            yield
        finally:
            self._writer.release()


@contextmanager
def _busy_when_locked() -> Iterator[None]:
    try:
        yield
    except NoConnection as error:
        raise Busy("no connection was free") from error
    except OperationalError as error:
        state = getattr(error.orig, "sqlstate", None)
        locked = state in _BUSY_STATES or "database is locked" in str(error.orig)
        if locked or error.connection_invalidated:
            raise Busy(state or "the database is locked or gone") from error
        raise


def _sqlite_engines(url: sa.URL) -> tuple[sa.Engine, sa.Engine]:
    return (
        _sqlite_engine(url, _begin_immediate, query_only=False),
        _sqlite_engine(url, _begin_plain, query_only=True),
    )


def _sqlite_engine(url: sa.URL, begin: Callable[[sa.Connection], None], *, query_only: bool) -> sa.Engine:
    engine = sa.create_engine(
        url, connect_args={"timeout": 0, "check_same_thread": False}, json_serializer=_to_json, pool_size=POOL_SIZE
    )

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        connection.execute(
            "PRAGMA busy_timeout=1000"
        )  # two processes that open a new file at once make its WAL in turn
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")
        # Readers wait inside SQLite: only for the blink of a WAL recovery. Writers wait outside, see _begin_immediate.
        connection.execute(f"PRAGMA busy_timeout={1000 if query_only else 0}")
        connection.execute(f"PRAGMA query_only={'ON' if query_only else 'OFF'}")

    event.listen(engine, "begin", begin)
    return engine


def _begin_plain(connection: sa.Connection) -> None:
    connection.exec_driver_sql("BEGIN")


def _begin_immediate(connection: sa.Connection) -> None:
    """Wait for other processes' writers in short random sleeps: SQLite's own wait is unfair and stops all greenlets."""
    deadline = time.monotonic() + WRITE_DEADLINE_SECONDS
    while True:
        try:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            return
        except OperationalError as error:
            if "locked" not in str(error.orig) or time.monotonic() > deadline:
                raise
        time.sleep(random.uniform(0.001, 0.020))  # noqa: S311 (no secret)


def _postgres_engines(url: sa.URL) -> tuple[sa.Engine, sa.Engine]:
    # A read needs no transaction of its own: at "read committed" each statement sees what is committed when it begins,
    # inside one or not. Without, a look at one row is one round trip instead of three.
    return (
        _postgres_engine(url, _POSTGRES_SETTINGS),
        _postgres_engine(url, f"{_POSTGRES_SETTINGS}; {_READ_ONLY}", isolation_level="AUTOCOMMIT"),
    )


def _postgres_engine(url: sa.URL, settings: str, **options: Any) -> sa.Engine:
    engine = sa.create_engine(
        url.set(drivername="postgresql+psycopg"),
        json_serializer=_to_json,
        pool_size=POOL_SIZE,
        max_overflow=0,
        pool_timeout=WRITE_DEADLINE_SECONDS,
        pool_pre_ping=False,
        connect_args={"connect_timeout": 5},
        **options,
    )

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: Any) -> None:
        connection.execute(settings)
        connection.commit()

    return engine


def _to_json(value: Any) -> str:
    return json.dumps(plain(value), ensure_ascii=False, separators=(",", ":"))
