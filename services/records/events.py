"""The facts that records tells the others: patients, papers seen, merged records, stays, requests for copies.

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


@fact("records.copy_request_submitted.v1", subject="request_id")
class CopyRequestSubmitted:
    """Somebody asks for copies of a record; billing is to issue the prepayment to `patient_id`, the applicant."""

    request_id: UUID
    patient_id: UUID
    amount_fen: int
    text_zh: str
    text_en: str


@fact("records.copy_request_lapsed.v1", subject="request_id")
class CopyRequestLapsed:
    """The time to pay is over: billing, which knows the money, ends an unpaid bill. Until then the request waits."""

    request_id: UUID


@fact("records.copy_request_refused.v1", subject="request_id")
class CopyRequestRefused:
    """The request ends without copies: what was or is later paid for it is given back."""

    request_id: UUID


@fact("records.copy_request_withdrawn.v1", subject="request_id")
class CopyRequestWithdrawn:
    """The applicant wants no copies any more: what was or is later paid for them is given back."""

    request_id: UUID


@fact("records.copy_postage_due.v1", subject="shipment_id")
class CopyPostageDue:
    """A parcel that came back is to be sent once more: billing bills its postage (fen) to who applied."""

    shipment_id: UUID
    request_id: UUID
    patient_id: UUID
    amount_fen: int
    text_zh: str
    text_en: str


@fact("records.copy_postage_withdrawn.v1", subject="shipment_id")
class CopyPostageWithdrawn:
    """The second postage is not needed any more: its bill ends, what was paid goes back."""

    shipment_id: UUID
    request_id: UUID


@fact("records.copy_request_measured.v1", subject="request_id")
class CopyRequestMeasured:
    """The pages are counted: `final_fen` is what the copies cost; billing gives back the surplus or bills the rest."""

    request_id: UUID
    patient_id: UUID
    final_fen: int
    text_zh: str
    text_en: str


@fact("records.copy_request_moved.v1", subject="request_id")
class CopyRequestMoved:
    """A request has taken a step: `act` led to `state`, `number` counts the steps of the request.

    `patient_id` is whose record it is, `applicant_id` the record of who applies; `reason` is a code, never words.
    """

    request_id: UUID
    patient_id: UUID
    applicant_id: UUID
    number: int
    act: str
    state: str
    reason: str | None
    amount_fen: int | None
