"""How the insurer behaves in the next calls: a person chooses on a page, or a test does."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from simulators.insurer.books import Books, insert, one
from simulators.insurer.transactions import TRANSACTIONS

ANY = "any"
INFNOS = (ANY, *TRANSACTIONS)
SLOW_SECONDS = 15.0
"""Longer than the hospital waits."""
SILENT_SECONDS = 15.0
MOST_AT_ONCE = 20


class Mood(StrEnum):
    """`slow` and `lost` do what was asked for and the answer comes too late or never; `silent` does nothing.

    `unknown` does it and says only that it is being processed; `refusing` does nothing and says why; `differing`
    pays ten yuan less from the fund than it should; `broken` answers amounts that do not add up.
    """

    NORMAL = "normal"
    SLOW = "slow"
    LOST = "lost"
    SILENT = "silent"
    UNKNOWN = "unknown"
    REFUSING = "refusing"
    DIFFERING = "differing"
    BROKEN = "broken"


def choose(books: Books, infno: str, mood: Mood, calls: int) -> None:
    """The next `calls` calls of this number (or of any) meet this mood, after those chosen before."""
    with books.write() as connection:
        for _ in range(calls):
            insert(connection, "moods", {"infno": infno, "mood": mood.value})


def forget(books: Books) -> None:
    """Everything is normal again."""
    with books.write() as connection:
        connection.execute("DELETE FROM moods WHERE used_at IS NULL")


def next_mood(books: Books, infno: str, now: datetime) -> Mood:
    """The mood of this call; it is used up by it."""
    with books.write() as connection:
        query = "SELECT * FROM moods WHERE used_at IS NULL AND infno IN (?, ?) ORDER BY position LIMIT 1"
        found = one(connection, query, infno, ANY)
        if found is None:
            return Mood.NORMAL
        connection.execute("UPDATE moods SET used_at = ? WHERE position = ?", (now.timestamp(), found["position"]))
        return Mood(found["mood"])
