"""What meals tells of diets, fasting and allergies, and of orders that nobody understood."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from services.meals import store
from services.meals.domain import (
    EXCLUSIONS,
    GB_7718,
    MEAL_NAMES,
    NAMES,
    NPO_NAMES,
    RESTRICTIONS,
    TEXTURES,
    Allergen,
    Allergy,
    DietOrder,
    DietSource,
    Npo,
    NpoKind,
    NpoReason,
    ReceivedOrder,
    ReceivedState,
    Rule,
    WarningCode,
    liquid_too_long,
    read_codes,
)
from services.meals.store import received_orders, sittings, stays
from shared.actor import Actor
from shared.database import UnitOfWork
from shared.errors import NotFound, NotYours

WARD = ("nurse", "doctor", "dietitian")
DIET_READERS = (*WARD, "canteen", "patient")
Row = dict[str, Any]


def diet_of_stay(uow: UnitOfWork, *, actor: Actor, now: datetime, encounter_id: UUID) -> Row:
    """What somebody may eat now: the diet in force, fasting, allergies, warnings, and the diets before.

    Raises NotFound, and NotYours for a patient who may not act for the person.
    """
    stay = stay_for(uow, actor, encounter_id)
    orders = store.diet_orders_of(uow, encounter_id)
    fasting = [each for each in store.npo_orders_of(uow, encounter_id) if not each.cancelled]
    allergies = store.allergies_of(uow, encounter_id)
    in_force = next((each for each in orders if each.holds_at(now)), None)
    first_meal = _meal_row(uow, now)
    cut_off = first_meal["cut_off"]
    return {
        "encounter_id": encounter_id,
        "patient_id": stay["patient_id"],
        "is_open": stay["state"] == "in_progress",
        "order": _order_row(uow, in_force, now) if in_force else None,
        "first_meal": first_meal,
        "may_be_verbal": not orders,
        "history": [_order_row(uow, each, now) for each in reversed(orders)],
        "npo": [_npo_row(each, now) for each in fasting if each.ended_at is None],
        "npo_history": [_npo_row(each, now) for each in fasting if each.ended_at is not None],
        "allergies": [_allergy_row(each) for each in allergies if each.ended_at is None],
        "warnings": _warnings(stay, orders, fasting, cut_off, now),
    }


def stay_for(uow: UnitOfWork, actor: Actor, encounter_id: UUID) -> Row:
    """A stay for whoever may see it: the ward, the canteen, and who acts for the person. Raises NotFound, NotYours."""
    found = uow.session.execute(sa.select(stays).where(stays.c.encounter_id == encounter_id)).mappings().one_or_none()
    if found is None:
        raise NotFound
    stay = dict(found)
    stay["patient_id"] = store.surviving_patient(uow, stay["patient_id"])
    if not actor.has(*WARD, "canteen") and not store.acts_for(uow, actor, stay["patient_id"]):
        raise NotYours(stay["patient_id"])
    return stay


def _meal_row(uow: UnitOfWork, instant: datetime) -> Row:
    """The first meal that an order at this instant affects."""
    first = sittings.first_open_at(uow, instant)
    zh, en = MEAL_NAMES[first.meal]
    return {"day": first.day, "meal": first.meal, "name": {"zh": zh, "en": en}, "cut_off": first.closes_at}


def _order_row(uow: UnitOfWork, order: DietOrder, now: datetime) -> Row:
    zh, en = order.diet.name()
    return {
        **{each: getattr(order, each) for each in _ORDER_MEMBERS},
        "name": {"zh": zh, "en": en},
        "active": order.holds_at(now),
        "first_meal": _meal_row(uow, order.starts_at),
    }


_ORDER_MEMBERS = (
    *("id", "version", "texture", "restrictions", "energy_kcal", "exclusions", "source", "ordered_by", "ordered_at"),
    *("starts_at", "ends_at", "note", "placer_number"),
)
_NPO_MEMBERS = ("id", "kind", "reason", "from_at", "until_at", "ordered_at", "ordered_by", "ended_at", "ended_by")


def _npo_row(npo: Npo, now: datetime) -> Row:
    zh, en = NPO_NAMES[npo.kind]
    return {
        **{each: getattr(npo, each) for each in _NPO_MEMBERS},
        "name": {"zh": zh, "en": en},
        "in_force": npo.is_in_force(now),
        "overdue": npo.is_overdue(now),
    }


def _allergy_row(allergy: Allergy) -> Row:
    zh, en = NAMES[allergy.allergen]
    members = ("id", "allergen", "reaction", "noted_at", "noted_by")
    return {**{each: getattr(allergy, each) for each in members}, "name": {"zh": zh, "en": en}}


def _warnings(
    stay: Row, orders: Sequence[DietOrder], fasting: Sequence[Npo], cut_off: datetime, now: datetime
) -> list[Row]:
    if stay["state"] != "in_progress":
        return []
    found = []
    if not any(each.holds_before(cut_off) for each in orders):
        found.append(WarningCode.DIET_ORDER_MISSING)
    if liquid_too_long(orders, now):
        found.append(WarningCode.LIQUID_TOO_LONG)
    if any(each.is_overdue(now) for each in fasting):
        found.append(WarningCode.NPO_OVERDUE)
    return [{"code": each} for each in found]


def diets_of_ward(uow: UnitOfWork, *, actor: Actor, now: datetime, ward_id: UUID) -> Row:
    """Diet, fasting and allergies of everybody who lies in a ward now, for the beds of the nurse's page."""
    query = sa.select(stays.c.encounter_id, stays.c.patient_id)
    query = query.where(stays.c.ward_id == ward_id, stays.c.state == "in_progress").order_by(stays.c.bed_label)
    lying = uow.session.execute(query).all()
    ids = [each.encounter_id for each in lying]
    state = store.diet_state_of(uow, ids)
    return {
        "items": [
            {
                "encounter_id": each.encounter_id,
                "patient_id": each.patient_id,
                **_short(*state[each.encounter_id], now=now),
            }
            for each in lying
        ]
    }


def _short(orders: Sequence[DietOrder], fasting: Sequence[Npo], allergies: Sequence[Allergy], *, now: datetime) -> Row:
    in_force = next((each for each in orders if each.holds_at(now)), None)
    zh, en = in_force.diet.name() if in_force else ("", "")
    return {
        "diet": {"zh": zh, "en": en} if in_force else None,
        "npo": [_name(NPO_NAMES[each.kind]) for each in fasting if each.is_in_force(now)],
        "allergies": [_name(NAMES[each.allergen]) for each in allergies if each.ended_at is None],
    }


def _name(pair: tuple[str, str]) -> Row:
    return {"zh": pair[0], "en": pair[1]}


def diet_manual(uow: UnitOfWork, *, actor: Actor, now: datetime) -> Row:
    """The hospital's diet manual: what can be ordered, in the words of the ward."""
    return {
        "textures": [_rule(each) for each in TEXTURES.values()],
        "restrictions": [_rule(each) for each in RESTRICTIONS.values()],
        "exclusions": [_rule(each) for each in EXCLUSIONS.values()],
        "allergens": [{"code": each, "name": _name(NAMES[each]), "national": each in GB_7718} for each in Allergen],
        "npo_kinds": [{"code": each, "name": _name(NPO_NAMES[each])} for each in NpoKind],
        "npo_reasons": list(NpoReason),
        "sources": list(DietSource),
    }


def _rule(rule: Rule) -> Row:
    return {"code": rule.code, "name": {"zh": rule.zh, "en": rule.en}}


def orders_received(
    uow: UnitOfWork, *, actor: Actor, now: datetime, state: ReceivedState = ReceivedState.OPEN, limit: int = 50
) -> Row:
    """Orders that came by message, the oldest first: by default those that wait for the dietitian."""
    query = sa.select(ReceivedOrder).where(received_orders.c.state == state)
    query = query.order_by(received_orders.c.received_at, received_orders.c.id).limit(limit)
    return {"items": [_received_row(uow, each) for each in uow.session.execute(query).scalars()]}


def received_order(uow: UnitOfWork, *, actor: Actor, now: datetime, order_id: UUID) -> Row:
    """One order that came by message. Raises NotFound."""
    query = sa.select(ReceivedOrder).where(received_orders.c.id == order_id)
    found = uow.session.execute(query).scalar_one_or_none()
    if found is None:
        raise NotFound
    return _received_row(uow, found)


_RECEIVED_MEMBERS = (
    *("id", "encounter_id", "sender", "placer_number", "control", "codes", "unknown", "text", "starts_at"),
    *("received_at", "state", "problem", "diet_order_id", "settled_by", "settled_at", "reason"),
)


def _received_row(uow: UnitOfWork, order: ReceivedOrder) -> Row:
    stay = uow.session.execute(sa.select(stays).where(stays.c.encounter_id == order.encounter_id)).mappings().one()
    reading = read_codes(order.codes, store.terms_of(uow, order.sender))
    return {
        **{each: getattr(order, each) for each in _RECEIVED_MEMBERS},
        "understood": {
            "textures": sorted(reading.textures),
            "restrictions": sorted(reading.restrictions),
            "exclusions": sorted(reading.exclusions),
        },
        "patient_id": store.surviving_patient(uow, stay["patient_id"]),
        "ward": {"zh": stay["ward_zh"], "en": stay["ward_en"]} if stay["ward_zh"] else None,
        "bed": stay["bed_label"],
    }
