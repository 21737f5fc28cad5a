"""The clock as a door: due rows are taken in small units of work, by any number of workers at once."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from shared.clock import Clock
from shared.database import Database

LIMIT = 100
LONGEST_TURN_SECONDS = 30.0


@dataclass(frozen=True)
class Timer:
    """A use case that the clock asks for: `run(uow, *, now, limit) -> number of rows handled`.

    It takes its due rows with FOR UPDATE SKIP LOCKED, so that two workers handle each row once. `every` is in seconds.
    """

    name: str
    every: float
    run: Callable[..., int]

    def fire(self, database: Database, clock: Clock, outside: Any = None) -> int:  # noqa: ARG002 (as IntentTimer)
        """Run until fewer than a full portion was due; gives the number of rows handled."""
        total = 0
        while True:
            with database.write() as uow:
                handled = self.run(uow, now=clock(), limit=LIMIT)
            total += handled
            if handled < LIMIT:
                return total


@dataclass(frozen=True)
class IntentTimer:
    """Calls the outside world for intents that are due, with no transaction open while it waits for the answer.

    `take(uow, *, now, limit)` gives the due intents and writes down the attempt and the next try (so a killed worker's
    intent comes back by itself); `call(outside, intent)` asks the other side and never raises for what it answers;
    `conclude(uow, *, intent, answer, now)` writes down what it said. An answer may be "unknown": then the next attempt
    asks what happened before it does anything again.
    """

    name: str
    every: float
    take: Callable[..., Sequence[Any]]
    call: Callable[[Any, Any], Any]
    conclude: Callable[..., Any]
    party: str = ""
    """Who is called: each party of a service has a thread of its own, so that a silent one holds up nobody else."""
    at_once: int = LIMIT
    """How many intents are taken at a time: few where an answer may take long, so that a worker is seen to be alive."""

    def fire(self, database: Database, clock: Clock, outside: Any = None) -> int:
        """Work through what is due, for half a minute at most; gives the number of intents called."""
        total, end = 0, time.monotonic() + LONGEST_TURN_SECONDS
        while True:
            with database.write() as uow:
                intents = list(self.take(uow, now=clock(), limit=self.at_once))
            for intent in intents:
                answer = self.call(outside, intent)
                with database.write() as uow:
                    self.conclude(uow, intent=intent, answer=answer, now=clock())
            total += len(intents)
            if len(intents) < self.at_once or time.monotonic() > end:
                return total


def next_try(now: datetime, tries: int, *, first: float = 2.0, longest: float = 300.0) -> datetime:
    """When to try again after `tries` attempts: doubling from `first` seconds up to `longest`."""
    return now + timedelta(seconds=min(longest, first * 2 ** max(0, tries - 1)))
