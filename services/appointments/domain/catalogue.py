"""What the hospital offers: departments, practitioners, schedules, and the slots that are made of a schedule."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from uuid import UUID

from shared.clock import at_hospital

SLOT_MINUTES = 30
"""Patients are asked to come within half an hour: the slot is the time to arrive, not the consulting time."""

_WINTER_MONTHS = (10, 11, 12, 1, 2, 3, 4)


@dataclass(frozen=True)
class Names:
    """A name in both languages."""

    zh: str
    en: str

    def words(self) -> dict[str, str]:
        """As facts carry it."""
        return {"zh": self.zh, "en": self.en}


class Session(StrEnum):
    """Part of a clinic day (午别)."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"


class NumberType(StrEnum):
    """Kind of place (号源类型): it says who sees the patient and how the fee is set."""

    GENERAL = "general"
    EXPERT = "expert"
    SPECIAL = "special"


class Sex(StrEnum):
    """Administrative sex, as FHIR writes it."""

    FEMALE = "female"
    MALE = "male"
    OTHER = "other"
    UNKNOWN = "unknown"


class Title(StrEnum):
    """Professional title; a department's general clinic stands in the list like a practitioner."""

    GENERAL_CLINIC = "general_clinic"
    ATTENDING = "attending"
    ASSOCIATE_CHIEF = "associate_chief"
    CHIEF = "chief"
    RENOWNED = "renowned"


TITLES = {
    Title.GENERAL_CLINIC: Names("普通门诊", "General clinic"),
    Title.ATTENDING: Names("主治医师", "Attending physician"),
    Title.ASSOCIATE_CHIEF: Names("副主任医师", "Associate chief physician"),
    Title.CHIEF: Names("主任医师", "Chief physician"),
    Title.RENOWNED: Names("知名专家", "Renowned expert"),
}


@dataclass(frozen=True)
class Audience:
    """Whom a department sees: ages in completed years on the day of the visit, and one sex; None means everybody."""

    min_age: int | None = None
    max_age: int | None = None
    sex: Sex | None = None


EVERYBODY = Audience()


@dataclass(frozen=True, kw_only=True)
class Campus:
    """A site of the hospital (院区)."""

    id: UUID
    code: str
    name: Names


@dataclass(frozen=True, kw_only=True)
class Department:
    """A clinic that can be booked (FHIR HealthcareService)."""

    id: UUID
    code: str
    name: Names
    campus_id: UUID
    location: Names
    audience: Audience = EVERYBODY


@dataclass(frozen=True, kw_only=True)
class Practitioner:
    """A doctor who sees outpatients, or a department's general clinic, where any doctor on duty does."""

    id: UUID
    department_id: UUID
    name: Names
    title: Title
    speciality: Names | None = None


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """One practitioner's session on one day (排班), with its fee in fen and how many patients can be seen."""

    id: UUID
    practitioner_id: UUID
    department_id: UUID
    date: date
    session: Session
    number_type: NumberType
    fee_fen: int
    places: int
    starts_at: datetime
    ends_at: datetime
    state: str = "open"
    version: int = 1


def session_hours(day: date, session: Session) -> tuple[datetime, datetime]:
    """First and last instant of a session; afternoons begin half an hour earlier from October to April."""
    winter = day.month in _WINTER_MONTHS
    hours = {
        Session.MORNING: (time(8), time(12)),
        Session.AFTERNOON: (time(13, 30), time(17)) if winter else (time(14), time(17, 30)),
        Session.EVENING: (time(17, 30), time(20)),
    }
    begin, end = hours[session]
    return at_hospital(day, begin), at_hospital(day, end)


@dataclass(frozen=True)
class Window:
    """When to arrive, and how many may."""

    starts_at: datetime
    ends_at: datetime
    capacity: int


def windows(schedule: Schedule) -> Iterator[Window]:
    """Divide a schedule's places evenly over its half hours; earlier ones get what is left over, empty ones go."""
    step = timedelta(minutes=SLOT_MINUTES)
    count = max(1, (schedule.ends_at - schedule.starts_at) // step)
    each, rest = divmod(schedule.places, count)
    for nth in range(count):
        capacity = each + (nth < rest)
        if capacity:
            begin = schedule.starts_at + nth * step
            end = schedule.ends_at if nth == count - 1 else begin + step
            yield Window(begin, end, capacity)
