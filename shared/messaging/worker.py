"""A worker process: receives, sends and keeps time for one service or for all of them.

A thread that dies ends the process, so that whoever started it starts it anew. SIGTERM lets each thread finish what it
has in hand.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from shared.clock import Clock, utc_now
from shared.database import Database
from shared.idempotency import forget_old_keys
from shared.jobs import Runner
from shared.logs import logger
from shared.messaging.broker import Broker
from shared.messaging.inbox import Outcome, retry_due
from shared.messaging.loops import Loop, place_of
from shared.messaging.outgoing import Outgoing
from shared.messaging.publisher import Publisher
from shared.messaging.receiving import Receiving
from shared.messaging.relay import forget_sent_facts
from shared.messaging.sending import Sending
from shared.messaging.ticking import Tick, Ticking
from shared.messaging.transports import folder_options, put_back
from shared.messaging.working import Working
from shared.service import Service
from shared.settings import Settings
from shared.timers import IntentTimer, Timer

SIGN_OF_LIFE_SECONDS = 5.0
STUCK_SECONDS = 120.0
_DRAIN_SECONDS = 8.0
_RETRY_SECONDS = 1.0

HOUSEKEEPING = (
    Timer("forget sent facts", 3600.0, forget_sent_facts),
    Timer("forget idempotency keys", 600.0, forget_old_keys),
)


def alive_file(data_dir: Path, service: str) -> Path:
    """The file that the worker of a service touches every five seconds while all its threads go on."""
    return data_dir / "alive" / service


def seconds_since_alive(data_dir: Path, service: str) -> float | None:
    """How long ago the worker of a service gave a sign of life; None when it never did."""
    try:
        return max(0.0, time.time() - alive_file(data_dir, service).stat().st_mtime)
    except FileNotFoundError:
        return None


class Worker:
    """The worker of these services. Make it in the process that runs it: it opens databases."""

    def __init__(
        self, services: Sequence[Service], settings: Settings, *, clock: Clock = utc_now, broker: Broker | None = None
    ) -> None:
        self.services = services
        self.databases: dict[str, Database] = {each.name: each.open_database(settings) for each in services}
        self.received = Outcome()
        self._data_dir = settings.data_dir
        self._broker = broker or Broker(settings.broker_url, settings.data_dir)
        self._stop = threading.Event()
        self._died = False
        self._outgoing = Outgoing(services, self.databases, Publisher(self._broker, services), clock)
        self._receiving = Receiving(
            self._stop, services, self.databases, self._broker, clock, self._on_outcome, self._on_opened
        )
        self._sending = Sending(self._stop, self._outgoing, self.databases, self._receiving.wake.set)
        self._loops: list[Loop] = [self._receiving, self._sending, *self._clocks(settings, clock)]

    def _clocks(self, settings: Settings, clock: Clock) -> list[Loop]:
        """One thread for the own timers of all; a service has one for long work, one for each party outside."""
        inside: list[Tick] = []
        loops: list[Loop] = []
        for service in self.services:
            database = self.databases[service.name]
            fire: Callable[[Any, Any], Tick] = partial(_tick, service, database, clock)
            own = [fire(each, None) for each in service.timers if isinstance(each, Timer)]
            try_again = partial(retry_due, service, database, clock=clock)
            retry = Tick(f"{service.name}: try again", _RETRY_SECONDS, try_again)
            inside += [retry, *own, *(fire(each, None) for each in HOUSEKEEPING)]
            intents = [each for each in service.timers if isinstance(each, IntentTimer)]
            outside = service.outside(settings) if service.outside and (intents or service.jobs) else None
            for party in dict.fromkeys(each.party for each in intents):
                ticks = [fire(each, outside) for each in intents if each.party == party]
                loops.append(Ticking(self._stop, ticks, self._sending.wake.set))
            if service.jobs:
                runner = Runner(service.jobs, database, clock, outside)
                loops.append(Working(self._stop, runner, self._sending.wake.set))
        return [Ticking(self._stop, inside, self._sending.wake.set), *loops]

    def _on_outcome(self, service: str, outcome: Outcome) -> None:
        self._outgoing.accept(service, outcome)
        self.received.add(outcome)
        self.received.letters.clear()
        self.received.wanted.clear()
        self._sending.wake.set()

    def _on_opened(self) -> None:
        self._sending.beat_soon()

    # ---------------------------------------------------------------------------------------------------- running

    def run(self) -> int:
        """Work until SIGTERM or SIGINT; gives the exit code: 0 when asked to stop, 1 when a thread died."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.stop())
        return self.work()

    def stop(self) -> None:
        """Ask all threads to finish what they have in hand."""
        self._stop.set()
        for loop in self._loops:
            loop.wake.set()

    def work(self) -> int:
        """The same as `run` for a thread that may not set signal handlers."""
        if self._broker.folder is not None:
            folder_options(self._broker.folder)
            put_back(self._broker.folder, {self._broker.queue_name(each.name) for each in self.services})
        threads = [
            threading.Thread(target=self._guard, args=[loop], name=loop.name, daemon=True) for loop in self._loops
        ]
        for thread in threads:
            thread.start()
        while not self._stop.wait(SIGN_OF_LIFE_SECONDS if self._give_sign_of_life() else 1.0):
            pass
        self.stop()
        deadline = time.monotonic() + _DRAIN_SECONDS
        for thread in threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        stuck = [thread.name for thread in threads if thread.is_alive()]
        if stuck:
            logger().error("threads did not end in time", threads=stuck)
        else:
            for database in self.databases.values():
                database.close()
        return 1 if self._died else 0

    def _guard(self, loop: Loop) -> None:
        try:
            loop.run()
        except BaseException as error:  # noqa: BLE001 - whatever it is, the process must not go on without this thread
            self._died = True
            logger().critical("a thread died", thread=loop.name, error=type(error).__name__, place=place_of(error))
        finally:
            self.stop()
            loop.end()

    def _give_sign_of_life(self) -> bool:
        """Touch the services' files, but only while every thread has turned within two minutes."""
        oldest = min(loop.alive_at for loop in self._loops)
        if time.monotonic() - oldest > STUCK_SECONDS:
            return False
        for service in self.services:
            path = alive_file(self._data_dir, service.name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
            os.utime(path)
        return True


def _tick(service: Service, database: Database, clock: Clock, timer: Timer | IntentTimer, outside: Any) -> Tick:
    return Tick(f"{service.name}: {timer.name}", timer.every, partial(timer.fire, database, clock, outside))
