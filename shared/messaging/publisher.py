"""Sending so that "sent" means "the broker has it": confirmed, in bounded time, and nothing lost silently."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

import kombu

from shared.events import Envelope
from shared.logs import logger
from shared.messaging.batches import MEDIA_TYPE, to_bytes
from shared.messaging.broker import BROKEN, Broker, BrokerDown, hang_up
from shared.service import Service

CONFIRM_SECONDS = 5
MOST_FILES = 200
"""A folder of thousands of files drains slowly, so the relay waits while more than this are there."""


class Publisher:
    """One connection for sending, used by one thread. It opens by itself and after a failure opens anew."""

    def __init__(self, broker: Broker, services: Iterable[Service]) -> None:
        self.broker = broker
        self.returned: Counter[str] = Counter()
        """Messages of each type that no queue was bound for: no error, but worth knowing."""
        self.opened = 0
        """How often the connection was opened; a new one may mean a new, empty broker."""
        self._services = tuple(services)
        self._connection: kombu.Connection | None = None
        self._producer: Any = None

    def connect(self) -> None:
        """Be ready to send. Raises BrokerDown."""
        if self._connection is not None and self.broker.was_wiped():
            self.close()
        if self._connection is None:
            self._connection = self.broker.open(self._services)
            self._producer = kombu.Producer(
                self._connection.channel(), on_return=self._on_return if self.broker.is_amqp else None
            )
            self.opened += 1

    @property
    def is_full(self) -> bool:
        """Whether so much waits in the folder that more would only slow it down."""
        return self.broker.waiting_files() > MOST_FILES

    def send(self, batch: list[Envelope]) -> None:
        """Send a batch of one type to everybody who subscribes to it. Raises BrokerDown; then it may have arrived."""
        self._publish(batch, exchange=self.broker.exchange.name, routing_key=batch[0]["type"])

    def send_to(self, service: str, batch: list[Envelope]) -> None:
        """Send a batch to the queue of one service only."""
        self._publish(batch, exchange="", routing_key=self.broker.queue_name(service))

    def _publish(self, batch: list[Envelope], *, exchange: str, routing_key: str) -> None:
        self.connect()
        try:
            self._producer.publish(
                to_bytes(batch),
                exchange=exchange,
                routing_key=routing_key,
                content_type=MEDIA_TYPE,
                content_encoding="binary",
                delivery_mode="persistent",
                mandatory=True,
                timeout=CONFIRM_SECONDS,
                confirm_timeout=CONFIRM_SECONDS,
            )
        except BROKEN as error:
            self.close(broken=True)
            raise BrokerDown(type(error).__name__) from error

    def _on_return(self, _error: Exception, _exchange: str, routing_key: str, _message: Any) -> None:
        self.returned[routing_key] += 1
        if self.returned[routing_key] == 1:
            logger().info("nobody subscribes to this type yet", type=routing_key)

    def close(self, *, broken: bool = False) -> None:
        """Give the connection back; whatever goes wrong with it no longer matters."""
        connection, self._connection, self._producer = self._connection, None, None
        if connection is not None:
            hang_up(connection, broken=broken and self.broker.is_amqp)


def body_of(message: Any) -> bytes:
    """The bytes of a received message; some transports have made text of them already."""
    return message.body if isinstance(message.body, bytes) else str(message.body).encode("utf-8", "surrogatepass")
