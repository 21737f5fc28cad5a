"""What meals listens to: who is a patient, who turned out to be one person, and who lies where."""

from __future__ import annotations

from services.meals import usecases
from services.meals.schemas import wards as schemas
from shared.service import Subscription

_STAYS = (
    "records.encounter_admitted.v1",
    "records.encounter_transferred.v1",
    "records.encounter_discharged.v1",
    "records.encounter_admission_cancelled.v1",
    "records.encounter_transfer_cancelled.v1",
    "records.encounter_discharge_cancelled.v1",
)

SUBSCRIPTIONS = {
    "records.patient_registered.v1": Subscription(schemas.PatientRegisteredSchema, usecases.note_patient),
    "records.patient_verified.v1": Subscription(schemas.PatientVerifiedSchema, usecases.note_verified_patient),
    "records.patient_merged.v1": Subscription(schemas.PatientMergedSchema, usecases.note_merged_patient),
    **{type_: Subscription(schemas.StaySchema, usecases.note_stay) for type_ in _STAYS},
}
