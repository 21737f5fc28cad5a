"""Appointments: kept, payable, confirmed, cancelled."""

from __future__ import annotations

from marshmallow import fields, validate

from gateway.notifications.domain import Telling
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


_ABOUT = "appointment_id"
TELLINGS = {
    "appointments.appointment_held.v1": Telling(AppointmentHeldSchema, "appointment_held", _ABOUT),
    "appointments.appointment_payable.v1": Telling(AppointmentPayableSchema, "appointment_payable", _ABOUT),
    "appointments.appointment_booked.v1": Telling(AppointmentBookedSchema, "appointment_booked", _ABOUT),
    "appointments.appointment_cancelled.v1": Telling(AppointmentCancelledSchema, "appointment_cancelled", _ABOUT),
}
