"""The insurer's own books in its own SQLite file: persons, uploaded details, settlements, moods and calls."""

from __future__ import annotations

from pathlib import Path

from simulators import books as of_any
from simulators.books import Row, insert, one

__all__ = ["Books", "Row", "insert", "one"]

_TABLES = """
CREATE TABLE IF NOT EXISTS persons (
    psn_no TEXT PRIMARY KEY,
    insutype TEXT NOT NULL CHECK (insutype IN ('310', '390')),
    psn_type TEXT NOT NULL CHECK (psn_type IN ('11', '14', '21')),
    balance_fen INTEGER NOT NULL CHECK (balance_fen >= 0),
    admissions INTEGER NOT NULL DEFAULT 0 CHECK (admissions >= 0),
    pool_paid_fen INTEGER NOT NULL DEFAULT 0 CHECK (pool_paid_fen >= 0),
    own_in_scope_fen INTEGER NOT NULL DEFAULT 0 CHECK (own_in_scope_fen >= 0),
    supplement_paid_fen INTEGER NOT NULL DEFAULT 0 CHECK (supplement_paid_fen >= 0)
);
CREATE TABLE IF NOT EXISTS uploads (
    mdtrt_id TEXT PRIMARY KEY,
    psn_no TEXT NOT NULL REFERENCES persons (psn_no),
    details TEXT NOT NULL,
    total_fen INTEGER NOT NULL CHECK (total_fen >= 0),
    at REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS settlements (
    mdtrt_id TEXT PRIMARY KEY,
    setl_id TEXT NOT NULL UNIQUE,
    psn_no TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('settled', 'cancelled', 'barred')),
    amounts TEXT NOT NULL,
    at REAL NOT NULL,
    ended_at REAL
);
CREATE TABLE IF NOT EXISTS movements (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL CHECK (kind IN ('settlement', 'cancellation')),
    mdtrt_id TEXT NOT NULL REFERENCES settlements (mdtrt_id),
    fund_fen INTEGER NOT NULL,
    account_fen INTEGER NOT NULL,
    at REAL NOT NULL,
    UNIQUE (kind, mdtrt_id)
);
CREATE TRIGGER IF NOT EXISTS movements_no_update BEFORE UPDATE ON movements
    BEGIN SELECT RAISE(ABORT, 'movements are append-only'); END;
CREATE TRIGGER IF NOT EXISTS movements_no_delete BEFORE DELETE ON movements
    BEGIN SELECT RAISE(ABORT, 'movements are append-only'); END;
CREATE TABLE IF NOT EXISTS moods (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    infno TEXT NOT NULL,
    mood TEXT NOT NULL,
    used_at REAL
);
CREATE TABLE IF NOT EXISTS calls (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    infno TEXT NOT NULL,
    mdtrt_id TEXT NOT NULL,
    mood TEXT NOT NULL,
    answer TEXT NOT NULL,
    at REAL NOT NULL
);
"""

KINDS = (("310", "11"), ("310", "21"), ("390", "14"))
"""What a person can be: 职工在职, 职工退休, 居民."""
PERSONS = 60


class Books(of_any.Books):
    """The insurer's books in this file; the persons of the made-up city are in them from the start."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, _TABLES)
        with self.write() as connection:
            if one(connection, "SELECT 1 FROM persons LIMIT 1") is None:
                for number in range(1, PERSONS + 1):
                    insert(connection, "persons", person(number))


def person(number: int) -> Row:
    """A person of the made-up city: 3299000001 upwards, employed, retired and resident in turn."""
    insutype, psn_type = KINDS[(number - 1) % len(KINDS)]
    balance = 0 if insutype == "390" else 50_000 * (1 + number % 7)
    return {
        "psn_no": f"3299{number:06}",
        "insutype": insutype,
        "psn_type": psn_type,
        "balance_fen": balance,
        "admissions": number % 4 // 3,
    }
