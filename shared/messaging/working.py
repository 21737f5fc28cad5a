"""The thread of a worker that does the long work of one service, step by step."""

from __future__ import annotations

import threading
from collections.abc import Callable

from shared.database import Busy
from shared.jobs import Runner
from shared.logs import logger
from shared.messaging.loops import Loop, Pause, place_of

_LOOK_SECONDS = 0.5


class Working(Loop):
    """Does one step of a job in each turn. It stands in nobody's way: timers and relay have threads of their own."""

    name = "working"

    def __init__(self, stop: threading.Event, runner: Runner, on_handled: Callable[[], None]) -> None:
        super().__init__(stop)
        self._runner, self._on_handled, self._pause = runner, on_handled, Pause()

    def turn(self) -> None:
        """Do a step, or look again soon."""
        try:
            worked = self._runner.step()
        except Exception as error:  # noqa: BLE001 - a database that is away comes back
            seconds = self._pause.after_failure()
            if not isinstance(error, Busy):
                logger().error("jobs cannot be done", error=type(error).__name__, place=place_of(error))
            self.stop.wait(seconds)
            return
        self._pause.went_well()
        if worked:
            self._on_handled()
        else:
            self.stop.wait(_LOOK_SECONDS)

    def end(self) -> None:
        """Give the job in hand back: the next worker need not wait for its lease."""
        try:
            self._runner.let_go()
        except Exception as error:  # noqa: BLE001 - then its lease ends by itself
            logger().warning("a job is left to its lease", error=type(error).__name__)
