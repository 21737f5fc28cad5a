"""What somebody may eat is ordered: diets, fasting and allergies. Each change begins by locking the stay."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from services.meals import store
from services.meals.domain import (
    Allergen,
    Allergy,
    AllergyKnown,
    Diet,
    DietOrder,
    DietSource,
    NotForThisRole,
    Npo,
    NpoInForce,
    NpoKind,
    NpoReason,
    NpoUntilBeforeFrom,
    StayNotOpen,
    check_verbal,
)
from services.meals.store import sittings
from services.meals.usecases import orders
from shared.actor import Actor
from shared.database import UnitOfWork
from shared.errors import NotFound

OPEN = "in_progress"


def order_diet(
    uow: UnitOfWork,
    *,
    actor: Actor,
    now: datetime,
    encounter_id: UUID,
    texture: str,
    restrictions: Sequence[str] = (),
    energy_kcal: int | None = None,
    exclusions: Sequence[str] = (),
    verbal: bool = False,
    resumes: bool = False,
    note: str = "",
) -> DietOrder:
    """A doctor's or dietitian's diet order, entered by them or by the nurse; it ends the one before (handbook 4.2).

    It counts for the first meal whose cut-off is later. `verbal` is the nurse's own word for the first meal after
    admission. While somebody fasts, `resumes` must say that eating begins again: it never does by itself. Raises
    NotFound, StayNotOpen, DietUnknown, DietImpossible, NpoInForce, NotForThisRole, VerbalOrderUsed.
    """
    stay_in_hospital(uow, encounter_id)
    diet = Diet(
        texture=texture,
        restrictions=frozenset(restrictions),
        energy_kcal=energy_kcal,
        exclusions=frozenset(exclusions),
    )
    return begin_diet(
        uow,
        encounter_id,
        diet,
        source=_source(actor, verbal=verbal),
        actor=actor,
        now=now,
        resumes=resumes,
        note=note,
    )


def _source(actor: Actor, *, verbal: bool) -> DietSource:
    if verbal:
        if not actor.has("nurse"):
            raise NotForThisRole
        return DietSource.VERBAL
    return DietSource.DIETITIAN if actor.has("dietitian") else DietSource.DOCTOR


def begin_diet(
    uow: UnitOfWork,
    encounter_id: UUID,
    diet: Diet,
    *,
    source: DietSource,
    actor: Actor,
    now: datetime,
    starts_at: datetime | None = None,
    resumes: bool = False,
    note: str = "",
    placer_number: str = "",
) -> DietOrder:
    """Let a diet of a locked stay follow the one before, from `starts_at` on (from now on when that is past)."""
    diet.check()
    former = store.diet_orders_of(uow, encounter_id)
    if source is DietSource.VERBAL:
        check_verbal(former)
    _resume(store.npo_orders_of(uow, encounter_id), actor, now, resumes=resumes)
    starts = max(now, starts_at or now)
    for each in former:
        each.make_room(starts)
    uow.session.flush()  # the end of the one before stands before the next one begins: one is active at a time
    order = DietOrder(
        id=uuid4(),
        encounter_id=encounter_id,
        version=len(former) + 1,
        texture=diet.texture,
        restrictions=sorted(diet.restrictions),
        energy_kcal=diet.energy_kcal,
        exclusions=sorted(diet.exclusions),
        source=source,
        ordered_by=actor.subject,
        ordered_at=now,
        starts_at=starts,
        ends_at=sittings.first_open_at(uow, now).closes_at if source is DietSource.VERBAL else None,
        note=note,
        placer_number=placer_number,
    )
    uow.session.add(order)
    uow.session.flush()
    orders.recheck(uow, encounter_id=encounter_id, actor=actor, now=now)
    return order


def _resume(fasting: Sequence[Npo], actor: Actor, now: datetime, *, resumes: bool) -> None:
    in_force = [each for each in fasting if each.is_in_force(now)]
    if in_force and not resumes:
        raise NpoInForce(kinds=[each.kind for each in in_force])
    for each in in_force:
        each.end(now, actor.subject)


def order_npo(
    uow: UnitOfWork,
    *,
    actor: Actor,
    now: datetime,
    encounter_id: UUID,
    kind: NpoKind,
    reason: NpoReason,
    from_at: datetime | None = None,
    until_at: datetime | None = None,
) -> Npo:
    """Somebody must not eat, from now or from `from_at` on; it acts at once (handbook 4.3).

    `until_at` is what is expected: only a new diet order ends it. Raises NotFound, StayNotOpen, NpoUntilBeforeFrom.
    """
    stay_in_hospital(uow, encounter_id)
    return begin_npo(
        uow, encounter_id, kind, reason=reason, from_at=from_at or now, until_at=until_at, actor=actor, now=now
    )


def begin_npo(
    uow: UnitOfWork,
    encounter_id: UUID,
    kind: NpoKind,
    *,
    reason: NpoReason,
    from_at: datetime,
    until_at: datetime | None,
    actor: Actor,
    now: datetime,
) -> Npo:
    """Fasting of a locked stay. Raises NpoUntilBeforeFrom."""
    if until_at is not None and until_at <= max(from_at, now):
        raise NpoUntilBeforeFrom
    npo = Npo(
        id=uuid4(),
        encounter_id=encounter_id,
        kind=kind,
        reason=reason,
        from_at=from_at,
        until_at=until_at,
        ordered_at=now,
        ordered_by=actor.subject,
    )
    uow.session.add(npo)
    uow.session.flush()
    orders.recheck(uow, encounter_id=encounter_id, actor=actor, now=now)
    return npo


def cancel_npo(uow: UnitOfWork, *, actor: Actor, now: datetime, npo_id: UUID) -> Npo:
    """Fasting that has not begun will not be needed. Raises NotFound, NpoEnded, NpoHasBegun."""
    known = store.npo_order(uow, npo_id)
    if known is None:
        raise NotFound
    store.lock_stay(uow, known.encounter_id)
    npo = store.npo_order(uow, npo_id) or known
    npo.cancel(now, actor.subject)
    uow.session.flush()
    orders.recheck(uow, encounter_id=npo.encounter_id, actor=actor, now=now)
    return npo


def note_allergy(
    uow: UnitOfWork, *, actor: Actor, now: datetime, encounter_id: UUID, allergen: Allergen, reaction: str = ""
) -> Allergy:
    """Somebody must not meet this in food; it acts at once (4.4). Raises NotFound, StayNotOpen, AllergyKnown."""
    stay_in_hospital(uow, encounter_id)
    known = {each.allergen for each in store.allergies_of(uow, encounter_id) if each.ended_at is None}
    if allergen in known:
        raise AllergyKnown
    allergy = Allergy(
        id=uuid4(),
        encounter_id=encounter_id,
        allergen=allergen,
        reaction=reaction,
        noted_by=actor.subject,
        noted_at=now,
    )
    uow.session.add(allergy)
    uow.session.flush()
    orders.recheck(uow, encounter_id=encounter_id, actor=actor, now=now)
    return allergy


def withdraw_allergy(uow: UnitOfWork, *, actor: Actor, now: datetime, allergy_id: UUID, reason: str) -> Allergy:
    """An allergy was noted wrongly; that it was noted stays on record. Raises NotFound, AllergyEnded."""
    known = store.allergy(uow, allergy_id)
    if known is None:
        raise NotFound
    store.lock_stay(uow, known.encounter_id)
    allergy = store.allergy(uow, allergy_id) or known
    allergy.end(actor.subject, now, reason)
    uow.session.flush()
    orders.recheck(uow, encounter_id=allergy.encounter_id, actor=actor, now=now)
    return allergy


def stay_in_hospital(uow: UnitOfWork, encounter_id: UUID) -> dict[str, Any]:
    """The stay, locked, of somebody who is in the hospital now. Raises NotFound, StayNotOpen."""
    stay = store.lock_stay(uow, encounter_id)
    if stay is None:
        raise NotFound
    if stay["state"] != OPEN:
        raise StayNotOpen
    return stay
