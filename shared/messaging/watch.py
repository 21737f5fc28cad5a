"""A cheap look whether an outbox may have changed, so that an idle hospital costs nearly nothing."""

from __future__ import annotations

import contextlib
import sqlite3
from typing import Any, Protocol

import psycopg

from shared.database import Database


class Watch(Protocol):
    """Looks at one service's database from one thread."""

    def changed(self) -> bool:
        """Whether facts may wait that did not at the last look; True when it cannot tell."""

    def close(self) -> None:
        """Give its connection back."""


class SqliteWatch:
    """SQLite counts the commits of all other connections (`PRAGMA data_version`): a few microseconds a look."""

    def __init__(self, path: str) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._seen: int | None = None

    def changed(self) -> bool:
        """Whether anybody committed anything since the last look."""
        try:
            version: int = self._connection.execute("PRAGMA data_version").fetchone()[0]
        except sqlite3.Error:
            return True
        changed, self._seen = version != self._seen, version
        return changed

    def close(self) -> None:
        """Close the file."""
        self._connection.close()


class PostgresWatch:
    """Asks PostgreSQL over a connection of its own, in a prepared statement that reads one small index."""

    _QUERY = "SELECT 1 FROM outbox WHERE published_at IS NULL AND taken_at IS NULL LIMIT 1"

    def __init__(self, address: str) -> None:
        self._address = address
        self._connection: psycopg.Connection[Any] | None = None

    def changed(self) -> bool:
        """Whether facts wait."""
        try:
            if self._connection is None:
                self._connection = psycopg.connect(self._address, autocommit=True, connect_timeout=5)
            return self._connection.execute(self._QUERY, prepare=True).fetchone() is not None
        except psycopg.Error:
            self.close()
            return True

    def close(self) -> None:
        """Close the connection."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(psycopg.Error):
                connection.close()


def watch(database: Database) -> Watch:
    """The watch for this database."""
    if database.is_sqlite:
        return SqliteWatch(str(database.url.database))
    return PostgresWatch(database.url.set(drivername="postgresql").render_as_string(hide_password=False))
