"""How the courier behaves in the next calls and notices: a person chooses on a page, or a test does."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from simulators.courier.books import Books, insert

SLOW_SECONDS = 6.0
"""Longer than the hospital waits."""
SILENT_SECONDS = 8.0
MOST_AT_ONCE = 20


class Mood(StrEnum):
    """`slow` and `lost` do what was asked for and the answer comes too late or never; `silent` does nothing.

    `refusing` does nothing and says why. `told_twice` and `never_told` concern the next notice, not the next call.
    """

    NORMAL = "normal"
    SLOW = "slow"
    LOST = "lost"
    SILENT = "silent"
    REFUSING = "refusing"
    TOLD_TWICE = "told_twice"
    NEVER_TOLD = "never_told"


OF_CALLS = (Mood.SLOW, Mood.LOST, Mood.SILENT, Mood.REFUSING)
OF_NOTICES = (Mood.TOLD_TWICE, Mood.NEVER_TOLD)
CHOICES = OF_CALLS + OF_NOTICES


def choose(books: Books, mood: Mood, calls: int = 1) -> None:
    """The next `calls` calls (or notices) meet this mood, after those chosen before."""
    with books.write() as connection:
        for _ in range(calls):
            insert(connection, "moods", {"mood": mood.value})


def forget(books: Books) -> None:
    """Everything is normal again."""
    with books.write() as connection:
        connection.execute("DELETE FROM moods WHERE used_at IS NULL")


def next_mood(books: Books, among: tuple[Mood, ...], now: datetime) -> Mood:
    """The mood of this call or notice; it is used up by it."""
    marks = ", ".join("?" * len(among))
    query = f"SELECT * FROM moods WHERE used_at IS NULL AND mood IN ({marks}) ORDER BY position LIMIT 1"  # noqa: S608
    with books.write() as connection:
        row = connection.execute(query, [each.value for each in among]).fetchone()
        if row is None:
            return Mood.NORMAL
        connection.execute("UPDATE moods SET used_at = ? WHERE position = ?", (now.timestamp(), row["position"]))
        return Mood(row["mood"])


def waiting(books: Books) -> list[str]:
    """Moods that were chosen and not met yet."""
    return [row["mood"] for row in books.all("SELECT mood FROM moods WHERE used_at IS NULL ORDER BY position LIMIT 30")]
