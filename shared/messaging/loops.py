"""What the threads of a worker have in common: they turn until they are told to stop, and pause after a failure."""

from __future__ import annotations

import abc
import threading
import time
import traceback

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 15.0
ACTIVE_SECONDS = 10.0
"""How long after the last message a thread still looks more often."""
ACTIVE_POLL, IDLE_POLL = 0.05, 0.1


class Pause:
    """How long to wait after a failure: doubling, until something went well."""

    def __init__(self) -> None:
        self._next = FIRST_PAUSE

    def after_failure(self) -> float:
        """Seconds to wait now."""
        seconds, self._next = self._next, min(self._next * 2, LONGEST_PAUSE)
        return seconds

    def went_well(self) -> None:
        """The next failure waits shortly again."""
        self._next = FIRST_PAUSE


def place_of(error: BaseException) -> str:
    """Where in the code an error arose: what a log may tell of it, for its text may hold personal data."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{frames[-1].filename}:{frames[-1].lineno}" if frames else ""


class Loop(abc.ABC):
    """One thread's work. `alive_at` is moved on each turn (monotonic seconds)."""

    name = "loop"

    def __init__(self, stop: threading.Event) -> None:
        self.stop = stop
        self.wake = threading.Event()
        self.alive_at = time.monotonic()

    def run(self) -> None:
        """Turn until `stop` is set."""
        while not self.stop.is_set():
            self.alive_at = time.monotonic()
            self.turn()

    @abc.abstractmethod
    def turn(self) -> None:
        """One turn; may wait, but not long."""

    def end(self) -> None:  # noqa: B027 (most threads hold nothing)
        """Give back what the thread held."""
