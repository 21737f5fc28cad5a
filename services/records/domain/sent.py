"""Persons and stays as other systems' messages describe them: taken as sent, never more trusted than a document."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from services.records.domain.documents import normal
from services.records.domain.encounter import EncounterClass


@dataclass(frozen=True)
class SentIdentifier:
    """A number that another system gave to the person; `authority` says whose number it is."""

    authority: str
    value: str
    kind: str | None = None

    @property
    def system(self) -> str:
        """Where the number is unique."""
        return f"sender:{self.authority}"

    @property
    def identity(self) -> str:
        """The form in which the number is compared."""
        return normal(self.value)


@dataclass(frozen=True, kw_only=True)
class SentPerson:
    """What a message says of a person. What it leaves out is None; `cleared` names what it says is not so any more.

    `search_key` is the name's; `words` are the person's members word for word, as they stand in the message.
    """

    identifiers: tuple[SentIdentifier, ...]
    name: str | None = None
    search_key: str = ""
    sex: str | None = None
    birth_on: date | None = None
    cleared: frozenset[str] = frozenset()
    words: dict[str, Any] = field(default_factory=dict)


class SentAct(StrEnum):
    """What a message says has happened to a stay."""

    ADMIT = "admit"
    REGISTER = "register"
    TRANSFER = "transfer"
    DISCHARGE = "discharge"
    CANCEL_ADMISSION = "cancel admission"
    CANCEL_TRANSFER = "cancel transfer"
    CANCEL_DISCHARGE = "cancel discharge"


@dataclass(frozen=True, kw_only=True)
class SentPlace:
    """A place in the sender's own codes; room and bed may be missing."""

    campus: str
    ward: str
    ward_name: str
    room: str = ""
    bed: str = ""


@dataclass(frozen=True, kw_only=True)
class SentStay:
    """What happened when (`at`) in which stay; the visit number tells a sender's stays apart, if it sends one.

    `started_at` is when the stay began, if the message says so.
    """

    act: SentAct
    encounter_class: EncounterClass
    place: SentPlace | None
    visit_system: str
    visit_number: str | None
    at: datetime
    started_at: datetime | None = None


@dataclass(frozen=True)
class SentCode:
    """A code of a diet order, word for word; `kind` is diet, supplement, preference or allergy."""

    kind: str
    code: str
    text: str


@dataclass(frozen=True, kw_only=True)
class SentDietOrder:
    """What a message orders to eat: its control (HL7 table 0119) and codes as sent, for the stay of this visit."""

    control: str
    placer_number: str
    codes: tuple[SentCode, ...]
    text: str
    visit_system: str
    visit_number: str | None
    starts_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class SentMessage:
    """One message: who sent it under which control id, of which kind, the person it is about, and the stay or the diet.

    `merged` are the numbers of a record that has ended in this person's.
    `text` is the message itself, to tell a second sending from another message under the same control id.
    """

    sender: str
    control_id: str
    kind: str
    text: str
    person: SentPerson
    stay: SentStay | None = None
    diet: SentDietOrder | None = None
    merged: tuple[SentIdentifier, ...] = ()
