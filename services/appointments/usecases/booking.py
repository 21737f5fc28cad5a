"""What patients and the front desk ask for: hold a place, give it back, have more time to pay."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID, uuid4

from services.appointments import domain, store
from services.appointments.domain import Appointment, BookingRules, Person, Slot
from services.appointments.events import AppointmentHeld
from shared.actor import Actor
from shared.database import UnitOfWork
from shared.errors import DomainError, NotFound


@dataclass(frozen=True, kw_only=True)
class HoldRequest:
    """One caller's wish for a place in a slot."""

    actor: Actor
    slot_id: UUID
    patient_id: UUID
    client_reference: str | None = None
    appointment_id: UUID = field(default_factory=uuid4)


@dataclass
class _Desk:
    """What is known while requests are decided one after the other: each decision counts for the next."""

    rules: BookingRules
    slots: dict[UUID, Slot]
    people: dict[UUID, Person]
    open: dict[UUID, list[Appointment]]
    now: datetime

    def decide(self, request: HoldRequest) -> tuple[Appointment, AppointmentHeld]:
        person = self.people.get(request.patient_id)
        aliases = person.aliases if person else frozenset({request.patient_id})
        domain.require_rights(request.actor, patient_id=request.patient_id, aliases=aliases, scope="pay")
        slot = self.slots.get(request.slot_id)
        if slot is None:
            raise NotFound
        if person is None:
            raise domain.PatientNotYetKnown
        others = self.open.setdefault(person.id, [])
        appointment, fact = domain.hold(
            appointment_id=request.appointment_id,
            slot=slot,
            person=person,
            patient_id=request.patient_id,
            others=others,
            rules=self.rules,
            client_reference=request.client_reference,
            now=self.now,
        )
        others.append(appointment)
        self.slots[slot.id] = replace(slot, taken=slot.taken + 1)
        return appointment, fact


def hold_places(uow: UnitOfWork, *, requests: Sequence[HoldRequest], now: datetime) -> list[Appointment | DomainError]:
    """Keep places for patients, first come first served; each request gets its appointment or its refusal, in order.

    The persons and the slots are locked in id order before anything is looked at. The place is kept unpaid until the
    invoice is known (two hours at most) and then for the minutes of the hospital's rules. Refusals: see `domain.hold`;
    besides, `not_found` for an unknown slot or another's patient, and `patient_not_yet_known`, which passes by itself.
    """
    desk = _open_desk(uow, requests, now)
    results: list[Appointment | DomainError] = []
    held: list[Appointment] = []
    for request in requests:
        try:
            appointment, fact = desk.decide(request)
        except DomainError as refusal:
            results.append(refusal)
            continue
        uow.publish(fact, actor=request.actor, now=now)
        held.append(appointment)
        results.append(appointment)
    store.add_appointments(uow, held)
    store.change_taken(uow, Counter(each.slot_id for each in held), locked=True)
    return results


def _open_desk(uow: UnitOfWork, requests: Sequence[HoldRequest], now: datetime) -> _Desk:
    people = store.persons(uow, {each.patient_id for each in requests}, lock=True)
    slots = store.lock_slots(uow, {each.slot_id for each in requests})
    open_ones: dict[UUID, list[Appointment]] = {}
    root = {alias: person.id for person in people.values() for alias in person.aliases}
    for each in store.open_appointments(uow, people.values()):
        open_ones.setdefault(root[each.person_id], []).append(each)
    return _Desk(store.current_rules(uow, now), slots, people, open_ones, now)


def cancel_appointment(uow: UnitOfWork, *, actor: Actor, now: datetime, appointment_id: UUID) -> Appointment:
    """The patient gives the place back; what was or is later paid is returned by billing.

    An unpaid appointment can be cancelled at any time, a booked one until its deadline (`cancellation_too_late`), at
    the front desk until the visit begins (`visit_began`). Refused when it is cancelled already.
    """
    appointment = _own_appointment(uow, actor, appointment_id)
    changed, fact = domain.cancel(appointment, at_the_desk=actor.has("front_desk"), now=now)
    [changed] = store.change_appointments(uow, [changed])
    store.change_taken(uow, {changed.slot_id: -1})
    uow.publish(fact, actor=actor, now=now)
    return changed


def extend_hold(uow: UnitOfWork, *, actor: Actor, now: datetime, appointment_id: UUID) -> Appointment:
    """More minutes to pay, once, while the place is kept (`already_extended`, `hold_ended`, `not_payable`)."""
    appointment = _own_appointment(uow, actor, appointment_id)
    changed = domain.extend(appointment, rules=store.current_rules(uow, now), now=now)
    [changed] = store.change_appointments(uow, [changed])
    return changed


def _own_appointment(uow: UnitOfWork, actor: Actor, appointment_id: UUID) -> Appointment:
    appointment = store.lock_appointment(uow, appointment_id)
    if appointment is None:
        raise NotFound
    patient_id = appointment.patient_id
    person = store.persons(uow, {patient_id}).get(patient_id)
    aliases = person.aliases if person else frozenset({patient_id})
    domain.require_rights(actor, patient_id=patient_id, aliases=aliases, scope="pay")
    return appointment
