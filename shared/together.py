"""Serving everybody who asks at the same moment with one piece of work: what a rush costs is shared by the crowd."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

QUICK_SECONDS = 1.0
ENOUGH = 16
"""So many share the cost of one piece of work well; half of a larger crowd is taken at once."""

Asked = TypeVar("Asked")
Given = TypeVar("Given")


class _Waiting(Generic[Asked, Given]):
    """Somebody in the hall: what they ask for, and what they are given once it is there."""

    __slots__ = ("asked", "error", "given", "leads", "woken")

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.woken = threading.Event()
        self.leads = False
        self.given: list[Given] = []
        self.error: Exception | None = None


class Together(Generic[Asked, Given]):
    """`serve` is given a list of what is asked for, and gives as many results in the same order.

    The first who asks leads: it lets everyone who is ready join, takes half of a large crowd and never more than
    `limit`, hands each its own result and passes the lead to the first who waits. (Who is served together leaves
    together and comes back together; if that were everybody, nobody would work meanwhile.)

    If `serve` fails for all together, it is called for each alone, unless it took long to fail: a crowd that waits one
    after the other would stop everybody. One who asks alone is a list of one: there is no second path.
    """

    def __init__(self, serve: Callable[[list[Asked]], Sequence[Given]], limit: int = 64) -> None:
        self._work, self._limit = serve, limit
        self._queue: list[_Waiting[Asked, Given]] = []
        self._lock = threading.Lock()
        self._led = False

    def ask(self, asked: Asked) -> Given:
        """The result for what is asked, whoever led the work; raises what its own work raised."""
        entry: _Waiting[Asked, Given] = _Waiting(asked)
        with self._lock:
            self._queue.append(entry)
            entry.leads, self._led = not self._led, True
        if not entry.leads:
            entry.woken.wait()
        if entry.leads:
            self._lead()
        if entry.error is not None:
            raise entry.error
        if not entry.given:
            raise RuntimeError("the work was cut off")
        return entry.given[0]

    def _lead(self) -> None:
        time.sleep(0)  # everybody who is ready joins; without it nobody ever came together
        with self._lock:
            portion = min(self._limit, max(ENOUGH, len(self._queue) // 2))
            batch, self._queue = self._queue[:portion], self._queue[portion:]
        try:
            self._serve(batch)
        finally:
            with self._lock:
                self._led = bool(self._queue)
                if self._led:
                    self._queue[0].leads = True
                    self._queue[0].woken.set()

    def _serve(self, batch: list[_Waiting[Asked, Given]]) -> None:
        began = time.monotonic()
        try:
            results = self._work([entry.asked for entry in batch])
            for entry, result in zip(batch, results, strict=True):
                entry.given.append(result)
        except Exception as error:  # noqa: BLE001 (each gets what its own work raised)
            alone = len(batch) > 1 and time.monotonic() - began < QUICK_SECONDS
            for entry in batch:
                if alone:
                    self._serve([entry])
                else:
                    entry.error = error
        finally:
            for entry in batch:
                entry.woken.set()
