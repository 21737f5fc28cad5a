"""The courier's notices: each goes out, signed anew, until the hospital has taken it."""

from __future__ import annotations

import sqlite3
import threading

import requests

from shared.clock import Clock
from shared.logs import logger
from simulators.courier.books import Books, Row
from simulators.courier.moods import OF_NOTICES, Mood, next_mood
from simulators.signature import signed_headers

LONGEST_DELAY_SECONDS = 300
MOST_TRIES = 24
TIMEOUT_SECONDS = (1.0, 5.0)
_TICK_SECONDS = 1.0
_OK = range(200, 300)


class Deliveries:
    """Sends what is due, with a growing delay until it is answered with a success."""

    def __init__(self, books: Books, secret: str, clock: Clock, session: requests.Session | None = None) -> None:
        self._books, self._secret, self._clock = books, secret, clock
        self._session = session or requests.Session()
        self._session.trust_env = False
        self._something_new = threading.Event()

    def start(self) -> None:
        """Work in a thread of this process; what was planned before a restart is in the books."""
        threading.Thread(target=self._run, name="courier-notices", daemon=True).start()

    def wake(self) -> None:
        """Something was just planned in this process: do not wait for the next look at the books."""
        self._something_new.set()

    def work(self) -> int:
        """Send what is due now; gives how much that was."""
        now = self._clock().timestamp()
        rows = self._books.all("SELECT * FROM notices WHERE due_at <= ? ORDER BY due_at, rowid LIMIT 50", now)
        due = [row for row in rows if self._claim(row, now)]
        for row in due:
            mood = next_mood(self._books, OF_NOTICES, self._clock()) if not row["tries"] else Mood.NORMAL
            if mood is Mood.NEVER_TOLD:
                self._note(row, "kept back", taken=True)
                continue
            self._send(row)
            if mood is Mood.TOLD_TWICE:
                self._send(row)
        return len(due)

    def _run(self) -> None:
        while True:
            try:
                self.work()
            except sqlite3.OperationalError as error:
                logger().warning("the courier's books are busy", error=type(error).__name__)
            self._something_new.wait(_TICK_SECONDS)
            self._something_new.clear()

    def _claim(self, row: Row, now: float) -> bool:
        """Write the attempt and the next try down before anything is sent; another process may be quicker."""
        tries = row["tries"] + 1
        next_try = now + min(LONGEST_DELAY_SECONDS, 2 ** (tries - 1)) if tries < MOST_TRIES else None
        with self._books.write() as connection:
            changed = connection.execute(
                "UPDATE notices SET tries = ?, due_at = ? WHERE id = ? AND tries = ? AND due_at IS NOT NULL",
                (tries, next_try, row["id"], row["tries"]),
            )
            return changed.rowcount == 1

    def _send(self, row: Row) -> None:
        body = row["body"].encode()
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": row["id"],
            **signed_headers("Courier", self._secret, body, self._clock()),
        }
        try:
            response = self._session.post(
                row["url"], data=body, headers=headers, timeout=TIMEOUT_SECONDS, allow_redirects=False
            )
        except requests.RequestException as error:
            self._note(row, type(error).__name__, taken=False)
        else:
            self._note(row, str(response.status_code), taken=response.status_code in _OK)

    def _note(self, row: Row, answer: str, *, taken: bool) -> None:
        ended = self._clock().timestamp() if taken else None
        with self._books.write() as connection:
            connection.execute("UPDATE notices SET last_answer = ? WHERE id = ?", (answer, row["id"]))
            if ended is not None:
                change = "UPDATE notices SET delivered_at = ?, due_at = NULL WHERE id = ?"
                connection.execute(change, (ended, row["id"]))
