"""Stays: admission, transfer, discharge, and taking back the last of these. Classes are FHIR's (v3 ActCode)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from services.records.domain.location import Location, Place
from services.records.domain.refusals import (
    DischargeBeforeAdmission,
    InstantInFuture,
    NotAdmitted,
    SameBed,
    StepBeforePrevious,
    StepNotLast,
)
from services.records.events import (
    EncounterAdmissionCancelled,
    EncounterAdmitted,
    EncounterDischargeCancelled,
    EncounterDischarged,
    EncounterTransferCancelled,
    EncounterTransferred,
)

CLOCKS_DIFFER = timedelta(minutes=5)
"""How far ahead another system's clock may be."""

_CANCELLED: dict[str, type[EncounterAdmissionCancelled | EncounterTransferCancelled | EncounterDischargeCancelled]] = {
    "admission": EncounterAdmissionCancelled,
    "transfer": EncounterTransferCancelled,
    "discharge": EncounterDischargeCancelled,
}


class EncounterClass(StrEnum):
    """Inpatient, outpatient or emergency."""

    INPATIENT = "IMP"
    AMBULATORY = "AMB"
    EMERGENCY = "EMER"


class EncounterState(StrEnum):
    """A stay that was never true is cancelled; one that ended is finished."""

    IN_PROGRESS = "in_progress"
    FINISHED = "finished"
    CANCELLED = "cancelled"


class StepKind(StrEnum):
    """What can happen in a stay."""

    ADMISSION = "admission"
    TRANSFER = "transfer"
    DISCHARGE = "discharge"


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """Who wrote a step down, and when; the step itself may have happened before."""

    by: str
    now: datetime


@dataclass(eq=False, kw_only=True)
class Step:
    """One thing that happened in a stay: `at` when it happened, `recorded_at` when it was written down."""

    encounter_id: UUID
    number: int
    kind: str
    ward_id: UUID | None
    bed_id: UUID | None
    at: datetime
    recorded_by: str
    recorded_at: datetime
    cancelled_by: str | None = None
    cancelled_at: datetime | None = None

    @property
    def cancelled(self) -> bool:
        """Whether the step was taken back."""
        return self.cancelled_at is not None


@dataclass(eq=False, kw_only=True)
class Encounter:
    """A stay or a visit. `place` is where the person lies or last lay; without `started_at` only the end is known.

    Every change counts `version` up by one, and every fact carries the whole state with it: whoever hears facts in
    another order keeps the one with the highest version.
    """

    id: UUID
    patient_id: UUID
    encounter_class: str
    state: str = EncounterState.IN_PROGRESS
    ward_id: UUID | None = None
    bed_id: UUID | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    visit_system: str | None = None
    visit_number: str | None = None
    version: int = 0
    steps: list[Step] = field(default_factory=list)
    place: Place | None = None

    @property
    def campus(self) -> Location | None:
        """The campus of the place."""
        return self.place.campus if self.place else None

    @property
    def ward(self) -> Location | None:
        """The ward of the place."""
        return self.place.ward if self.place else None

    @property
    def bed(self) -> Location | None:
        """The bed of the place; None for who was given none, or lies nowhere."""
        return self.place.bed if self.place else None

    def admit(self, place: Place | None, at: datetime, recorded: Recorded) -> EncounterAdmitted:
        """Begin. Raises InstantInFuture."""
        _check_past(at, recorded.now)
        self._lie_in(place)
        self.started_at = at
        self._add(StepKind.ADMISSION, at, recorded)
        return EncounterAdmitted(**self._told(at))

    def begin_untold(self, place: Place | None, started_at: datetime | None) -> None:
        """The stay was going on already when the hospital first heard of it: its admission is on record nowhere."""
        self._lie_in(place)
        self.started_at = started_at

    def transfer(self, place: Place, at: datetime, recorded: Recorded) -> EncounterTransferred:
        """Move to another bed or ward. Raises NotAdmitted, SameBed, InstantInFuture, StepBeforePrevious."""
        self.check_in_progress()
        if (place.ward.id, place.bed.id if place.bed else None) == (self.ward_id, self.bed_id):
            raise SameBed
        self._check_instant(at, recorded.now)
        self._lie_in(place)
        self._add(StepKind.TRANSFER, at, recorded)
        return EncounterTransferred(**self._told(at))

    def discharge(self, at: datetime, recorded: Recorded) -> EncounterDischarged:
        """End; the bed is free from now on.

        Raises NotAdmitted, InstantInFuture, DischargeBeforeAdmission, StepBeforePrevious.
        """
        self.check_in_progress()
        if self.started_at is not None and at < self.started_at:
            raise DischargeBeforeAdmission
        self._check_instant(at, recorded.now)
        self.state, self.ended_at = EncounterState.FINISHED, at
        self._add(StepKind.DISCHARGE, at, recorded)
        return EncounterDischarged(**self._told(at))

    def last_step(self) -> Step | None:
        """The last step that still stands."""
        return next((each for each in reversed(self.steps) if not each.cancelled), None)

    def check_last(self, kind: StepKind) -> Step:
        """The last step, which must be of this kind. Raises StepNotLast."""
        last = self.last_step()
        if last is None or last.kind != kind:
            raise StepNotLast(last=last.kind if last else None)
        return last

    def place_before_last(self) -> tuple[UUID | None, UUID | None]:
        """Ward and bed of the step before the last that stands: where a cancelled transfer leads back to."""
        standing = [each for each in self.steps if not each.cancelled]
        if len(standing) < 2:  # noqa: PLR2004 (a step, and one before it)
            return None, None
        return standing[-2].ward_id, standing[-2].bed_id

    def cancel(self, kind: StepKind, place: Place | None, recorded: Recorded) -> Any:
        """The last step never happened; it stays on record. `place` is where the person lies then.

        Gives the fact of it. Raises StepNotLast.
        """
        step = self.check_last(kind)
        step.cancelled_by, step.cancelled_at = recorded.by, recorded.now
        if kind is StepKind.ADMISSION:
            self.state = EncounterState.CANCELLED
        elif kind is StepKind.TRANSFER:
            self._lie_in(place)
        else:
            self.state, self.ended_at = EncounterState.IN_PROGRESS, None
        self.version += 1
        return _CANCELLED[kind](**self._told(recorded.now))

    def check_in_progress(self) -> None:
        """Raises NotAdmitted when the stay has ended or never was."""
        if self.state != EncounterState.IN_PROGRESS:
            raise NotAdmitted

    def _check_instant(self, at: datetime, now: datetime) -> None:
        _check_past(at, now)
        last = self.last_step()
        if last is not None and at < last.at:
            raise StepBeforePrevious

    def _lie_in(self, place: Place | None) -> None:
        self.place = place
        self.ward_id = self.ward.id if self.ward else None
        self.bed_id = self.bed.id if self.bed else None

    def _add(self, kind: StepKind, at: datetime, recorded: Recorded) -> None:
        self.version += 1
        self.steps.append(
            Step(
                encounter_id=self.id,
                number=len(self.steps) + 1,
                kind=kind,
                ward_id=self.ward_id,
                bed_id=self.bed_id,
                at=at,
                recorded_by=recorded.by,
                recorded_at=recorded.now,
            )
        )

    def _told(self, at: datetime) -> dict[str, Any]:
        place, bed = self.place, self.bed
        return {
            "encounter_id": self.id,
            "patient_id": self.patient_id,
            "encounter_class": self.encounter_class,
            "state": self.state,
            "campus": {"code": place.campus.code, **place.campus.name} if place else None,
            "ward": {"id": place.ward.id, "code": place.ward.code, **place.ward.name} if place else None,
            "bed": {"id": bed.id, "label": bed.code} if bed else None,
            "at": at,
            "started_at": self.started_at,
            "ended_at": self.ended_at,
            "version": self.version,
        }


def _check_past(at: datetime, now: datetime) -> None:
    if at > now + CLOCKS_DIFFER:
        raise InstantInFuture(member="at")
