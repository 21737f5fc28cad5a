"""The thread of a worker that receives: one connection for the queues of all its services."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import kombu

from shared.clock import Clock
from shared.database import Database
from shared.logs import logger
from shared.messaging.broker import BROKEN, Broker, BrokerDown, hang_up
from shared.messaging.inbox import InboxUnavailable, receive
from shared.messaging.loops import ACTIVE_POLL, ACTIVE_SECONDS, IDLE_POLL, Loop, Pause
from shared.messaging.publisher import body_of
from shared.service import Service

_PREFETCH = 16


class Receiving(Loop):
    """One connection for the queues of all services of this worker."""

    name = "receiving"

    def __init__(
        self,
        stop: threading.Event,
        services: Sequence[Service],
        databases: Mapping[str, Database],
        broker: Broker,
        clock: Clock,
        on_outcome: Callable[[str, Any], None],
        on_opened: Callable[[], None] = lambda: None,
    ) -> None:
        super().__init__(stop)
        self._services, self._databases, self._broker = services, databases, broker
        self._clock, self._on_outcome, self._on_opened = clock, on_outcome, on_opened
        self._connection: kombu.Connection | None = None
        self._consumers: list[kombu.Consumer] = []
        self._pause = Pause()
        self._active_until = 0.0

    def turn(self) -> None:
        """Handle what comes; when broker or inbox fail, leave the messages with the broker and come back later."""
        try:
            if self._connection is None:
                self._open()
            self._drain()
        except (BrokerDown, InboxUnavailable, *BROKEN) as error:
            self._hang_up(broken=isinstance(error, BROKEN))
            seconds = self._pause.after_failure()
            logger().warning("receiving pauses", error=type(error).__name__, detail=str(error)[:80], seconds=seconds)
            self.stop.wait(seconds)

    def _open(self) -> None:
        connection = self._broker.open(self._services, beats=True)
        self._connection = connection
        channel = connection.channel()
        for service in self._services:
            consumer = kombu.Consumer(
                channel,
                [self._broker.queue(service.name)],
                on_message=partial(self._handle, service),
                auto_declare=False,
                prefetch_count=_PREFETCH,
            )
            consumer.consume()
            self._consumers.append(consumer)
        self._on_opened()

    def _drain(self) -> None:
        if self._connection is None:
            return
        if self._broker.is_amqp:
            self._drain_one(1.0)
            self._connection.heartbeat_check()
            return
        self.wake.clear()
        if not self._drain_one(0):
            active = time.monotonic() < self._active_until
            self.wake.wait(ACTIVE_POLL if active else IDLE_POLL)

    def _drain_one(self, seconds: float) -> bool:
        if self._connection is None:
            return False
        try:
            self._connection.drain_events(timeout=seconds)
        except TimeoutError:
            return False
        return True

    def _handle(self, service: Service, message: Any) -> None:
        outcome = receive(service, self._databases[service.name], body_of(message), clock=self._clock)
        message.ack()
        self._pause.went_well()
        self._active_until = time.monotonic() + ACTIVE_SECONDS
        self._on_outcome(service.name, outcome)

    def _hang_up(self, *, broken: bool) -> None:
        connection, self._connection, self._consumers = self._connection, None, []
        if connection is not None:
            hang_up(connection, broken=broken and self._broker.is_amqp)

    def end(self) -> None:
        """Close the connection; what was not acknowledged goes back to its queue."""
        self._hang_up(broken=False)
