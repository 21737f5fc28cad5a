"""The facts that people are told of; heard in the worker only."""

from __future__ import annotations

from gateway.notifications import schemas, usecases
from shared.service import Subscription

SUBSCRIPTIONS = {
    "appointments.appointment_held.v1": Subscription(schemas.AppointmentHeldSchema, usecases.tell_held),
    "appointments.appointment_payable.v1": Subscription(schemas.AppointmentPayableSchema, usecases.tell_payable),
    "appointments.appointment_booked.v1": Subscription(schemas.AppointmentBookedSchema, usecases.tell_booked),
    "appointments.appointment_cancelled.v1": Subscription(schemas.AppointmentCancelledSchema, usecases.tell_cancelled),
    "billing.refund_succeeded.v1": Subscription(schemas.RefundSucceededSchema, usecases.tell_refunded),
}
