"""Everything a worker sends: the facts of its services' outboxes, heartbeats, and what was asked to be sent again."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence

from shared.clock import Clock
from shared.database import Database
from shared.messaging import heartbeat
from shared.messaging.batches import batches
from shared.messaging.heartbeat import Letter, Wanted
from shared.messaging.inbox import Outcome
from shared.messaging.publisher import Publisher
from shared.messaging.relay import LIMIT, relay_once
from shared.service import Service

_MOST_WAITING = 1_000
"""Letters and wishes kept in memory; what falls out is asked for again at the next heartbeat."""


class Outgoing:
    """Used by one thread, except for `accept`, which any thread may call."""

    def __init__(
        self, services: Sequence[Service], databases: Mapping[str, Database], publisher: Publisher, clock: Clock
    ) -> None:
        self.services = services
        self.publisher = publisher
        self._databases = databases
        self._clock = clock
        self._letters: deque[Letter] = deque(maxlen=_MOST_WAITING)
        self._wanted: deque[tuple[str, Wanted]] = deque(maxlen=_MOST_WAITING)

    def accept(self, service: str, outcome: Outcome) -> None:
        """Keep what a received message asks us to send; lost if the process dies, and then asked for again."""
        self._letters.extend(outcome.letters)
        self._wanted.extend((service, each) for each in outcome.wanted)

    @property
    def has_waiting(self) -> bool:
        """Whether letters or wishes wait."""
        return bool(self._letters or self._wanted)

    def relay(self, service: str, *, limit: int = LIMIT) -> int:
        """Send waiting facts of one service; gives how many. Raises BrokerDown and what the database raises."""
        return relay_once(self._databases[service], self.publisher, clock=self._clock, limit=limit)

    def send_waiting(self) -> int:
        """Send the letters and one page of one wish; gives how many messages went out. Raises BrokerDown."""
        sent = 0
        while self._letters:
            letter = self._letters.popleft()
            self.publisher.send_to(letter.to, [letter.envelope])
            sent += 1
        if self._wanted and not self.publisher.is_full:
            service, wanted = self._wanted.popleft()
            with self._databases[service].read() as uow:
                facts, rest = heartbeat.page(uow, wanted)
            for batch in batches(facts):
                self.publisher.send_to(wanted.consumer, batch)
                sent += 1
            if rest is not None:
                self._wanted.appendleft((service, rest))
        return sent

    def beat(self, service: str) -> int:
        """Tell everybody which facts of this service there are; gives how many messages that took (0 or 1)."""
        with self._databases[service].read() as uow:
            statement = heartbeat.heartbeat(uow, service, now=self._clock())
        if not statement["data"]["numbers"]:
            return 0
        self.publisher.send([statement])
        return 1
