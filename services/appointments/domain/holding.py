"""Holding a place: may this person have one in this slot, under this hospital's rules?"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from services.appointments.domain import rules as no
from services.appointments.domain.appointment import Appointment, Person, Slot
from services.appointments.domain.rules import BookingRules, age_on
from services.appointments.events import AppointmentHeld


def hold(
    *,
    appointment_id: UUID,
    slot: Slot,
    person: Person,
    patient_id: UUID,
    others: Collection[Appointment],
    rules: BookingRules,
    client_reference: str | None,
    now: datetime,
) -> tuple[Appointment, AppointmentHeld]:
    """Keep a place for a person; `others` are all open appointments of this natural person, past days included.

    Refused when the session is suspended, has begun or is not released, when the department does not see such patients,
    when a limit per natural person is reached, and when the slot is full.
    """
    if rules.verified_only and not person.verified:
        raise no.PatientNotVerified
    _check_slot(slot, rules, now)
    _check_audience(slot, person)
    _check_limits(slot, others, rules, now)
    if slot.taken >= slot.capacity:
        raise no.SlotTaken
    used = {each.nth_open for each in others}
    appointment = Appointment(
        id=appointment_id,
        slot_id=slot.id,
        schedule_id=slot.schedule_id,
        practitioner_id=slot.practitioner_id,
        department_id=slot.department_id,
        patient_id=patient_id,
        person_id=person.id,
        date=slot.date,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        fee_fen=slot.fee_fen,
        department=slot.department,
        practitioner=slot.practitioner,
        title_code=slot.title,
        location=slot.location,
        client_reference=client_reference,
        held_at=now,
        held_until=min(now + timedelta(minutes=rules.invoice_wait_minutes), slot.ends_at),
        cancellable_until=slot.starts_at - timedelta(minutes=rules.cancel_minutes),
        nth_open=next(nth for nth in range(1, len(used) + 2) if nth not in used),
    )
    return appointment, _held(appointment)


def _held(appointment: Appointment) -> AppointmentHeld:
    return AppointmentHeld(
        appointment_id=appointment.id,
        patient_id=appointment.patient_id,
        slot_id=appointment.slot_id,
        fee_fen=appointment.fee_fen,
        starts_at=appointment.starts_at,
        department=appointment.department.words(),
        practitioner=appointment.practitioner.words(),
        client_reference=appointment.client_reference,
    )


def _check_slot(slot: Slot, rules: BookingRules, now: datetime) -> None:
    if slot.suspended:
        raise no.SlotSuspended
    if now >= slot.starts_at:
        raise no.SlotBegan
    if slot.date > rules.last_open_day(now):
        raise no.SlotNotReleased


def _check_audience(slot: Slot, person: Person) -> None:
    """Who cannot be shown to belong to a restricted department is refused too: the front desk completes the record."""
    audience = slot.audience
    if audience.sex is not None and person.sex != audience.sex:
        raise no.SexNotServed(sex=audience.sex)
    if audience.min_age is None and audience.max_age is None:
        return
    age = age_on(person.birth_on, slot.date) if person.birth_on else None
    low, high = audience.min_age or 0, audience.max_age if audience.max_age is not None else 999
    if age is None or not low <= age <= high:
        raise no.AgeNotServed(min_age=audience.min_age, max_age=audience.max_age)


def _check_limits(slot: Slot, others: Collection[Appointment], rules: BookingRules, now: datetime) -> None:
    if any(each.schedule_id == slot.schedule_id for each in others):
        raise no.AlreadyInSession
    same_day = [each for each in others if each.date == slot.date]
    if sum(each.department_id == slot.department_id for each in same_day) >= rules.department_day_limit:
        raise no.DepartmentDayLimit(limit=rules.department_day_limit)
    if len(same_day) >= rules.day_limit:
        raise no.DayLimit(limit=rules.day_limit)
    if sum(each.ends_at > now for each in others) >= rules.open_limit:
        raise no.OpenLimit(limit=rules.open_limit)
