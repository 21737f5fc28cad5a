"""Tables of diet orders, fasting, allergies and orders received by message, and what counts for somebody at a meal."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import orm

from services.meals.domain import (
    Allergen,
    Allergy,
    DietOrder,
    DietSource,
    MealTime,
    Need,
    Npo,
    NpoKind,
    NpoReason,
    ReceivedOrder,
    ReceivedState,
    Sitting,
)
from services.meals.store.wards import metadata, stays
from shared.database import Json, UnitOfWork, UtcDateTime, partial_unique


def _choice(kind: type[StrEnum], name: str) -> sa.Enum:
    return sa.Enum(
        kind,
        native_enum=False,
        create_constraint=True,
        name=name,
        length=30,
        values_callable=lambda words: [each.value for each in words],
    )


diet_orders = sa.Table(
    "diet_orders",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("encounter_id", sa.Uuid, sa.ForeignKey("stays.encounter_id"), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("texture", sa.String(30), nullable=False),
    sa.Column("restrictions", Json, nullable=False),
    sa.Column("energy_kcal", sa.Integer),
    sa.Column("exclusions", Json, nullable=False),
    sa.Column("source", _choice(DietSource, "diet_orders_source"), nullable=False),
    sa.Column("ordered_by", sa.String(80), nullable=False),
    sa.Column("ordered_at", UtcDateTime, nullable=False),
    sa.Column("starts_at", UtcDateTime, nullable=False),
    sa.Column("ends_at", UtcDateTime),
    sa.Column("note", sa.String(300), nullable=False),
    sa.Column("placer_number", sa.String(80), nullable=False),
    sa.CheckConstraint("ends_at >= starts_at", name="diet_orders_end"),
    sa.UniqueConstraint("encounter_id", "version", name="diet_orders_version"),
    partial_unique("diet_orders_one_active", "encounter_id", where="ends_at IS NULL"),
    comment="the diets of a stay, one after the other; rows are never deleted, only their end is written",
)

npo_orders = sa.Table(
    "npo_orders",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("encounter_id", sa.Uuid, sa.ForeignKey("stays.encounter_id"), nullable=False, index=True),
    sa.Column("kind", _choice(NpoKind, "npo_orders_kind"), nullable=False),
    sa.Column("reason", _choice(NpoReason, "npo_orders_reason"), nullable=False),
    sa.Column("from_at", UtcDateTime, nullable=False),
    sa.Column("until_at", UtcDateTime),
    sa.Column("ordered_at", UtcDateTime, nullable=False),
    sa.Column("ordered_by", sa.String(80), nullable=False),
    sa.Column("ended_at", UtcDateTime),
    sa.Column("ended_by", sa.String(80)),
    sa.Column("cancelled", sa.Boolean, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.CheckConstraint("until_at > from_at", name="npo_orders_until"),
)

allergies = sa.Table(
    "allergies",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("encounter_id", sa.Uuid, sa.ForeignKey("stays.encounter_id"), nullable=False, index=True),
    sa.Column("allergen", _choice(Allergen, "allergies_allergen"), nullable=False),
    sa.Column("reaction", sa.String(200), nullable=False),
    sa.Column("noted_by", sa.String(80), nullable=False),
    sa.Column("noted_at", UtcDateTime, nullable=False),
    sa.Column("ended_by", sa.String(80)),
    sa.Column("ended_at", UtcDateTime),
    sa.Column("end_reason", sa.String(200), nullable=False),
    partial_unique("allergies_once", "encounter_id", "allergen", where="ended_at IS NULL"),
)

received_orders = sa.Table(
    "received_orders",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("encounter_id", sa.Uuid, nullable=False, index=True),
    sa.Column("sender", sa.String(200), nullable=False),
    sa.Column("placer_number", sa.String(80), nullable=False),
    sa.Column("control", sa.String(10), nullable=False),
    sa.Column("codes", Json, nullable=False),
    sa.Column("text", sa.String(1000), nullable=False),
    sa.Column("starts_at", UtcDateTime),
    sa.Column("received_at", UtcDateTime, nullable=False),
    sa.Column("state", _choice(ReceivedState, "received_orders_state"), nullable=False),
    sa.Column("unknown", Json, nullable=False),
    sa.Column("problem", sa.String(80), nullable=False),
    sa.Column("diet_order_id", sa.Uuid, sa.ForeignKey("diet_orders.id")),
    sa.Column("settled_by", sa.String(80)),
    sa.Column("settled_at", UtcDateTime),
    sa.Column("reason", sa.String(200), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Index("received_orders_open", "state", "received_at"),
    comment="orders of other systems as they came; what nobody understands waits for the dietitian",
)

diet_terms = sa.Table(
    "diet_terms",
    metadata,
    sa.Column("sender", sa.String(200), primary_key=True),
    sa.Column("term", sa.String(200), primary_key=True),
    sa.Column("means", sa.String(40), nullable=False),
    sa.Column("taught_by", sa.String(80), nullable=False),
    sa.Column("taught_at", UtcDateTime, nullable=False),
    comment="what a sender's own codes mean here, as the dietitian has said",
)

mapping = orm.registry(metadata=metadata)
mapping.map_imperatively(DietOrder, diet_orders)
mapping.map_imperatively(Npo, npo_orders, version_id_col=npo_orders.c.version)
mapping.map_imperatively(Allergy, allergies)
mapping.map_imperatively(ReceivedOrder, received_orders, version_id_col=received_orders.c.version)


def lock_stay(uow: UnitOfWork, encounter_id: UUID) -> dict[str, Any] | None:
    """A stay, locked: whoever changes diet, fasting, allergies or orders of a stay begins here.

    Rows that refer to it may be added meanwhile (FOR NO KEY UPDATE): a freeze adds meals for all stays and locks none.
    """
    query = sa.select(stays).where(stays.c.encounter_id == encounter_id).with_for_update(key_share=True)
    row = uow.session.execute(query).mappings().one_or_none()
    return None if row is None else dict(row)


def _all(uow: UnitOfWork, query: Any) -> list[Any]:
    return list(uow.session.execute(query.execution_options(populate_existing=True)).scalars())


def diet_orders_of(uow: UnitOfWork, encounter_id: UUID) -> list[DietOrder]:
    """The diets of a stay in the order in which they were ordered."""
    query = sa.select(DietOrder).where(diet_orders.c.encounter_id == encounter_id)
    return _all(uow, query.order_by(diet_orders.c.version))


def npo_orders_of(uow: UnitOfWork, encounter_id: UUID) -> list[Npo]:
    """The fasting orders of a stay, by their beginning."""
    query = sa.select(Npo).where(npo_orders.c.encounter_id == encounter_id)
    return _all(uow, query.order_by(npo_orders.c.from_at, npo_orders.c.id))


def allergies_of(uow: UnitOfWork, encounter_id: UUID) -> list[Allergy]:
    """The allergies noted in a stay, those taken back too."""
    query = sa.select(Allergy).where(allergies.c.encounter_id == encounter_id)
    return _all(uow, query.order_by(allergies.c.noted_at, allergies.c.id))


def diet_state_of(uow: UnitOfWork, ids: Iterable[UUID]) -> dict[UUID, tuple[list[DietOrder], list[Npo], list[Allergy]]]:
    """Diets, fasting and allergies of several stays, in three reads."""
    wanted = list(ids)
    found: dict[UUID, tuple[list[DietOrder], list[Npo], list[Allergy]]] = {each: ([], [], []) for each in wanted}
    of_diets = sa.select(DietOrder).where(diet_orders.c.encounter_id.in_(wanted)).order_by(diet_orders.c.version)
    of_npo = sa.select(Npo).where(npo_orders.c.encounter_id.in_(wanted)).order_by(npo_orders.c.from_at)
    of_allergies = sa.select(Allergy).where(allergies.c.encounter_id.in_(wanted)).order_by(allergies.c.noted_at)
    for position, query in enumerate((of_diets, of_npo, of_allergies)):
        for each in _all(uow, query):
            found[each.encounter_id][position].append(each)
    return found


def npo_order(uow: UnitOfWork, npo_id: UUID) -> Npo | None:
    """One fasting order; lock its stay before changing it."""
    return next(iter(_all(uow, sa.select(Npo).where(npo_orders.c.id == npo_id))), None)


def allergy(uow: UnitOfWork, allergy_id: UUID) -> Allergy | None:
    """One allergy; lock its stay before changing it."""
    return next(iter(_all(uow, sa.select(Allergy).where(allergies.c.id == allergy_id))), None)


def lock_received_order(uow: UnitOfWork, order_id: UUID) -> ReceivedOrder | None:
    """An order that came by message, for changing."""
    query = sa.select(ReceivedOrder).where(received_orders.c.id == order_id).with_for_update()
    return next(iter(_all(uow, query)), None)


def stay_of_received_order(uow: UnitOfWork, order_id: UUID) -> UUID | None:
    """Whose stay an order that came by message is for."""
    return uow.session.scalar(sa.select(received_orders.c.encounter_id).where(received_orders.c.id == order_id))


def teach_term(uow: UnitOfWork, sender: str, term: str, means: str, *, by: str, now: datetime) -> None:
    """Keep what a sender's code means; said again, the later word counts."""
    row = {"sender": sender, "term": term, "means": means, "taught_by": by, "taught_at": now}
    if not uow.insert_once(diet_terms, [row], returning=[diet_terms.c.term]):
        here = sa.and_(diet_terms.c.sender == sender, diet_terms.c.term == term)
        uow.session.execute(diet_terms.update().where(here).values(row))


def terms_of(uow: UnitOfWork, sender: str) -> dict[str, str]:
    """What the dietitian has said of a sender's codes."""
    query = sa.select(diet_terms.c.term, diet_terms.c.means).where(diet_terms.c.sender == sender)
    return {row.term: row.means for row in uow.session.execute(query)}


def need_for(uow: UnitOfWork, encounter_id: UUID, sitting: Sitting, *, now: datetime) -> Need | None:
    """What counts at a meal for whoever orders it: the diet by the meal's cut-off, fasting and allergies as known now.

    None for a stay that nobody knows.
    """
    orders = diet_orders_of(uow, encounter_id)
    diet = next((each for each in orders if each.holds_before(sitting.closes_at)), None)
    return _need(uow, encounter_id, sitting, diet, now)


def need_of(uow: UnitOfWork, encounter_id: UUID, at: datetime, sitting: Sitting) -> Need | None:
    """What counts at a meal for whoever plates or hands it out at `at`: the diet in force at that instant.

    An order that came after the cut-off counts here: a stricter one stops the tray. None for an unknown stay.
    """
    orders = diet_orders_of(uow, encounter_id)
    diet = next((each for each in orders if each.holds_at(at)), None)
    if diet is None:
        diet = next((each for each in orders if each.holds_before(sitting.closes_at)), None)
    return _need(uow, encounter_id, sitting, diet, at)


def _need(uow: UnitOfWork, encounter_id: UUID, sitting: Sitting, diet: DietOrder | None, at: datetime) -> Need | None:
    patient = sa.select(stays.c.patient_id).where(stays.c.encounter_id == encounter_id)
    patient_id = uow.session.scalar(patient)
    if patient_id is None:
        return None
    first, last = max(sitting.begins_at, at), max(sitting.ends_at, at)
    return Need(
        encounter_id=encounter_id,
        patient_id=patient_id,
        time=MealTime(sitting.day, sitting.meal),
        at=at,
        diet=diet.diet if diet else None,
        diet_order_id=diet.id if diet else None,
        diet_version=diet.version if diet else None,
        allergens=frozenset(each.allergen for each in allergies_of(uow, encounter_id) if each.ended_at is None),
        npo=tuple(each for each in npo_orders_of(uow, encounter_id) if each.touches(first, last)),
    )
