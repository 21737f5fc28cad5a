"""Diet orders of other systems: carried out when they are understood, else put before the dietitian."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from services.meals import store
from services.meals.domain import (
    EATS_IN_WARD,
    MEANINGS,
    Allergen,
    Allergy,
    Diet,
    DietOrder,
    DietSource,
    MeaningUnknown,
    NpoKind,
    NpoReason,
    Reading,
    ReceivedOrder,
    ReceivedState,
    read_codes,
    term_of,
)
from services.meals.usecases import orders
from services.meals.usecases.diets import OPEN, begin_diet, begin_npo, stay_in_hospital
from shared.actor import Actor
from shared.database import UnitOfWork
from shared.errors import DomainError, NotFound, NotYet

NEW = frozenset({"NW", "XO", "RP", "RO", "SN", ""})
"""Order controls (HL7 table 0119) that say what holds from now on; any other one is for a person to judge."""


def note_diet_order_received(uow: UnitOfWork, *, data: dict[str, Any], actor: Actor, now: datetime) -> None:
    """Another system has ordered a diet. What is wholly understood holds; of the rest, what forbids holds at once.

    What cannot be carried out waits on the dietitian's page and is never dropped. Raises NotYet for a stay that was
    not told yet.
    """
    if data["encounter_class"] not in EATS_IN_WARD:
        return
    stay = store.lock_stay(uow, data["encounter_id"])
    if stay is None:
        raise NotYet("a diet order for a stay that is not known here yet")
    if store.lock_received_order(uow, data["order_id"]) is not None:
        return
    received = ReceivedOrder(
        id=data["order_id"],
        encounter_id=data["encounter_id"],
        sender=data["sender"],
        placer_number=data["placer_number"],
        control=data["control"],
        codes=[dict(each) for each in data["codes"]],
        text=data["text"],
        starts_at=data["starts_at"],
        received_at=now,
        state=ReceivedState.APPLIED,
    )
    reading = read_codes(received.codes, store.terms_of(uow, received.sender))
    received.unknown, received.problem = reading.unknown, _problem(stay, received, reading)
    if not received.problem:
        received.problem = _carry_out(uow, received, reading, actor, now)
    if received.problem:
        received.state = ReceivedState.OPEN
        if stay["state"] == OPEN and received.control in NEW:
            _tighten(uow, received, reading, actor, now)
    uow.session.add(received)


def _problem(stay: Mapping[str, Any], received: ReceivedOrder, reading: Reading) -> str:
    if stay["state"] != OPEN:
        return "stay_not_open"
    return reading.is_problem if received.control in NEW else "control_unknown"


def _carry_out(uow: UnitOfWork, received: ReceivedOrder, reading: Reading, actor: Actor, now: datetime) -> str:
    """Do what is understood; a rule's refusal is the problem that a person has to solve."""
    starts = received.starts_at
    try:
        with uow.savepoint():
            if reading.diet is not None:
                order = begin_diet(
                    uow,
                    received.encounter_id,
                    reading.diet,
                    source=DietSource.MESSAGE,
                    actor=actor,
                    now=now,
                    starts_at=starts,
                    placer_number=received.placer_number,
                )
                received.diet_order_id = order.id
            for kind in sorted(reading.npo):
                _fast(uow, received.encounter_id, NpoKind(kind), max(now, starts or now), actor, now)
            _note_allergies(uow, received.encounter_id, reading, actor, now)
    except DomainError as refusal:
        received.diet_order_id = None
        return refusal.code
    return ""


def _fast(uow: UnitOfWork, encounter_id: UUID, kind: NpoKind, from_at: datetime, actor: Actor, now: datetime) -> None:
    begin_npo(uow, encounter_id, kind, reason=NpoReason.OTHER, from_at=from_at, until_at=None, actor=actor, now=now)


def _note_allergies(uow: UnitOfWork, encounter_id: UUID, reading: Reading, actor: Actor, now: datetime) -> None:
    known = {each.allergen for each in store.allergies_of(uow, encounter_id) if each.ended_at is None}
    for allergen in sorted({Allergen(each) for each in reading.allergies} - known):
        uow.session.add(
            Allergy(
                id=uuid4(),
                encounter_id=encounter_id,
                allergen=allergen,
                reaction="",
                noted_by=actor.subject,
                noted_at=now,
            )
        )
    if reading.allergies:
        uow.session.flush()
        orders.recheck(uow, encounter_id=encounter_id, actor=actor, now=now)


def _tighten(uow: UnitOfWork, received: ReceivedOrder, reading: Reading, actor: Actor, now: datetime) -> None:
    """Until a person has looked: fasting and allergies hold, and understood restrictions join the diet in force."""
    encounter_id = received.encounter_id
    for kind in sorted(reading.npo):
        _fast(uow, encounter_id, NpoKind(kind), max(now, received.starts_at or now), actor, now)
    _note_allergies(uow, encounter_id, reading, actor, now)
    in_force = next((each for each in store.diet_orders_of(uow, encounter_id) if each.holds_at(now)), None)
    if in_force is None:
        return
    diet = in_force.diet
    stricter = Diet(
        texture=diet.texture,
        restrictions=diet.restrictions | reading.restrictions,
        energy_kcal=diet.energy_kcal,
        exclusions=diet.exclusions | reading.exclusions,
    )
    if stricter == diet:
        return
    try:
        with uow.savepoint():
            begin_diet(
                uow,
                encounter_id,
                stricter,
                source=DietSource.MESSAGE,
                actor=actor,
                now=now,
                starts_at=received.starts_at,
                placer_number=received.placer_number,
            )
    except DomainError:
        return  # the dietitian's item stands, and the diet in force with it


def settle_received_order(
    uow: UnitOfWork,
    *,
    actor: Actor,
    now: datetime,
    order_id: UUID,
    texture: str,
    restrictions: Sequence[str] = (),
    energy_kcal: int | None = None,
    exclusions: Sequence[str] = (),
    resumes: bool = False,
    meanings: Sequence[Mapping[str, Any]] = (),
) -> ReceivedOrder:
    """The dietitian says which diet an order means, and may teach its codes: [{code: 1, means: "texture:SOFT"}].

    `code` counts the codes that were not understood, from 0. What was taught is understood the next time. Raises
    NotFound, ReceivedOrderSettled, MeaningUnknown, and what ordering a diet raises.
    """
    received = _open_order(uow, order_id)
    stay_in_hospital(uow, received.encounter_id)
    _teach(uow, received, meanings, actor, now)
    order: DietOrder = begin_diet(
        uow,
        received.encounter_id,
        Diet(
            texture=texture,
            restrictions=frozenset(restrictions),
            energy_kcal=energy_kcal,
            exclusions=frozenset(exclusions),
        ),
        source=DietSource.MESSAGE,
        actor=actor,
        now=now,
        starts_at=received.starts_at,
        resumes=resumes,
        placer_number=received.placer_number,
    )
    received.diet_order_id = order.id
    received.settle(ReceivedState.SETTLED, by=actor.subject, at=now)
    return received


def _teach(
    uow: UnitOfWork, received: ReceivedOrder, meanings: Sequence[Mapping[str, Any]], actor: Actor, now: datetime
) -> None:
    for each in meanings:
        if each["means"] not in MEANINGS or each["code"] >= len(received.unknown):
            raise MeaningUnknown
        term = term_of(received.unknown[each["code"]])
        store.teach_term(uow, received.sender, term, each["means"], by=actor.subject, now=now)


def dismiss_received_order(
    uow: UnitOfWork, *, actor: Actor, now: datetime, order_id: UUID, reason: str
) -> ReceivedOrder:
    """An order that needs nothing, with the reason why. Raises NotFound, ReceivedOrderSettled."""
    received = _open_order(uow, order_id)
    received.settle(ReceivedState.DISMISSED, by=actor.subject, at=now, reason=reason)
    return received


def _open_order(uow: UnitOfWork, order_id: UUID) -> ReceivedOrder:
    """The stay is locked first, as everywhere."""
    encounter_id = store.stay_of_received_order(uow, order_id)
    if encounter_id is None:
        raise NotFound
    store.lock_stay(uow, encounter_id)
    received = store.lock_received_order(uow, order_id)
    if received is None:
        raise NotFound
    received.check_open()
    return received
