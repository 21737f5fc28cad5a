"""Whether the record of a stay can be copied, and from which day on (handbook 5.4, 5.5, 5.10).

An unfinished record is no ground for refusal: the request is taken, and the day is said. Sealed or disputed records go
to the medical affairs office; a restricted one (psychiatric, infectious) is taken and looked at by a person.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from services.records.domain.copy_prices import CopyTerms, working_days_after
from services.records.domain.copy_refusals import (
    CopyOfMinorAtWindow,
    RecordNoLongerKept,
    RecordSealed,
    StayNotDischarged,
    StayNotInpatient,
)
from services.records.domain.encounter import EncounterClass, EncounterState
from services.records.domain.registration import age
from shared.clock import hospital_day

KEPT_YEARS = 30
"""Inpatient records are kept so long from the last discharge (handbook 5.10)."""
GROWN_UP = 18


class HoldKind(StrEnum):
    """Why a record is not simply copied."""

    SEALED = "sealed"
    DISPUTED = "disputed"
    RESTRICTED = "restricted"


STOPPING = frozenset({HoldKind.SEALED, HoldKind.DISPUTED})


@dataclass(eq=False, kw_only=True)
class RecordHold:
    """A mark on a stay's record, put there and taken away by the records office."""

    id: UUID
    encounter_id: UUID
    kind: str
    placed_by: str
    placed_at: datetime
    lifted_by: str | None = None
    lifted_at: datetime | None = None


def copy_from(stay: Any, holds: Collection[str], terms: CopyTerms, now: datetime) -> date:
    """The first hospital day on which copies of this stay can be made; it may lie ahead.

    `stay` has encounter_class, state and ended_at. Raises StayNotInpatient, StayNotDischarged, RecordSealed,
    RecordNoLongerKept.
    """
    if stay.encounter_class != EncounterClass.INPATIENT:
        raise StayNotInpatient
    if stay.state != EncounterState.FINISHED or stay.ended_at is None:
        raise StayNotDischarged
    if STOPPING.intersection(holds):
        raise RecordSealed
    left, today = hospital_day(stay.ended_at), hospital_day(now)
    if age(left, today) >= KEPT_YEARS:
        raise RecordNoLongerKept
    return working_days_after(left, terms.waiting_working_days)


def check_grown_up(birth_on: date | None, today: date) -> None:
    """The record of somebody under 18 is asked for by the guardian at the window. Raises CopyOfMinorAtWindow."""
    if birth_on is not None and age(birth_on, today) < GROWN_UP:
        raise CopyOfMinorAtWindow
