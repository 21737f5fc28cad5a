"""A publisher and a queue for tests: it counts, it can be down, it can lose, double and shuffle."""

from __future__ import annotations

import json
import random
from typing import Any

from shared.messaging.batches import to_bytes
from shared.messaging.broker import BrokerDown


class Sent:
    """Takes the place of a publisher; keeps the messages of everybody in `queue` and of one service in `letters`."""

    def __init__(self) -> None:
        self.queue: list[bytes] = []
        self.letters: list[tuple[str, bytes]] = []
        self.is_full = False
        self.is_down = False
        self.dies_after: int | None = None

    def connect(self) -> None:
        if self.is_down:
            raise BrokerDown("test")

    def send(self, batch: list[dict[str, Any]]) -> None:
        if self.dies_after is not None:
            if self.dies_after == 0:
                raise BrokerDown("test")
            self.dies_after -= 1
        self.queue.append(to_bytes(batch))

    def send_to(self, service: str, batch: list[dict[str, Any]]) -> None:
        self.letters.append((service, to_bytes(batch)))

    def numbers(self) -> list[tuple[str, list[int]]]:
        """Type and numbers of each message that was sent."""
        read = [json.loads(body) for body in self.queue]
        return [(batch[0]["type"], [int(each["sequence"]) for each in batch]) for batch in read]


class Lossy(Sent):
    """Loses and doubles one message in ten."""

    def __init__(self, dice: random.Random) -> None:
        super().__init__()
        self.dice = dice
        self.lost = self.doubled = 0

    def _way(self, body: bytes) -> None:
        chance = self.dice.random()
        if chance < 0.1:
            self.lost += 1
            return
        self.queue.append(body)
        if chance < 0.2:
            self.doubled += 1
            self.queue.append(body)

    def send(self, batch: list[dict[str, Any]]) -> None:
        self._way(to_bytes(batch))

    def send_to(self, _service: str, batch: list[dict[str, Any]]) -> None:
        self._way(to_bytes(batch))
