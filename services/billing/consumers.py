"""What billing hears of other services."""

from __future__ import annotations

from services.billing import usecases
from services.billing.domain.stay_days import StayStep
from services.billing.schemas import heard
from services.billing.schemas.copies import (
    CopyPostageDueSchema,
    CopyPostageSchema,
    CopyRequestMeasuredSchema,
    CopyRequestSchema,
    CopyRequestSubmittedSchema,
)
from services.billing.schemas.payments import (
    AppointmentCancelledSchema,
    AppointmentHeldSchema,
    AppointmentLapsedSchema,
    PatientMergedSchema,
    StaySchema,
)
from services.billing.schemas.settlements import StayChargesCompletedSchema
from shared.service import Subscription

_STAYS = {
    "records.encounter_admitted.v1": StayStep.ADMITTED,
    "records.encounter_transferred.v1": StayStep.TRANSFERRED,
    "records.encounter_discharged.v1": StayStep.DISCHARGED,
    "records.encounter_admission_cancelled.v1": StayStep.ADMISSION_CANCELLED,
    "records.encounter_transfer_cancelled.v1": StayStep.TRANSFER_CANCELLED,
    "records.encounter_discharge_cancelled.v1": StayStep.DISCHARGE_CANCELLED,
}

SUBSCRIPTIONS = {
    "meals.meal_charged.v1": Subscription(schema=heard.MealChargedSchema, use_case=usecases.enter_meal),
    "meals.meal_charge_reversed.v1": Subscription(
        schema=heard.MealChargeReversedSchema, use_case=usecases.reverse_meal
    ),
    "meals.companion_meal_ordered.v1": Subscription(
        schema=heard.CompanionMealOrderedSchema, use_case=usecases.bill_companion_meal
    ),
    "meals.companion_meal_cancelled.v1": Subscription(
        schema=heard.CompanionMealCancelledSchema, use_case=usecases.end_companion_meal
    ),
    "appointments.appointment_held.v1": Subscription(schema=AppointmentHeldSchema, use_case=usecases.issue_invoice),
    "appointments.appointment_cancelled.v1": Subscription(
        schema=AppointmentCancelledSchema, use_case=usecases.cancel_invoice
    ),
    "appointments.appointment_lapsed.v1": Subscription(schema=AppointmentLapsedSchema, use_case=usecases.end_unpaid),
    "meals.stay_charges_completed.v1": Subscription(schema=StayChargesCompletedSchema, use_case=usecases.take_answer),
    "records.copy_postage_due.v1": Subscription(CopyPostageDueSchema, usecases.bill_postage),
    "records.copy_postage_withdrawn.v1": Subscription(CopyPostageSchema, usecases.end_postage),
    "records.copy_request_submitted.v1": Subscription(CopyRequestSubmittedSchema, usecases.bill_copies),
    "records.copy_request_lapsed.v1": Subscription(CopyRequestSchema, usecases.lapse_copies),
    "records.copy_request_refused.v1": Subscription(CopyRequestSchema, usecases.end_copies),
    "records.copy_request_withdrawn.v1": Subscription(CopyRequestSchema, usecases.end_copies),
    "records.copy_request_measured.v1": Subscription(CopyRequestMeasuredSchema, usecases.settle_copies),
    "records.patient_merged.v1": Subscription(schema=PatientMergedSchema, use_case=usecases.remember_merger),
    **{type_: Subscription(schema=StaySchema, use_case=usecases.follower(step)) for type_, step in _STAYS.items()},
}
