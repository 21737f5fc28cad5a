"""Which days of a stay are charged, and in which ward somebody lay on each (handbook section 3.3).

The day of admission counts, the day of discharge does not; in and out on one day counts one. The ward of a day is the
one at its end, so a transfer changes the rate of its day.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from operator import attrgetter

from shared.clock import hospital_day

_DAY = timedelta(days=1)


class StayStep(StrEnum):
    """What a fact of a stay tells."""

    ADMITTED = "admitted"
    TRANSFERRED = "transferred"
    DISCHARGED = "discharged"
    ADMISSION_CANCELLED = "admission_cancelled"
    TRANSFER_CANCELLED = "transfer_cancelled"
    DISCHARGE_CANCELLED = "discharge_cancelled"


class DailyCharge(StrEnum):
    """What is charged for each day of a stay by the clock."""

    BED = "bed"
    NURSING = "nursing"


@dataclass(frozen=True, kw_only=True)
class Told:
    """One fact of a stay as billing keeps it; `ward` is the ward's code, empty where nobody lies anywhere."""

    step: StayStep
    version: int
    at: datetime
    ward: str


def charged_days(started_at: datetime | None, ended_at: datetime | None, *, today: date) -> list[date]:
    """The hospital days that are charged by now: while the stay goes on, all before today."""
    if started_at is None:
        return []
    first = hospital_day(started_at)
    last = max(first, hospital_day(ended_at) - _DAY) if ended_at else today - _DAY
    return [first + _DAY * number for number in range((last - first).days + 1)]


def wards_by_day(told: Iterable[Told], days: Iterable[date]) -> dict[date, str]:
    """The code of the ward at the end of each day; empty where nothing is known. Facts may be missing or unordered.

    A day before the first that is known lies where the first is.
    """
    path = _path(told)
    wards = {}
    for day in days:
        before = [ward for at, ward in path if hospital_day(at) <= day]
        wards[day] = before[-1] if before else (path[0][1] if path else "")
    return wards


def _path(told: Iterable[Told]) -> list[tuple[datetime, str]]:
    """Where somebody lay from when on; what was cancelled never happened."""
    path: list[tuple[datetime, str]] = []
    for fact in sorted(told, key=attrgetter("version")):
        if fact.step in {StayStep.ADMITTED, StayStep.TRANSFERRED}:
            path.append((fact.at, fact.ward))
        elif fact.step is StayStep.TRANSFER_CANCELLED:
            while path and path[-1][1] != fact.ward:
                path.pop()
            if not path:
                path.append((fact.at, fact.ward))
        elif not path and fact.ward:
            path.append((fact.at, fact.ward))
    return path
