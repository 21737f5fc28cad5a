"""Kombu's own embedded transports, with the few changes that a hospital needs.

`filesystem://`: a message appears whole or not at all (kombu writes it where readers already look), it stays on disk
until it is acknowledged, so a killed worker loses nothing, and it goes back to its own queue only.
`memory://`: every broker object has queues of its own, so that two tests in one process do not hear each other.
"""

from __future__ import annotations

import base64
import contextlib
import itertools
import json
import os
import time
from collections import deque
from pathlib import Path
from queue import Empty
from typing import Any

from kombu.transport import filesystem, memory, virtual

_LISTING_SECONDS = 0.01
"""A look into the folder serves all queues of one round."""


class _FolderQoS(virtual.QoS):
    """An acknowledged message leaves the disk."""

    def ack(self, delivery_tag: str) -> None:
        message = self._delivered.get(delivery_tag)
        super().ack(delivery_tag)
        if message is not None:
            with contextlib.suppress(FileNotFoundError):
                (self.channel.in_hand / message.delivery_info["file"]).unlink()


class _FolderChannel(filesystem.Channel):
    """Messages as files: written aside and renamed into place, renamed into `in_hand` while they are handled."""

    QoS = _FolderQoS
    _numbers = itertools.count()

    def __init__(self, connection: Any, **kwargs: Any) -> None:
        super().__init__(connection, **kwargs)
        self.folder = Path(self.data_folder_in)
        self.in_hand = Path(self.processed_folder)
        self._waiting: dict[str, deque[str]] = {}
        self._looked_at = 0.0

    def _put(self, queue: str, payload: dict[str, Any], **_: Any) -> None:
        # The name sorts by the time of sending: the folder is read in that order.
        name = f"{time.time_ns():020d}-{os.getpid()}-{next(self._numbers)}.{queue}.msg"
        draft = self.in_hand / f".{name}"
        draft.write_text(json.dumps(payload), encoding="ascii")
        draft.rename(self.folder / name)

    def _get(self, queue: str) -> dict[str, Any]:
        if not self._waiting.get(queue):
            self._look()
        names = self._waiting.get(queue) or deque()
        while names:
            name = names.popleft()
            held = self.in_hand / name
            try:
                (self.folder / name).rename(held)
            except FileNotFoundError:
                continue  # another process of the same queue was quicker
            return _payload_of(held)
        raise Empty

    def _look(self) -> None:
        now = time.monotonic()
        if now - self._looked_at < _LISTING_SECONDS:
            return
        self._looked_at = now
        self._waiting.clear()
        for name in sorted(each.name for each in os.scandir(self.folder)):
            queue = name.partition(".")[2].removesuffix(".msg")
            self._waiting.setdefault(queue, deque()).append(name)

    def _restore(self, message: Any) -> None:
        """What was not acknowledged waits again, in the queue it came from (kombu would send it to all of them)."""
        name = message.delivery_info["file"]
        with contextlib.suppress(FileNotFoundError):
            (self.in_hand / name).rename(self.folder / name)


def _payload_of(held: Path) -> dict[str, Any]:
    """The message of a file; a file that is none becomes a message without sense, which the inbox parks."""
    content = held.read_bytes()
    try:
        payload: dict[str, Any] = json.loads(content)
        payload["properties"]["delivery_info"]["file"] = held.name
    except (ValueError, KeyError, TypeError):
        info = {"file": held.name}
        properties = {"body_encoding": "base64", "delivery_tag": held.name, "delivery_info": info}
        payload = {"body": base64.b64encode(content).decode(), "properties": properties}
    return payload


class FolderTransport(filesystem.Transport):
    """The filesystem transport with whole messages, kept until they are acknowledged."""

    Channel = _FolderChannel

    def __init__(self, client: Any, **kwargs: Any) -> None:
        super().__init__(client, **kwargs)
        # kombu remembers bindings for the whole process; a folder that was wiped has to be declared again.
        self.state = virtual.BrokerState()


def folder_options(folder: Path) -> dict[str, Any]:
    """Make the folders of a queue directory, and the transport options that name them."""
    names = {"data_folder_in": "waiting", "data_folder_out": "waiting", "processed_folder": "in_hand"}
    options: dict[str, Any] = {option: str(folder / name) for option, name in names.items()}
    options["control_folder"] = str(folder / "bindings")
    for path in options.values():
        Path(path).mkdir(parents=True, exist_ok=True)
    return {**options, "store_processed": True}


def put_back(folder: Path, queues: set[str]) -> int:
    """At the start of the only worker of these queues: what the last one held when it died waits again."""
    count = 0
    for path in sorted((folder / "in_hand").iterdir()):
        if path.name.startswith("."):  # half written when its writer died; the relay sends it again
            path.unlink(missing_ok=True)
        elif path.name.partition(".")[2].removesuffix(".msg") in queues:
            with contextlib.suppress(FileNotFoundError):
                path.rename(folder / "waiting" / path.name)
                count += 1
    return count


def memory_transport() -> type[Any]:
    """A memory transport whose queues are shared by all its connections and by nobody else."""

    class Channel(memory.Channel):
        queues: dict[str, Any] = {}  # noqa: RUF012 - shared on purpose: this is the broker
        do_restore = True

        def _get(self, queue: str, timeout: float | None = None) -> Any:
            payload = super()._get(queue, timeout)
            payload["properties"]["delivery_info"]["queue"] = queue
            return payload

        def _restore(self, message: Any) -> None:
            self._put(message.delivery_info["queue"], message.serializable())

    class Transport(memory.Transport):
        global_state = virtual.BrokerState()

    Transport.Channel = Channel
    return Transport
