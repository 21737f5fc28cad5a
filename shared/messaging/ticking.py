"""The thread of a worker that keeps time."""

from __future__ import annotations

import heapq
import itertools
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from shared.logs import logger
from shared.messaging.loops import Loop, Pause, place_of


@dataclass(frozen=True)
class Tick:
    """Something the clock asks for every `every` seconds; gives how much it handled."""

    name: str
    every: float
    fire: Callable[[], int]


class Ticking(Loop):
    """Fires ticks when they are due. A tick that fails is tried again later, and never stops the others."""

    name = "ticking"

    def __init__(self, stop: threading.Event, ticks: Sequence[Tick], on_handled: Callable[[], None]) -> None:
        super().__init__(stop)
        self._on_handled = on_handled
        self._order = itertools.count()
        now = time.monotonic()
        self._due = [(now, next(self._order), tick, Pause()) for tick in ticks]
        heapq.heapify(self._due)

    def turn(self) -> None:
        """Fire the tick that is longest due, or wait for it."""
        at, _, tick, pause = self._due[0]
        seconds = at - time.monotonic()
        if seconds > 0:
            self.stop.wait(min(seconds, 1.0))
            return
        heapq.heappop(self._due)
        again = self._fire(tick, pause)
        heapq.heappush(self._due, (time.monotonic() + again, next(self._order), tick, pause))

    def _fire(self, tick: Tick, pause: Pause) -> float:
        try:
            handled = tick.fire()
        except Exception as error:  # noqa: BLE001 - one timer's error must not stop the others
            seconds = max(tick.every, pause.after_failure())
            logger().error(
                "a timer failed", timer=tick.name, error=type(error).__name__, place=place_of(error), seconds=seconds
            )
            return seconds
        pause.went_well()
        if handled:
            self._on_handled()
        return tick.every
