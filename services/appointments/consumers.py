"""What appointments hears from records and billing."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from services.appointments import usecases
from services.appointments.domain import Sex
from shared.schemas import EventSchema
from shared.service import Subscription


class SexField(fields.String):
    """Administrative sex; a code this service does not know counts as unknown."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        return text if text in set(Sex) else Sex.UNKNOWN.value


class PatientKnown(EventSchema):
    """A patient as far as booking needs to know them."""

    patient_id = fields.UUID(required=True)
    verified = fields.Boolean(required=True)
    sex = SexField(required=True, allow_none=True)
    birth_on = fields.Date(required=True, allow_none=True, format="iso")


class PatientVerified(EventSchema):
    """A patient whose papers were checked."""

    patient_id = fields.UUID(required=True)
    sex = SexField(required=True, allow_none=True)
    birth_on = fields.Date(required=True, allow_none=True, format="iso")


class PatientMerged(EventSchema):
    """Two ids of one person."""

    patient_id = fields.UUID(required=True)
    merged_into = fields.UUID(required=True)


class Invoice(EventSchema):
    """An invoice, and what it is for; those of other things than appointments are passed over."""

    invoice_id = fields.UUID(required=True)
    billed_kind = fields.String(required=True)
    billed_id = fields.UUID(required=True)


SUBSCRIPTIONS = {
    "records.patient_registered.v1": Subscription(PatientKnown, usecases.learn_patient),
    "records.patient_verified.v1": Subscription(PatientVerified, usecases.learn_verification),
    "records.patient_merged.v1": Subscription(PatientMerged, usecases.learn_merger),
    "billing.invoice_issued.v1": Subscription(Invoice, usecases.make_payable),
    "billing.invoice_paid.v1": Subscription(Invoice, usecases.book_appointment),
    "billing.invoice_cancelled.v1": Subscription(Invoice, usecases.let_go_unpayable),
}
