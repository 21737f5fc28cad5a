"""What is told: a notice in somebody's inbox, a happening on a patient's time line.

Both have a kind, what they are about, and parameters; their words are made when somebody reads them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

Data = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Happening:
    """Something that happened to a patient: a line of the time line. `at` is when it happened.

    `parameters` are the members of the fact that its words need: no medical content.
    """

    id: UUID
    patient_id: UUID
    kind: str
    about: UUID
    parameters: Mapping[str, Any]
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Notice:
    """One line of a person's inbox: that something happened, and whether it was read."""

    id: UUID
    patient_id: UUID
    kind: str
    about: UUID
    parameters: Mapping[str, Any]
    created_at: datetime
    read_at: datetime | None

    @property
    def is_unread(self) -> bool:
        """Whether nobody has opened it yet."""
        return self.read_at is None


def _always(_data: Data) -> bool:
    return True


@dataclass(frozen=True)
class Telling:
    """How a fact is told. `schema` is the tolerant one of its consumer and holds the members of `whose`.

    `kind` and `about` are words, or functions of what the schema loaded: a kind of None is told to nobody, and two
    facts with one kind and one `about` are one. `notify` says whether it comes into the inbox or stands on the time
    line only. `at` is the member that says when it happened; without one it is when it was heard. `whose` names the
    members that hold the patients whom it concerns.
    """

    schema: type[Any]
    kind: str | Callable[[Data], str | None]
    about: str | Callable[[Data], UUID]
    notify: Callable[[Data], bool] = _always
    at: str = ""
    whose: tuple[str, ...] = ("patient_id",)

    def kind_of(self, data: Data) -> str | None:
        """The kind of this fact; None if nobody is told of it."""
        return self.kind if isinstance(self.kind, str) else self.kind(data)

    def about_of(self, data: Data) -> UUID:
        """What this fact is about."""
        found = data[self.about] if isinstance(self.about, str) else self.about(data)
        return UUID(str(found))

    def patients_of(self, data: Data) -> list[UUID]:
        """Whom it concerns, each once."""
        return list(dict.fromkeys(data[member] for member in self.whose))

    def at_of(self, data: Data, now: datetime) -> datetime:
        """When it happened."""
        found: datetime = data[self.at] if self.at else now
        return found
