"""The courier's own books in its own SQLite file: parcels, their events (append-only), moods, notices, latest calls."""

from __future__ import annotations

from pathlib import Path

from simulators import books as of_any
from simulators.books import Row, insert, one

__all__ = ["Books", "Row", "insert", "one"]

_TABLES = """
CREATE TABLE IF NOT EXISTS parcels (
    tracking_number TEXT PRIMARY KEY,
    sender_reference TEXT NOT NULL UNIQUE,
    receiver_name TEXT NOT NULL,
    receiver_phone TEXT NOT NULL,
    receiver_address TEXT NOT NULL,
    province TEXT NOT NULL,
    notify_url TEXT NOT NULL,
    state TEXT NOT NULL,
    created_at REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS events (
    tracking_number TEXT NOT NULL REFERENCES parcels (tracking_number),
    number INTEGER NOT NULL,
    state TEXT NOT NULL,
    at REAL NOT NULL,
    PRIMARY KEY (tracking_number, number)
);
CREATE TRIGGER IF NOT EXISTS events_no_update BEFORE UPDATE ON events
    BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;
CREATE TRIGGER IF NOT EXISTS events_no_delete BEFORE DELETE ON events
    BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;
CREATE TABLE IF NOT EXISTS notices (
    id TEXT PRIMARY KEY,
    url TEXT NOT NULL,
    body TEXT NOT NULL,
    due_at REAL,
    tries INTEGER NOT NULL DEFAULT 0,
    delivered_at REAL,
    last_answer TEXT
);
CREATE INDEX IF NOT EXISTS notices_due ON notices (due_at) WHERE due_at IS NOT NULL;
CREATE TABLE IF NOT EXISTS moods (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    mood TEXT NOT NULL,
    used_at REAL
);
"""


class Books(of_any.Books):
    """The courier's books in this file."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, _TABLES)
