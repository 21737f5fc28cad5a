"""The one way from a request to a use case and back: open, claim, decide, record, commit.

A use case never commits and never sees a key; a door never knows a rule. A refusal undoes what the use case did and is
kept under the key like any answer; any other exception undoes everything, the claim included, and keeps nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy.exc import IntegrityError

from shared import idempotency
from shared.actor import Actor
from shared.clock import Clock, utc_now
from shared.database import Database, UnitOfWork
from shared.errors import Conflict, DomainError, NotReady
from shared.idempotency import Answer, Claim, to_text
from shared.together import Together

_TRIES = 3


@dataclass(frozen=True, kw_only=True)
class Call:
    """One caller's request: who, what, what makes it unique, and how the result is written down."""

    actor: Actor
    arguments: dict[str, Any] = field(default_factory=dict)
    claim: Claim
    render: Callable[[Any], Any]
    status: int = 200


class RequestInProgress(Conflict):
    """The same request is being worked on; ask again with the same key."""


class Perform(Protocol):
    """Runs a use case for fresh calls inside a unit of work; gives one result or refusal for each, in order."""

    def __call__(self, uow: UnitOfWork, calls: Sequence[Call], *, now: datetime) -> Sequence[Any]:
        """One result or DomainError for each call."""


def one(use_case: Callable[..., Any]) -> Perform:
    """A use case for one caller: `f(uow, *, actor, now, **arguments)`; a refusal is raised."""

    def perform(uow: UnitOfWork, calls: Sequence[Call], *, now: datetime) -> Sequence[Any]:
        results: list[Any] = []
        for call in calls:
            try:
                with uow.savepoint():
                    results.append(use_case(uow, actor=call.actor, now=now, **call.arguments))
            except DomainError as refusal:
                results.append(refusal)
        return results

    return perform


def many(use_case: Callable[..., Sequence[Any]], request: Callable[..., Any]) -> Perform:
    """A list use case: `f(uow, *, requests, now) -> [result | DomainError]`, one for each request, in order.

    It decides before it writes, so a refusal has nothing to undo; if it raises, the whole unit is undone.
    """

    def perform(uow: UnitOfWork, calls: Sequence[Call], *, now: datetime) -> Sequence[Any]:
        return use_case(uow, requests=[request(actor=each.actor, **each.arguments) for each in calls], now=now)

    return perform


class Door:
    """A service's door to its use cases."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self.database = database
        self.clock = clock

    def run(self, use_case: Callable[..., Any], call: Call) -> Answer:
        """The five steps for one caller. Raises Busy when the database cannot be had."""
        return self.run_all(one(use_case), [call])[0]

    def run_all(self, perform: Perform, calls: Sequence[Call]) -> list[Answer]:
        """The five steps for all callers in one unit of work; each gets an answer of its own.

        A constraint that fires means that somebody was quicker between our look and our write: look again.
        """
        for left in reversed(range(_TRIES)):
            try:
                return self._unit(perform, calls)
            except IntegrityError:
                if not left:
                    raise
        raise AssertionError("unreachable")

    def _unit(self, perform: Perform, calls: Sequence[Call]) -> list[Answer]:
        now = self.clock()
        with self.database.write() as uow:
            known = idempotency.take(uow, [call.claim for call in calls], now=now)
            fresh = {call.claim.name: call for call in calls if known[call.claim.name] is None}
            results = perform(uow, list(fresh.values()), now=now) if fresh else []
            new = {name: _answer(call, result) for (name, call), result in zip(fresh.items(), results, strict=True)}
            idempotency.record(uow, new)
            passing = [name for name, result in zip(fresh, results, strict=True) if isinstance(result, NotReady)]
            idempotency.release(uow, passing)
        return [self._answer_for(call, fresh, known, new) for call in calls]

    @staticmethod
    def _answer_for(
        call: Call, fresh: dict[Any, Call], known: dict[Any, Answer | None], new: dict[Any, Answer]
    ) -> Answer:
        name = call.claim.name
        stored = known[name]
        if stored is not None:
            return stored
        return new[name] if fresh[name].claim.fingerprint == call.claim.fingerprint else idempotency.REUSED


def _answer(call: Call, result: Any) -> Answer:
    if isinstance(result, DomainError):
        return idempotency.refusal(result)
    return Answer(call.status, to_text(call.render(result)))


class GroupCommit:
    """Everybody who waits at the same moment goes through the door together: one unit of work, one commit.

    If the unit fails as a whole, each runs alone (`Together`). A single request is a list of one: there is no second
    path.
    """

    def __init__(self, door: Door, perform: Perform, limit: int = 64) -> None:
        self._together: Together[Call, Answer] = Together(lambda calls: door.run_all(perform, calls), limit)

    def run(self, call: Call) -> Answer:
        """The answer of this call, whoever led its unit; raises what its own unit raised."""
        return self._together.ask(call)
