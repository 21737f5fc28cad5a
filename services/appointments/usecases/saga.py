"""What the bill, the clock and the hospital do to an appointment. Every step may come twice, late, or after another."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from services.appointments import domain, store
from services.appointments.domain import Appointment
from shared.actor import Actor
from shared.clock import hospital_day
from shared.database import UnitOfWork
from shared.errors import NotYet

_CLOCK = Actor.system("appointments", "timer")


def make_payable(uow: UnitOfWork, *, data: dict[str, Any], actor: Actor, now: datetime) -> None:
    """The invoice is issued: the minutes to pay count from now, however long the queue took."""
    if _is_of_something_else(data):
        return
    appointment = _known(uow, data["billed_id"])
    rules = store.current_rules(uow, now)
    changed, fact = domain.make_payable(appointment, invoice_id=data["invoice_id"], rules=rules, now=now)
    if changed is not appointment:
        store.change_appointments(uow, [changed])
    if fact is not None:
        uow.publish(fact, actor=actor, now=now)


def book_appointment(uow: UnitOfWork, *, data: dict[str, Any], actor: Actor, now: datetime) -> None:
    """The invoice is paid: the visit is confirmed and gets the next number of its session.

    For a cancelled appointment nothing happens here: billing gives the money back.
    """
    if _is_of_something_else(data):
        return
    appointment = _known(uow, data["billed_id"])
    if appointment.state is not domain.State.PENDING:
        return
    number = store.next_number(uow, appointment.schedule_id)
    changed, fact = domain.book(appointment, invoice_id=data["invoice_id"], number=number)
    store.change_appointments(uow, [changed])
    if fact is not None:
        uow.publish(fact, actor=actor, now=now)


def let_go_unpayable(uow: UnitOfWork, *, data: dict[str, Any], actor: Actor, now: datetime) -> None:
    """The invoice is cancelled: a place that nobody can pay any more goes back; a booked visit stays booked.

    This is how an unpaid place expires (see `expire_holds`): billing found no money when the time to pay was over.
    """
    if _is_of_something_else(data):
        return
    _give_back(uow, [domain.let_go(_known(uow, data["billed_id"]))], actor=actor, now=now)


def expire_holds(uow: UnitOfWork, *, now: datetime, limit: int) -> int:
    """Timer: the time to pay is over. Billing is told so and decides, because it knows the money.

    The place stays kept meanwhile: while the queue stands still, news of a payment made in time may be on its way. A
    place whose invoice never came goes back to everybody at once.
    """
    due = store.lock_due_holds(uow, now=now, limit=limit)
    _give_back(uow, [domain.expire(each, now=now) for each in due], actor=_CLOCK, now=now)
    lapsed = [pair for each in due if (pair := domain.lapse(each, now=now)) is not None]
    store.change_appointments(uow, [appointment for appointment, _ in lapsed])
    for _, fact in lapsed:
        uow.publish(fact, actor=_CLOCK, now=now)
    return len(due)


def cancel_suspended(uow: UnitOfWork, *, now: datetime, limit: int) -> int:
    """Timer: whoever has a place in a session that does not take place is told, and gets the money back.

    Cancelled by the hospital: no deadline applies and it never counts against the patient.
    """
    since = hospital_day(now) - timedelta(days=1)
    concerned = store.lock_suspended(uow, since=since, limit=limit)
    _give_back(uow, [domain.withdraw(each) for each in concerned], actor=_CLOCK, now=now)
    return len(concerned)


def _give_back(uow: UnitOfWork, cancelled: list[domain.Cancelled | None], *, actor: Actor, now: datetime) -> None:
    pairs = [each for each in cancelled if each is not None]
    store.change_appointments(uow, [appointment for appointment, _ in pairs])
    freed = Counter(appointment.slot_id for appointment, _ in pairs)
    store.change_taken(uow, {slot_id: -count for slot_id, count in freed.items()})
    for _, fact in pairs:
        uow.publish(fact, actor=actor, now=now)


def _is_of_something_else(data: dict[str, Any]) -> bool:
    """Billing tells of every invoice: those of meals, copies, deposits and settlements are no business of ours."""
    return bool(data["billed_kind"] != "appointment")


def _known(uow: UnitOfWork, appointment_id: UUID) -> Appointment:
    appointment = store.lock_appointment(uow, appointment_id)
    if appointment is None:
        raise NotYet(f"appointment {appointment_id}")
    return appointment
