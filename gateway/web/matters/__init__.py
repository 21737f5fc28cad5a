"""What matters now to a family: each part of the hospital says it for a patient or a stay; home puts it in order.

    PATIENT_MATTERS.add("copies", lazy_gettext("病历复印"), copies_of)    # asked for every patient of the account
    STAY_MATTERS.add("meals", lazy_gettext("三餐"), next_meal)            # asked for every stay that is shown

A source makes one or two short calls. All are asked beside each other; who is silent or late is named, the rest stands.
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from gateway.identity.domain import Link
from gateway.web.stays import Status, Stay
from shared.actor import Actor

T = TypeVar("T")


class Urgency(enum.IntEnum):
    """How soon somebody has to do something."""

    NOW = 0
    """Something is lost if nobody acts before an hour that is told."""
    TO_DO = 1
    """Somebody has to act; nothing is lost today."""
    GOING_ON = 2
    """Good to know; it happens by itself."""


@dataclass(frozen=True, kw_only=True)
class Matter:
    """One thing that matters: a line of the home page, or the card at its top.

    `title` says what it is in few words (title of the line, large on the card), `text` is the second line, `path` where
    it leads and `act` the word on the card's button. `at` puts those of one urgency in order; `until` counts down, with
    `until_text` before it. `fen` is an amount to show at the right.
    """

    link: Link
    urgency: Urgency
    icon: str
    title: str
    path: str
    text: str = ""
    tag: Status | None = None
    act: str = ""
    at: str = ""
    until: datetime | str | None = None
    until_text: str = ""
    fen: int | None = None
    stay_id: UUID | None = None
    """The stay below which home shows it."""
    visit: tuple[Any, str] | None = None
    """An appointment and where it stands: drawn with its own words."""

    @property
    def order(self) -> tuple[int, str]:
        """The most urgent first, then by time."""
        return (int(self.urgency), self.at)


@dataclass(frozen=True)
class Source(Generic[T]):
    """Whom to ask, and the word for what cannot be read when nobody answers."""

    code: str
    word: Any
    ask: Callable[[T], list[Matter]]


@dataclass
class Sources(Generic[T]):
    """The sources of one kind, each code once."""

    found: dict[str, Source[T]] = field(default_factory=dict)

    def add(self, code: str, word: Any, ask: Callable[[T], list[Matter]]) -> None:
        """Name a source; done once, when the module of its pages is imported."""
        if code in self.found:
            raise ValueError(f"there is a source {code} already")
        self.found[code] = Source(code, word, ask)


@dataclass(frozen=True)
class Whose:
    """A patient of the account, and the actor who may ask the services about them."""

    link: Link
    actor: Actor


PATIENT_MATTERS: Sources[Whose] = Sources()
STAY_MATTERS: Sources[Stay] = Sources()
