"""A simulator's own books in its own SQLite file; what they hold is said by whoever opens them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Row = dict[str, Any]


class Books:
    """The file. Every change is one transaction that is on disk when it ends."""

    def __init__(self, path: Path, tables: str) -> None:
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        with self._open() as connection:
            connection.executescript(tables)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        connection = sqlite3.connect(self._path, timeout=5.0, isolation_level=None)
        try:
            connection.row_factory = sqlite3.Row
            for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
                connection.execute(f"PRAGMA {pragma}")
            yield connection
        finally:
            connection.close()

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """A transaction: all of it, or nothing when the block raises."""
        with self._open() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    def all(self, query: str, *values: Any) -> list[Row]:
        """Rows for reading."""
        with self._open() as connection:
            return [dict(row) for row in connection.execute(query, values)]

    def one(self, query: str, *values: Any) -> Row | None:
        """The first row, if there is one."""
        rows = self.all(query, *values)
        return rows[0] if rows else None


def one(connection: sqlite3.Connection, query: str, *values: Any) -> Row | None:
    """The first row within a transaction, if there is one."""
    row = connection.execute(query, values).fetchone()
    return dict(row) if row is not None else None


def insert(connection: sqlite3.Connection, table: str, row: Row) -> None:
    """One row; table and column names are ours, never a caller's."""
    columns, marks = ", ".join(row), ", ".join("?" * len(row))
    connection.execute(f"INSERT INTO {table} ({columns}) VALUES ({marks})", list(row.values()))  # noqa: S608
