"""What meals listens to: who is a patient, who lies where, whose bill is settled, and what companions have paid."""

from __future__ import annotations

from services.meals import usecases
from services.meals.schemas import settling as billing
from services.meals.schemas import wards as schemas
from services.meals.schemas.received_orders import DietOrderReceivedSchema
from services.meals.usecases import companions, settling
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
    "records.diet_order_received.v1": Subscription(DietOrderReceivedSchema, usecases.note_diet_order_received),
    "billing.invoice_cancelled.v1": Subscription(billing.BilledSchema, companions.note_invoice_cancelled),
    "billing.invoice_issued.v1": Subscription(billing.BilledSchema, companions.note_invoice_issued),
    "billing.invoice_paid.v1": Subscription(billing.BilledSchema, companions.note_invoice_paid),
    "billing.refund_succeeded.v1": Subscription(billing.BilledRefundSchema, companions.note_refund),
    "billing.settlement_opened.v1": Subscription(billing.SettlementSchema, settling.close_stay),
    "billing.settlement_withdrawn.v1": Subscription(billing.SettlementSchema, settling.reopen_stay),
}
