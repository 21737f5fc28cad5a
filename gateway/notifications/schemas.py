"""What notifications read of other services' facts: only what people are told."""

from __future__ import annotations

from marshmallow import fields, validate

from shared.schemas import EventSchema, NamesSchema


class _AboutAppointment(EventSchema):
    appointment_id = fields.UUID(required=True)
    patient_id = fields.UUID(required=True)


class _Visit(_AboutAppointment):
    starts_at = fields.AwareDateTime(required=True)
    department = fields.Nested(NamesSchema, required=True)
    practitioner = fields.Nested(NamesSchema, required=True)


class AppointmentHeldSchema(_Visit):
    """`appointments.appointment_held.v1`."""


class AppointmentPayableSchema(_AboutAppointment):
    """`appointments.appointment_payable.v1`."""

    held_until = fields.AwareDateTime(required=True)


class AppointmentBookedSchema(_Visit):
    """`appointments.appointment_booked.v1`."""

    number = fields.Integer(required=True)


class AppointmentCancelledSchema(_Visit):
    """`appointments.appointment_cancelled.v1`."""

    reason = fields.String(required=True, validate=validate.OneOf(["expired", "by_patient", "by_hospital"]))


class RefundSucceededSchema(EventSchema):
    """`billing.refund_succeeded.v1`; the amount is in fen, `billed_kind` says what had been paid."""

    billed_kind = fields.String(required=True)
    billed_id = fields.UUID(required=True)
    patient_id = fields.UUID(required=True)
    refund_id = fields.UUID(required=True)
    amount_fen = fields.Integer(required=True, strict=True)
