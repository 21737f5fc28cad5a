"""Facts that services tell each other: a frozen dataclass inside, a CloudEvents 1.0 envelope on the wire.

A publisher declares `@fact("appointments.appointment_held.v1", subject="appointment_id")`; a consumer never imports
that class but reads the fields it needs with a schema of its own. They meet in `shared/contracts/<type>.json`.
"""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Callable
from datetime import date, datetime
from typing import Any, ClassVar, Protocol, TypeVar, dataclass_transform
from uuid import UUID

from shared.clock import iso

Envelope = dict[str, Any]


class Fact(Protocol):
    """What every published dataclass has: its type on the wire and the name of the field that is its subject."""

    type: ClassVar[str]
    subject_field: ClassVar[str]
    __dataclass_fields__: ClassVar[dict[str, Any]]


FACTS: dict[str, type[Any]] = {}
"""Every fact of this process by its type, so that a test can walk them."""

T = TypeVar("T")


@dataclass_transform(kw_only_default=True, frozen_default=True)
def fact(type_: str, *, subject: str) -> Callable[[type[T]], type[T]]:
    """Make a class a fact of `type_` (`service.noun_past_participle.vN`); `subject` names the field it is about."""

    def decorate(cls: type[T]) -> type[T]:
        made = dataclasses.dataclass(frozen=True, kw_only=True)(cls)
        made.type, made.subject_field = type_, subject  # type: ignore[attr-defined]
        FACTS[type_] = made
        return made

    return decorate


def plain(value: Any) -> Any:
    """A JSON value for anything a fact may hold: ids and days as text, instants in UTC with a Z, enums by value."""
    if isinstance(value, datetime):
        return iso(value)
    if isinstance(value, UUID | date):
        return str(value) if isinstance(value, UUID) else value.isoformat()
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    return value


def data_of(event: Fact) -> dict[str, Any]:
    """The `data` member of a fact, ready for JSON."""
    return {name: plain(getattr(event, name)) for name in event.__dataclass_fields__}


def envelope(event: Fact, *, id_: UUID, time: datetime, actor: str, correlation_id: str) -> Envelope:
    """A CloudEvents 1.0 envelope; `sequence` is given later by the relay, in the order of publishing."""
    data = data_of(event)
    return {
        "specversion": "1.0",
        "id": str(id_),
        "source": "/" + event.type.partition(".")[0],
        "type": event.type,
        "subject": data[event.subject_field],
        "time": iso(time),
        "correlationid": correlation_id,
        "actor": actor,
        "data": data,
    }
