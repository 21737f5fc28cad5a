"""The facts that appointments tells: a place is held, can be paid for, is booked, is given back."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from shared.events import fact

Words = dict[str, str]
"""A name in both languages, `{"zh": ..., "en": ...}`: needed for the messages that people read."""


@fact("appointments.appointment_held.v1", subject="appointment_id")
class AppointmentHeld:
    """A place is kept for a patient; billing is to issue the invoice. `fee_fen` is what this visit costs, in fen."""

    appointment_id: UUID
    patient_id: UUID
    slot_id: UUID
    fee_fen: int
    starts_at: datetime
    department: Words
    practitioner: Words
    client_reference: str | None


@fact("appointments.appointment_payable.v1", subject="appointment_id")
class AppointmentPayable:
    """The invoice is known: the place is kept until `held_until` (UTC) for the payment."""

    appointment_id: UUID
    patient_id: UUID
    held_until: datetime


@fact("appointments.appointment_lapsed.v1", subject="appointment_id")
class AppointmentLapsed:
    """The time to pay is over: billing, which knows the money, ends an unpaid bill. Until then the place is kept."""

    appointment_id: UUID
    patient_id: UUID


@fact("appointments.appointment_booked.v1", subject="appointment_id")
class AppointmentBooked:
    """It is paid: the visit is confirmed with its `number` in the order of the session."""

    appointment_id: UUID
    patient_id: UUID
    starts_at: datetime
    department: Words
    practitioner: Words
    number: int


@fact("appointments.appointment_cancelled.v1", subject="appointment_id")
class AppointmentCancelled:
    """The place went back; `reason` is expired, by_patient or by_hospital. What was or is later paid is given back."""

    appointment_id: UUID
    patient_id: UUID
    reason: str
    starts_at: datetime
    department: Words
    practitioner: Words
