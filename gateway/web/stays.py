"""A stay as the pages have it, and what there is to do about it: each part of the hospital names its own link once.

    WARD_LINKS.add(StayLink(code="diet", path="diet", icon="leaf", word=lazy_gettext("膳食"), about=..., place=30))

The nurse's stay page and the patient's list what was added; nobody edits those pages to appear on them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from gateway.identity.domain import Link
from gateway.web.words import hospital_date
from shared.actor import Actor
from shared.clock import hospital_day

Document = Mapping[str, Any]


@dataclass(frozen=True)
class Stay:
    """A stay in the hospital, and the actor who may ask the services about it."""

    encounter: Document
    actor: Actor
    link: Link | None = None
    """Whose stay it is to the account that looks at it on a phone; None for staff."""

    @property
    def id(self) -> UUID:
        """The encounter's id."""
        return UUID(str(self.encounter["id"]))

    @property
    def patient_id(self) -> UUID:
        """The record in which the person goes on."""
        return UUID(str(self.encounter["patient_id"]))

    @property
    def patient(self) -> Document:
        """Name, sex, day of birth, record number."""
        found: Document = self.encounter["patient"]
        return found

    @property
    def ward_id(self) -> UUID | None:
        """Where the person lies or lay last."""
        ward = self.encounter["ward"]
        return UUID(str(ward["id"])) if ward else None

    @property
    def bed_label(self) -> str:
        """What stands on the bed; empty for who was given none."""
        bed = self.encounter["bed"]
        return str(bed["label"]) if bed else ""

    @property
    def is_open(self) -> bool:
        """Whether the person is in the hospital now."""
        return bool(self.encounter["state"] == "in_progress")

    @property
    def last_step(self) -> Document | None:
        """What happened last and still stands."""
        standing = [each for each in self.encounter["steps"] if not each["cancelled"]]
        return standing[-1] if standing else None

    def day_number(self, now: datetime) -> int | None:
        """The first day in the hospital is day 1; None where the beginning is not known."""
        return day_number(self.encounter["started_at"], now)


def day_number(started_at: str | None, now: datetime) -> int | None:
    """On which day of a stay the hospital is today; the day of admission is day 1."""
    return (hospital_day(now) - hospital_date(started_at)).days + 1 if started_at else None


@dataclass(frozen=True)
class Status:
    """One short line about how things stand: 2 to 12 characters; kind = ok, now, bad, info or ''."""

    text: str
    kind: str = ""


def _always(_stay: Stay) -> bool:
    return True


def while_open(stay: Stay) -> bool:
    """For links that make sense only while the person is in the hospital."""
    return stay.is_open


@dataclass(frozen=True, kw_only=True)
class StayLink:
    """What somebody can do at a stay.

    `path` lies below the stay's own address; one that begins with "/" is an address of its own, in which
    {encounter_id} and {patient_id} are filled in. `word` and `about` are lazy_gettext. Smaller `place` stands higher.
    `roles` are those of staff who see it (the ward's list only). `status` makes a few short calls and is asked after
    the page stands, so that a slow service delays nobody; None says nothing.
    """

    code: str
    path: str
    icon: str
    word: Any
    about: Any
    place: int = 50
    roles: tuple[str, ...] = ("nurse",)
    when: Callable[[Stay], bool] = _always
    status: Callable[[Stay], Status | None] | None = None

    def address(self, stay: Stay, base: str) -> str:
        """Where it leads from the stay's page at `base`."""
        if self.path.startswith("/"):
            return self.path.format(encounter_id=stay.id, patient_id=stay.patient_id)
        return f"{base}/{self.path}"


@dataclass
class StayLinks:
    """The links of one kind of stay page, each code once."""

    links: dict[str, StayLink] = field(default_factory=dict)

    def add(self, link: StayLink) -> StayLink:
        """Name a link; done once, when the module of its pages is imported."""
        if link.code in self.links:
            raise ValueError(f"there is a link {link.code} already")
        self.links[link.code] = link
        return link

    def of(self, stay: Stay, roles: Iterable[str] | None = None) -> list[StayLink]:
        """The links of this stay in their order; with `roles` only those that are for one of them."""
        wanted = None if roles is None else set(roles)
        fitting = [each for each in self.links.values() if wanted is None or not wanted.isdisjoint(each.roles)]
        return sorted((each for each in fitting if each.when(stay)), key=lambda each: (each.place, each.code))

    def status_of(self, code: str, stay: Stay) -> Status | None:
        """What a link says of itself. Raises KeyError for a code that nobody named."""
        ask = self.links[code].status
        return ask(stay) if ask else None


@dataclass(frozen=True)
class Mark:
    """A short remark on a bed of the ward's page; `shape` = diet, allergy, npo, or a tag's kind."""

    text: str
    shape: str = "info"
    icon: str = "info"


BedMarks = Callable[[Actor, UUID], Mapping[str, Sequence[Mark]]]
"""The remarks of one part of the hospital on a ward, by encounter id: one call for the whole ward."""

WARD_LINKS, PHONE_LINKS = StayLinks(), StayLinks()
BED_MARKS: dict[str, BedMarks] = {}
"""By a code of one word; asked beside each other, and left out when they do not come in time."""
