"""A worker turned by hand: relay, consumers and timers of all services in one thread, without sleeping."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from shared.clock import Clock
from shared.database import Database
from shared.jobs import Runner
from shared.messaging.broker import Broker
from shared.messaging.inbox import Outcome, receive, retry_due
from shared.messaging.outgoing import Outgoing
from shared.messaging.publisher import Publisher, body_of
from shared.messaging.relay import LIMIT
from shared.service import Service


class NotQuiet(Exception):
    """The services still find something to do after many rounds: a message or a timer feeds itself."""


class Pump:
    """All services on a broker in memory. `outside[name]` is what a service's intent timers call.

    Timers fire in each round whatever their period is: what is due is decided by columns and the given clock.
    """

    def __init__(
        self,
        services: Sequence[Service],
        databases: Mapping[str, Database],
        clock: Clock,
        *,
        outside: Mapping[str, Any] | None = None,
        broker: Broker | None = None,
    ) -> None:
        self.services = services
        self.databases = databases
        self.clock = clock
        self.outside = dict(outside or {})
        self.broker = broker or Broker("memory://")
        self.publisher = Publisher(self.broker, services)
        self.outgoing = Outgoing(services, databases, self.publisher, clock)
        self.received = Outcome()
        """What became of all events so far."""
        self.queue_stands_still = False
        self._runners = [
            Runner(each.jobs, databases[each.name], clock, self.outside.get(each.name))
            for each in services
            if each.jobs
        ]
        self._connection = self.broker.open(services)
        self._channel = self._connection.channel()

    def step(self) -> int:
        """One round: what waits leaves, what arrived is handled, what is due is done. Gives how much that was."""
        return self.relay() + self.deliver() + self.fire_timers() + self.work()

    def run_until_quiet(self, rounds: int = 200) -> int:
        """Turn until nothing is left to do at this instant. Raises NotQuiet after `rounds` rounds."""
        total = 0
        for _ in range(rounds):
            done = self.step()
            total += done
            if not done:
                return total
        raise NotQuiet(f"still busy after {rounds} rounds")

    def relay(self) -> int:
        """Let waiting facts, letters and resends leave; gives how many went out."""
        if self.queue_stands_still:
            return 0
        sent = 0
        for service in self.services:
            while (relayed := self.outgoing.relay(service.name)) > 0:
                sent += relayed
                if relayed < LIMIT:
                    break
        while self.outgoing.has_waiting:
            sent += self.outgoing.send_waiting()
        return sent

    def deliver(self) -> int:
        """Handle every message that waits now; gives how many. A message whose inbox is unavailable goes back."""
        if self.queue_stands_still:
            return 0
        return sum(self._deliver_to(service) for service in self.services)

    def _deliver_to(self, service: Service) -> int:
        count = 0
        queue = self.broker.queue(service.name)(self._channel)
        while (message := queue.get()) is not None:
            try:
                outcome = receive(service, self.databases[service.name], body_of(message), clock=self.clock)
            except BaseException:
                message.requeue()
                raise
            message.ack()
            self.received.add(outcome)
            self.outgoing.accept(service.name, outcome)
            count += 1
        return count

    def fire_timers(self) -> int:
        """Try failed events that are due and fire all timers once; gives how much was handled."""
        handled = 0
        for service in self.services:
            database = self.databases[service.name]
            handled += retry_due(service, database, clock=self.clock)
            for timer in service.timers:
                handled += timer.fire(database, self.clock, self.outside.get(service.name))
        return handled

    def work(self) -> int:
        """One step of a job of each service; gives how many steps were done."""
        return sum(runner.step() for runner in self._runners)

    def beat(self) -> None:
        """Every service tells which facts there are, as it does each minute."""
        for service in self.services:
            self.outgoing.beat(service.name)

    @contextmanager
    def standing_queue(self) -> Iterator[None]:
        """While inside, nothing travels: facts wait in the outbox, timers go on."""
        self.queue_stands_still = True
        try:
            yield
        finally:
            self.queue_stands_still = False

    def lose_what_travels(self) -> int:
        """Empty all queues, as if the broker had lost its disk; gives how many messages were lost."""
        return sum(self._channel.queue_purge(self.broker.queue_name(each.name)) for each in self.services)

    def close(self) -> None:
        """Close the connections."""
        self.publisher.close()
        self._connection.release()
