"""The facts that records tells the others: patients, papers that were seen, records that are of one person, stays.

A fact of a stay carries the stay's whole state: whoever hears facts in another order keeps the highest `version`.
`campus` is {code, zh, en}, `ward` {id, code, zh, en}, `bed` {id, label}; `encounter_class` is IMP, AMB or EMER. `at` is
when it happened, `started_at` is null where only the end of a stay is known.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from shared.events import fact


@fact("records.patient_registered.v1", subject="patient_id")
class PatientRegistered:
    """A person has a medical record number; `verified` says whether the real-name rules were met.

    `name_masked` (王*国) is for labels that somebody compares with the person: meals' trays.
    """

    patient_id: UUID
    mrn: str
    verified: bool
    sex: str | None
    birth_on: date | None
    name_masked: str | None = None


@fact("records.patient_verified.v1", subject="patient_id")
class PatientVerified:
    """The front desk has seen the document of a patient who was known from messages only."""

    patient_id: UUID
    mrn: str
    sex: str | None
    birth_on: date | None
    name_masked: str | None = None


@fact("records.patient_merged.v1", subject="patient_id")
class PatientMerged:
    """Two records are of one person: `patient_id` ends, `merged_into` goes on. Ids stay; all resolve on read."""

    patient_id: UUID
    merged_into: UUID


@dataclass(frozen=True, kw_only=True)
class Stay:
    """What every fact of a stay carries: the stay as it is now."""

    encounter_id: UUID
    patient_id: UUID
    encounter_class: str
    state: str
    campus: dict[str, str] | None
    ward: dict[str, str | UUID] | None
    bed: dict[str, str | UUID] | None
    at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    version: int


@fact("records.encounter_admitted.v1", subject="encounter_id")
class EncounterAdmitted(Stay):
    """Somebody is in the hospital: in a bed, in a ward, or as an outpatient (who lies nowhere)."""


@fact("records.encounter_transferred.v1", subject="encounter_id")
class EncounterTransferred(Stay):
    """Somebody lies in another bed or ward from now on; `campus`, `ward` and `bed` are the new ones."""


@fact("records.encounter_discharged.v1", subject="encounter_id")
class EncounterDischarged(Stay):
    """A stay has ended; `ward` and `bed` are where the person lay last, and the bed is free."""


@fact("records.encounter_admission_cancelled.v1", subject="encounter_id")
class EncounterAdmissionCancelled(Stay):
    """An admission never happened: nobody lies in the bed that is named."""


@fact("records.encounter_transfer_cancelled.v1", subject="encounter_id")
class EncounterTransferCancelled(Stay):
    """A transfer never happened: the person lies where they lay before, which is named."""


@fact("records.encounter_discharge_cancelled.v1", subject="encounter_id")
class EncounterDischargeCancelled(Stay):
    """A discharge never happened: the stay goes on in the place that is named."""


@fact("records.diet_order_received.v1", subject="encounter_id")
class DietOrderReceived:
    """Another system has ordered a diet for somebody in the hospital; what its codes mean is for the kitchen to say.

    `codes` are {kind, code, text} as sent (diet, supplement, preference, allergy), `control` is of HL7 table 0119.
    """

    order_id: UUID
    encounter_id: UUID
    patient_id: UUID
    encounter_class: str
    sender: str
    placer_number: str
    control: str
    codes: list[dict[str, str]]
    text: str
    starts_at: datetime | None
