"""One appointment: held, paid for, booked or given back. Every change is a function that returns the fact it caused."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from services.appointments.domain import rules as no
from services.appointments.domain.catalogue import EVERYBODY, TITLES, Audience, Names, Sex, Title
from services.appointments.domain.rules import BookingRules
from services.appointments.events import (
    AppointmentBooked,
    AppointmentCancelled,
    AppointmentLapsed,
    AppointmentPayable,
)


class State(StrEnum):
    """Where an appointment stands; more follow when patients check in."""

    PENDING = "pending"
    BOOKED = "booked"
    CANCELLED = "cancelled"


class Reason(StrEnum):
    """Why an appointment was cancelled; only `by_patient` can ever count against the patient."""

    EXPIRED = "expired"
    BY_PATIENT = "by_patient"
    BY_HOSPITAL = "by_hospital"


OPEN_STATES = (State.PENDING, State.BOOKED)


@dataclass(frozen=True, kw_only=True)
class Person:
    """A natural person: the patient who remains after mergers, and every patient id that ever stood for them."""

    id: UUID
    aliases: frozenset[UUID]
    sex: Sex | None
    birth_on: date | None
    verified: bool


@dataclass(frozen=True, kw_only=True)
class Slot:
    """A half hour in which `capacity` patients may arrive, with what its schedule and department say."""

    id: UUID
    schedule_id: UUID
    practitioner_id: UUID
    department_id: UUID
    date: date
    starts_at: datetime
    ends_at: datetime
    capacity: int
    taken: int
    suspended: bool
    fee_fen: int
    department: Names
    practitioner: Names
    title: Title
    location: Names
    audience: Audience = EVERYBODY


@dataclass(frozen=True, kw_only=True)
class Appointment:
    """A patient's place in a slot. Fee (fen), times and cancelling deadline stay as they were when it was held."""

    id: UUID
    slot_id: UUID
    schedule_id: UUID
    practitioner_id: UUID
    department_id: UUID
    patient_id: UUID
    person_id: UUID
    date: date
    starts_at: datetime
    ends_at: datetime
    fee_fen: int
    department: Names
    practitioner: Names
    title_code: Title
    location: Names
    client_reference: str | None
    held_at: datetime
    held_until: datetime
    cancellable_until: datetime
    nth_open: int
    """The lowest number no other open visit of this person has: two holds at one moment claim the same one."""
    state: State = State.PENDING
    cancel_reason: Reason | None = None
    invoice_id: UUID | None = None
    lapsed_at: datetime | None = None
    """When the time to pay was found to be over; the place is still kept until billing tells what came of the bill."""
    extended: bool = False
    number: int | None = None
    version: int = 1

    @property
    def payable(self) -> bool:
        """Whether the invoice is known."""
        return self.invoice_id is not None

    @property
    def held_until_if_pending(self) -> datetime | None:
        """Until when the place is kept unpaid; None once that is no longer the question."""
        return self.held_until if self.state is State.PENDING else None

    @property
    def title(self) -> Names:
        """The practitioner's title in words."""
        return TITLES[self.title_code]

    @property
    def is_open(self) -> bool:
        """Whether it takes a place."""
        return self.state in OPEN_STATES


Cancelled = tuple[Appointment, AppointmentCancelled]


def make_payable(
    appointment: Appointment, *, invoice_id: UUID, rules: BookingRules, now: datetime
) -> tuple[Appointment, AppointmentPayable | None]:
    """The invoice is known: from now on the patient has the hold's minutes to pay it.

    Heard again, or after the payment or the cancellation, it changes nothing that counts.
    """
    if appointment.invoice_id is not None:
        return appointment, None
    if appointment.state is not State.PENDING:
        return replace(appointment, invoice_id=invoice_id), None
    held_until = min(now + timedelta(minutes=rules.hold_minutes), appointment.ends_at)
    changed = replace(appointment, invoice_id=invoice_id, held_until=held_until)
    fact = AppointmentPayable(appointment_id=changed.id, patient_id=changed.patient_id, held_until=held_until)
    return changed, fact


def book(appointment: Appointment, *, invoice_id: UUID, number: int) -> tuple[Appointment, AppointmentBooked | None]:
    """It is paid: the visit is confirmed under this number of the session, even if the time to pay is over meanwhile.

    A cancelled appointment stays cancelled (billing gives the money back); a booked one keeps its number.
    """
    if appointment.state is not State.PENDING:
        return appointment, None
    changed = replace(appointment, state=State.BOOKED, invoice_id=invoice_id, number=number)
    fact = AppointmentBooked(
        appointment_id=changed.id,
        patient_id=changed.patient_id,
        starts_at=changed.starts_at,
        department=changed.department.words(),
        practitioner=changed.practitioner.words(),
        number=number,
    )
    return changed, fact


def extend(appointment: Appointment, *, rules: BookingRules, now: datetime) -> Appointment:
    """More time to pay, once, while the place is still kept. Refused in every other state."""
    if appointment.state is State.CANCELLED:
        raise no.AlreadyCancelled(reason=appointment.cancel_reason)
    if appointment.state is not State.PENDING or not appointment.payable:
        raise no.NotPayable
    if appointment.extended:
        raise no.AlreadyExtended
    if now >= appointment.held_until or appointment.lapsed_at is not None:
        raise no.HoldEnded
    held_until = appointment.held_until + timedelta(minutes=rules.extension_minutes)
    return replace(appointment, held_until=held_until, extended=True)


def cancel(appointment: Appointment, *, at_the_desk: bool, now: datetime) -> Cancelled:
    """The patient gives the place back: an unpaid one at any time, a booked one until its deadline.

    At the front desk a booked one can be cancelled until the visit begins.
    """
    if appointment.state is State.CANCELLED:
        raise no.AlreadyCancelled(reason=appointment.cancel_reason)
    if appointment.state is State.BOOKED:
        if now >= appointment.starts_at:
            raise no.VisitBegan
        if not at_the_desk and now >= appointment.cancellable_until:
            raise no.CancellationTooLate(cancellable_until=appointment.cancellable_until)
    return _cancelled(appointment, Reason.BY_PATIENT)


def expire(appointment: Appointment, *, now: datetime) -> Cancelled | None:
    """A place whose invoice never came, so that nobody could pay it, goes back when its time is over."""
    if appointment.payable or not _is_over(appointment, now):
        return None
    return _cancelled(appointment, Reason.EXPIRED)


def lapse(appointment: Appointment, *, now: datetime) -> tuple[Appointment, AppointmentLapsed] | None:
    """The time to pay a known invoice is over. That is said once, and nothing is given back: the money may be there.

    What becomes of the place is what billing tells next: paid books it, a cancelled invoice lets it go.
    """
    if not appointment.payable or appointment.lapsed_at is not None or not _is_over(appointment, now):
        return None
    fact = AppointmentLapsed(appointment_id=appointment.id, patient_id=appointment.patient_id)
    return replace(appointment, lapsed_at=now), fact


def let_go(appointment: Appointment) -> Cancelled | None:
    """The invoice is cancelled: a place that nobody can pay any more goes back; a booked visit stays booked.

    It has expired if its time to pay was over; otherwise it goes back in the hospital's name.
    """
    if appointment.state is not State.PENDING:
        return None
    return _cancelled(appointment, Reason.BY_HOSPITAL if appointment.lapsed_at is None else Reason.EXPIRED)


def withdraw(appointment: Appointment) -> Cancelled | None:
    """The hospital cannot keep its word (the session is suspended); no deadline applies."""
    if not appointment.is_open:
        return None
    return _cancelled(appointment, Reason.BY_HOSPITAL)


def _is_over(appointment: Appointment, now: datetime) -> bool:
    return appointment.state is State.PENDING and now >= appointment.held_until


def _cancelled(appointment: Appointment, reason: Reason) -> Cancelled:
    changed = replace(appointment, state=State.CANCELLED, cancel_reason=reason)
    fact = AppointmentCancelled(
        appointment_id=changed.id,
        patient_id=changed.patient_id,
        reason=reason.value,
        starts_at=changed.starts_at,
        department=changed.department.words(),
        practitioner=changed.practitioner.words(),
    )
    return changed, fact
