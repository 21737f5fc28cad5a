"""When facts leave: the first at once, what trickles in after it together, what is much without a pause."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest

from shared.messaging import sending
from shared.messaging.relay import LIMIT
from shared.messaging.sending import TOGETHER_SECONDS, Sending
from shared.service import Service
from tests.shared.messaging.hospital import WARD


class Outbox:
    """An outbox whose facts are only counted, and the publisher beside it."""

    opened, is_full, has_waiting = 1, False, False

    def __init__(self) -> None:
        self.waiting = 0
        self.portions: list[int] = []
        self.publisher = self
        self.services: list[Service] = [WARD]

    def relay(self, _service: str) -> int:
        """Send what waits, at most a portion."""
        sent = min(self.waiting, LIMIT)
        self.waiting -= sent
        self.portions.append(sent)
        return sent

    def changed(self) -> bool:
        """The watch beside it."""
        return self.waiting > 0

    def connect(self) -> None:
        """Open already."""

    def beat(self, _service: str) -> int:
        """Nothing to tell."""
        return 0


@pytest.fixture
def outbox() -> Outbox:
    return Outbox()


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The monotonic clock, in its first element."""
    now = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    return now


@pytest.fixture
def thread(outbox: Outbox, at: list[float], monkeypatch: pytest.MonkeyPatch) -> Sending:
    monkeypatch.setattr(sending, "watch", lambda _database: outbox)
    stop = threading.Event()
    made = Sending(stop, outbox, {WARD.name: None}, lambda: None)  # type: ignore[arg-type, dict-item]
    monkeypatch.setattr(made.wake, "wait", lambda _seconds: True)
    return made


def turn(thread: Any, times: int = 1) -> None:
    for _ in range(times):
        thread.turn()


def test_the_first_fact_leaves_at_once_and_what_follows_shortly_leaves_together(
    outbox: Outbox, thread: Sending, at: list[float]
) -> None:
    turn(thread)
    outbox.waiting = 1
    turn(thread)
    assert outbox.portions == [0, 1]
    for _ in range(3):
        outbox.waiting += 1
        turn(thread)
    assert outbox.portions == [0, 1]
    at[0] += TOGETHER_SECONDS
    turn(thread, 2)
    assert outbox.portions == [0, 1, 3]


def test_a_full_portion_is_followed_by_the_next_without_a_rest(outbox: Outbox, thread: Sending) -> None:
    outbox.waiting = 2 * LIMIT + 7
    turn(thread, 3)
    assert outbox.portions == [LIMIT, LIMIT, 7]
