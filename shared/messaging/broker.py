"""The queue's address and shape: one topic exchange, a durable queue per service, declared before anything is sent."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import kombu
from amqp.exceptions import AMQPError, MessageNacked
from kombu.exceptions import KombuError

from shared.logs import logger
from shared.messaging.transports import FolderTransport, folder_options, memory_transport
from shared.service import Service

HEARTBEAT_TYPE = "anxin.heartbeat.v1"
RESEND_TYPE = "anxin.resend_requested.v1"

BROKEN = (OSError, AMQPError, KombuError, MessageNacked)
"""Whatever can go wrong between us and the broker; a socket's timeout is an OSError.

A broker that loses a queue while we send to it says so with a negative confirm, which is not one of AMQP's errors.
"""

_CONNECT_SECONDS = 3
_AMQP_HEARTBEAT_SECONDS = 30
_OFTEN = 1_000_000_000
"""Redeliveries a quorum queue allows: the inbox decides about retries, not the broker."""


class BrokerDown(Exception):
    """The broker cannot be reached, or did not confirm in time: nothing is lost, try again later."""


class Broker:
    """A message broker: `amqp://…` (RabbitMQ), `filesystem://` (a folder below the data folder) or `memory://` (tests).

    `namespace` begins the names of exchange and queues.
    """

    def __init__(self, url: str, data_dir: Path | None = None, *, namespace: str = "hospital") -> None:
        self.url = url
        self.scheme = url.partition("://")[0].partition("+")[0]
        self.namespace = namespace
        self.folder: Path | None = None
        self._memory = memory_transport() if self.scheme == "memory" else None
        if self.scheme == "filesystem":
            if data_dir is None:
                raise ValueError("filesystem:// needs a data folder")
            self.folder = data_dir / "queue"
        self.exchange = kombu.Exchange(f"{namespace}.events", type="topic", durable=True)

    @property
    def is_amqp(self) -> bool:
        """Whether a broker process stands behind it, with confirms and pushed messages."""
        return self.folder is None and self._memory is None

    def queue_name(self, service: str) -> str:
        """The name of a service's queue."""
        return f"{self.namespace}.{service}"

    def connection(self, *, beats: bool = False) -> kombu.Connection:
        """A new connection, not yet open; `beats` asks for AMQP heartbeats, which its user then has to keep up."""
        if self._memory is not None:
            return kombu.Connection(transport=self._memory)
        if self.folder is not None:
            return kombu.Connection(transport=FolderTransport, transport_options=folder_options(self.folder))
        return kombu.Connection(
            self.url,
            connect_timeout=_CONNECT_SECONDS,
            heartbeat=_AMQP_HEARTBEAT_SECONDS if beats else 0,
            transport_options={"confirm_publish": True},
        )

    def open(self, services: Iterable[Service], *, beats: bool = False) -> kombu.Connection:
        """An open connection on which exchange, queues and bindings of these services exist. Raises BrokerDown."""
        connection = None
        try:
            connection = self.connection(beats=beats)
            connection.ensure_connection(max_retries=1, interval_start=0, interval_step=0, interval_max=0)
            self.declare(connection, services)
        except BROKEN as error:
            if connection is not None:
                hang_up(connection, broken=self.is_amqp)
            raise BrokerDown(type(error).__name__) from error
        return connection

    def declare(self, connection: kombu.Connection, services: Iterable[Service]) -> None:
        """Make the exchange and a queue per service, bound for each type it subscribes to and for heartbeats."""
        with _one_at_a_time(self.folder), connection.channel() as channel:
            self.exchange(channel).declare()
            for service in services:
                queue = self.queue(service.name)(channel)
                queue.queue_declare()
                for type_ in (*service.subscriptions, HEARTBEAT_TYPE):
                    queue.bind_to(exchange=self.exchange, routing_key=type_)

    def queue(self, service: str) -> kombu.Queue:
        """A service's queue: durable, and a quorum queue on RabbitMQ."""
        arguments = {"x-queue-type": "quorum", "x-delivery-limit": _OFTEN} if self.is_amqp else {}
        return kombu.Queue(self.queue_name(service), durable=True, queue_arguments=arguments)

    def waiting_files(self) -> int:
        """How many messages wait in the folder; 0 for other transports, which keep their own house."""
        if self.folder is None:
            return 0
        try:
            return sum(1 for _ in os.scandir(self.folder / "waiting"))
        except FileNotFoundError:
            return 0

    def was_wiped(self) -> bool:
        """Whether the folder's bindings are gone, so that a message would go nowhere."""
        return self.folder is not None and not (self.folder / "bindings" / f"{self.exchange.name}.exchange").exists()

    def drop(self, services: Iterable[str]) -> None:
        """Delete queues and exchange with all that waits in them; whoever opens next declares them again."""
        with self.connection() as connection, connection.channel() as channel:
            for service in services:
                channel.queue_delete(self.queue_name(service))
            self.exchange(channel).delete()


class _one_at_a_time:  # noqa: N801 - reads as a condition in a with statement
    """Two processes that declare in one folder would overwrite each other's bindings."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._lock: Any = None

    def __enter__(self) -> None:
        if self._folder is not None:
            self._lock = (self._folder / "declare.lock").open("a")
            fcntl.flock(self._lock, fcntl.LOCK_EX)

    def __exit__(self, *_: object) -> None:
        if self._lock is not None:
            self._lock.close()


def hang_up(connection: kombu.Connection, *, broken: bool = False) -> None:
    """Close a connection; what it held unacknowledged goes back to its queue.

    A broken one is dropped without a word: a broker that does not answer would never answer the farewell either.
    """
    try:
        if broken:
            connection.collect()
        else:
            connection.release()
    except BROKEN as error:
        logger().info("the broken connection did not close", error=type(error).__name__)
