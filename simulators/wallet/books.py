"""The wallet's own books in its own SQLite file: orders, refunds, movements (append-only) and notifications to send."""

from __future__ import annotations

from pathlib import Path

from simulators import books as of_any
from simulators.books import Row, insert, one

__all__ = ["Books", "Row", "insert", "one"]

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


class Books(of_any.Books):
    """The wallet's books in this file."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, _TABLES)
