"""Idempotency keys: key, fingerprint of the request and answer live in the transaction of the effect.

The key belongs to the authenticated subject; the fingerprint covers operation and body, so the same key with another
body or path is refused, and a key seen by somebody else tells and changes nothing.
"""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from shared.database import ChangeEach, UnitOfWork
from shared.errors import DomainError, Refused
from shared.events import plain
from shared.problems import problem_of, status_of

KEPT_FOR = timedelta(hours=48)


class IdempotencyKeyReused(Refused):
    """The key was used for another request."""


@dataclass(frozen=True)
class Claim:
    """What makes a call unique."""

    subject: str
    key: str
    fingerprint: str

    @property
    def name(self) -> tuple[str, str]:
        """The primary key of the claim."""
        return self.subject, self.key


@dataclass(frozen=True)
class Answer:
    """A rendered answer: HTTP status and JSON text, as it was and will be given again."""

    status: int
    body: str
    replayed: bool = False


def to_text(value: Any) -> str:
    """Compact JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def refusal(error: DomainError) -> Answer:
    """The answer that tells a refusal."""
    return Answer(status_of(error), to_text(problem_of(error)))


REUSED = refusal(IdempotencyKeyReused())


def fingerprint(operation: str, arguments: Any) -> str:
    """A digest of what is asked for, independent of the order of members."""
    text = json.dumps([operation, plain(arguments)], sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def take(uow: UnitOfWork, claims: Iterable[Claim], *, now: datetime) -> dict[tuple[str, str], Answer | None]:
    """Claim keys; gives the stored answer of each that was used before and None for each that is new.

    Waits for another transaction that is using the same key. A key that was used for another request gives REUSED.
    """
    keys = uow.toolbox.idempotency_keys
    wanted = {claim.name: claim for claim in claims}
    fresh = uow.insert_once(
        keys,
        [
            {"subject": each.subject, "key": each.key, "fingerprint": each.fingerprint, "created_at": now}
            for each in wanted.values()
        ],
        returning=[keys.c.subject, keys.c.key],
    )
    found: dict[tuple[str, str], Answer | None] = {(row.subject, row.key): None for row in fresh}
    old = [name for name in wanted if name not in found]
    if old:
        rows = uow.session.execute(sa.select(keys).where(sa.tuple_(keys.c.subject, keys.c.key).in_(old)))
        for row in rows:
            found[row.subject, row.key] = (
                Answer(row.status, row.body, replayed=True)
                if row.fingerprint == wanted[row.subject, row.key].fingerprint
                else REUSED
            )
    return found


def record(uow: UnitOfWork, answers: dict[tuple[str, str], Answer]) -> None:
    """Keep the answers of claims taken in this unit."""
    rows = [
        {"of_subject": subject, "of_key": key, "status": answer.status, "body": answer.body}
        for (subject, key), answer in answers.items()
    ]
    uow.change_each(_recording(uow.toolbox.idempotency_keys), rows)


@functools.cache
def _recording(keys: sa.Table) -> ChangeEach:
    return ChangeEach(
        keys,
        by=("subject", "key"),
        given={"status": sa.Integer(), "body": sa.Text()},
        values=lambda given: {"status": given["status"], "body": given["body"]},
    )


def release(uow: UnitOfWork, names: Iterable[tuple[str, str]]) -> None:
    """Give claims of this unit back, as if they had never been taken: the same request may come again."""
    keys = uow.toolbox.idempotency_keys
    given_back = list(names)
    if given_back:
        uow.session.execute(keys.delete().where(sa.tuple_(keys.c.subject, keys.c.key).in_(given_back)))


def forget_old_keys(uow: UnitOfWork, *, now: datetime, limit: int) -> int:
    """Timer: drop keys older than two days; natural keys still prevent doubles after that."""
    keys = uow.toolbox.idempotency_keys
    old = sa.select(keys.c.subject, keys.c.key).where(keys.c.created_at < now - KEPT_FOR).limit(limit)
    names = [tuple(row) for row in uow.session.execute(old)]
    if names:
        uow.session.execute(keys.delete().where(sa.tuple_(keys.c.subject, keys.c.key).in_(names)))
    return len(names)
