"""The wallet's own books in its own SQLite file: orders, refunds, movements (append-only) and notifications to send."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Row = dict[str, Any]

_TABLES = """
CREATE TABLE IF NOT EXISTS orders (
    id TEXT PRIMARY KEY,
    merchant TEXT NOT NULL,
    merchant_order_id TEXT NOT NULL,
    amount_fen INTEGER NOT NULL CHECK (amount_fen > 0),
    number TEXT NOT NULL,
    subject_zh TEXT NOT NULL,
    subject_en TEXT NOT NULL,
    notify_url TEXT NOT NULL,
    return_url TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'paid', 'closed')),
    reason TEXT,
    paid_fen INTEGER NOT NULL DEFAULT 0 CHECK (paid_fen >= 0),
    refunded_fen INTEGER NOT NULL DEFAULT 0,
    transaction_id TEXT UNIQUE,
    created_at REAL NOT NULL,
    expires_at REAL NOT NULL,
    ended_at REAL,
    UNIQUE (merchant, merchant_order_id),
    CHECK (refunded_fen BETWEEN 0 AND paid_fen)
);
CREATE TABLE IF NOT EXISTS refunds (
    id TEXT PRIMARY KEY,
    merchant TEXT NOT NULL,
    merchant_refund_id TEXT NOT NULL,
    order_id TEXT NOT NULL REFERENCES orders (id),
    amount_fen INTEGER NOT NULL CHECK (amount_fen > 0),
    state TEXT NOT NULL CHECK (state IN ('processing', 'succeeded')),
    created_at REAL NOT NULL,
    ended_at REAL,
    UNIQUE (merchant, merchant_refund_id)
);
CREATE INDEX IF NOT EXISTS refunds_processing ON refunds (state) WHERE state = 'processing';
CREATE TABLE IF NOT EXISTS movements (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL CHECK (kind IN ('payment', 'refund')),
    reference TEXT NOT NULL,
    merchant TEXT NOT NULL,
    order_id TEXT NOT NULL REFERENCES orders (id),
    amount_fen INTEGER NOT NULL CHECK (amount_fen > 0),
    at REAL NOT NULL,
    UNIQUE (kind, reference)
);
CREATE TRIGGER IF NOT EXISTS movements_no_update BEFORE UPDATE ON movements
    BEGIN SELECT RAISE(ABORT, 'movements are append-only'); END;
CREATE TRIGGER IF NOT EXISTS movements_no_delete BEFORE DELETE ON movements
    BEGIN SELECT RAISE(ABORT, 'movements are append-only'); END;
CREATE TABLE IF NOT EXISTS notifications (
    id TEXT PRIMARY KEY,
    order_id TEXT NOT NULL REFERENCES orders (id),
    url TEXT NOT NULL,
    body TEXT NOT NULL,
    due_at REAL,
    tries INTEGER NOT NULL DEFAULT 0,
    delivered_at REAL,
    last_answer TEXT
);
CREATE INDEX IF NOT EXISTS notifications_due ON notifications (due_at) WHERE due_at IS NOT NULL;
"""


class Books:
    """The file. Every change is one transaction that is on disk when it ends."""

    def __init__(self, path: Path) -> None:
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        with self._open() as connection:
            connection.executescript(_TABLES)

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
