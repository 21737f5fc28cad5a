"""The thread of a worker that sends: facts, heartbeats, and what was asked for again."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from functools import partial

from shared.database import Database
from shared.logs import logger
from shared.messaging.broker import BrokerDown
from shared.messaging.heartbeat import EVERY
from shared.messaging.inbox import UNAVAILABLE
from shared.messaging.loops import ACTIVE_POLL, ACTIVE_SECONDS, IDLE_POLL, Loop, Pause
from shared.messaging.outgoing import Outgoing
from shared.messaging.relay import LIMIT
from shared.messaging.watch import watch

_LOOK_ANYWAY_SECONDS = 5.0
TOGETHER_SECONDS = 0.05
"""A first fact leaves at once; what trickles in so shortly after it leaves together, for three transactions each cost
nearly as much as the bookings that they tell of."""


class Sending(Loop):
    """Relay, heartbeats and resends of all services of this worker."""

    name = "sending"

    def __init__(
        self,
        stop: threading.Event,
        outgoing: Outgoing,
        databases: Mapping[str, Database],
        on_sent: Callable[[], None],
    ) -> None:
        super().__init__(stop)
        self._outgoing, self._databases, self._on_sent = outgoing, databases, on_sent
        self._watches = {name: watch(database) for name, database in databases.items()}
        self._look_at = dict.fromkeys(databases, 0.0)
        self._rest_until = dict.fromkeys(databases, 0.0)
        self._beat_at = 0.0
        self._opened = 0
        self._active_until = 0.0
        self._pause = Pause()

    def turn(self) -> None:
        """Send what waits; with the broker away, wait and try again."""
        try:
            busy = self._send_all()
            self._pause.went_well()
        except BrokerDown as error:
            seconds = self._pause.after_failure()
            logger().warning("sending pauses", error=str(error), seconds=seconds)
            self._look_at = dict.fromkeys(self._look_at, 0.0)
            self.stop.wait(seconds)
            return
        now = time.monotonic()
        if busy:
            self._active_until = now + ACTIVE_SECONDS
        else:
            self.wake.wait(ACTIVE_POLL if now < self._active_until else IDLE_POLL)
            self.wake.clear()

    def _send_all(self) -> bool:
        busy = False
        for service in self._outgoing.services:
            busy |= self._relay(service.name)
        if self._outgoing.has_waiting:
            busy |= self._guarded("send again", self._outgoing.send_waiting) > 0
        now = time.monotonic()
        if now >= self._beat_at or self._outgoing.publisher.opened != self._opened:
            self._beat(now)
        if busy:
            self._on_sent()
        return busy

    def _relay(self, service: str) -> bool:
        now = time.monotonic()
        if now < self._rest_until[service]:
            return False
        due = now >= self._look_at[service]
        if not self._watches[service].changed() and not due:
            return False
        self._look_at[service] = now + _LOOK_ANYWAY_SECONDS
        sent = self._guarded(service, partial(self._outgoing.relay, service))
        if sent >= LIMIT or self._outgoing.publisher.is_full:
            self._look_at[service] = 0.0
        elif sent:
            self._rest_until[service] = now + TOGETHER_SECONDS
        return sent > 0

    def beat_soon(self) -> None:
        """Our queues may be new: what was sent while they were not there is found by a heartbeat (any thread)."""
        self._beat_at = 0.0
        self.wake.set()

    def _beat(self, now: float) -> None:
        """A new connection may mean a broker that forgot everything: say at once what there is."""
        self._beat_at = now + EVERY
        self._outgoing.publisher.connect()
        self._opened = self._outgoing.publisher.opened
        for service in self._outgoing.services:
            self._guarded(service.name, partial(self._outgoing.beat, service.name))

    def _guarded(self, what: str, act: Callable[[], int]) -> int:
        """One service's database may be away without stopping the others'."""
        try:
            return act()
        except UNAVAILABLE as error:
            logger().warning("a database is not available to the relay", service=what, error=type(error).__name__)
            return 0

    def end(self) -> None:
        """Close the connections."""
        self._outgoing.publisher.close()
        for each in self._watches.values():
            each.close()
