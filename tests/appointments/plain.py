"""Plain objects for the tests of rules: a slot tomorrow morning, an adult, an appointment in any state."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from services.appointments import domain
from services.appointments.domain import Appointment, BookingRules, Names, Person, Reason, Sex, Slot, State, Title
from shared.clock import at_hospital
from tests.support.clock import MONDAY_MORNING as NOW

RULES = BookingRules()
TUESDAY = date(2026, 11, 24)
INVOICE = uuid.UUID(int=77)


def wall(day: date, hour: int, minute: int = 0) -> datetime:
    """An instant by the hospital's clock."""
    return at_hospital(day, datetime.min.time().replace(hour=hour, minute=minute))


def slot(**changes: Any) -> Slot:
    """Tuesday 08:00 to 08:30 at Dr Chen's, two places, both free."""
    plain = Slot(
        id=uuid.uuid4(),
        schedule_id=uuid.uuid4(),
        practitioner_id=uuid.uuid4(),
        department_id=uuid.uuid4(),
        date=TUESDAY,
        starts_at=wall(TUESDAY, 8),
        ends_at=wall(TUESDAY, 8, 30),
        capacity=2,
        taken=0,
        suspended=False,
        fee_fen=3500,
        department=Names("心血管内科", "Cardiology"),
        practitioner=Names("陈思远", "Chen Siyuan"),
        title=Title.CHIEF,
        location=Names("本部 门诊楼3层", "Outpatient Building, Floor 3, Main Campus"),
    )
    return replace(plain, **changes)


def person(**changes: Any) -> Person:
    """A verified woman of 46."""
    own = uuid.uuid4()
    plain = Person(id=own, aliases=frozenset({own}), sex=Sex.FEMALE, birth_on=date(1980, 5, 1), verified=True)
    return replace(plain, **changes)


def hold(
    where: Slot,
    who: Person | None = None,
    others: list[Appointment] | None = None,
    rules: BookingRules = RULES,
    now: datetime = NOW,
) -> Appointment:
    """Hold a place and forget the fact."""
    who = who or person()
    appointment, _ = domain.hold(
        appointment_id=uuid.uuid4(),
        slot=where,
        person=who,
        patient_id=who.id,
        others=others or [],
        rules=rules,
        client_reference=None,
        now=now,
    )
    return appointment


def appointment(state: str, **changes: Any) -> Appointment:
    """An appointment held at NOW for Tuesday 08:00: pending, payable, lapsed, booked, or cancelled for a reason."""
    made = hold(slot())
    if state != "pending":
        made, _ = domain.make_payable(made, invoice_id=INVOICE, rules=RULES, now=NOW)
    if state == "lapsed":
        made = replace(made, lapsed_at=made.held_until)
    if state == "booked":
        made, _ = domain.book(made, invoice_id=INVOICE, number=1)
    if state in set(Reason):
        made = replace(made, state=State.CANCELLED, cancel_reason=Reason(state))
    return replace(made, **changes)


STATES = ["pending", "payable", "lapsed", "booked", "expired", "by_patient", "by_hospital"]
CANCELLED = ["expired", "by_patient", "by_hospital"]

hours = timedelta(hours=1)
minutes = timedelta(minutes=1)
