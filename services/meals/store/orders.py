"""Meal orders and their charges, found and locked. Locks are taken in one order: stay, meals of days, orders."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from services.meals.domain.meal_times import Meal
from services.meals.domain.orders import UNDELIVERED, Order, OrderLine, OrderState, Recipient
from services.meals.domain.production import Charges
from services.meals.store.order_tables import charge_reversals, charges, order_lines, orders, settlements
from services.meals.store.wards import merges, patients
from shared.database import UnitOfWork

Row = dict[str, Any]


def person_of(uow: UnitOfWork, patient_id: UUID) -> UUID:
    """The record in which a record goes on, after all merges."""
    seen = {patient_id}
    while True:
        next_ = uow.session.scalar(sa.select(merges.c.merged_into).where(merges.c.patient_id == patient_id))
        if next_ is None or next_ in seen:
            return patient_id
        seen.add(next_)
        patient_id = next_


def carries_wristband(uow: UnitOfWork, patient_id: UUID, wristband: str) -> bool:
    """Whether a wristband's number (the medical record number) is of this person, under any record they ever had."""
    digits = "".join(each for each in wristband if each.isdigit())
    ids = uow.session.scalars(sa.select(patients.c.id).where(patients.c.mrn == digits)).all()
    person = person_of(uow, patient_id)
    return any(person_of(uow, each) == person for each in ids)


def lock_orders_of(uow: UnitOfWork, encounter_id: UUID) -> Sequence[Order]:
    """All undelivered orders of a locked stay, of the patient and of companions, the earliest meal first."""
    query = (
        sa.select(Order)
        .where(orders.c.encounter_id == encounter_id, orders.c.state.in_(UNDELIVERED))
        .order_by(orders.c.meal_on, orders.c.id)
    )
    return _locked(uow, query)


def lock_order_for(uow: UnitOfWork, encounter_id: UUID, day: date, meal: Meal) -> Order | None:
    """The patient's own order for a day and meal that stands, for changing."""
    found = _locked(uow, _order_for(encounter_id, day, meal))
    return found[0] if found else None


def find_order_for(uow: UnitOfWork, encounter_id: UUID, day: date, meal: Meal) -> Order | None:
    """The patient's own order for a day and meal that stands, for reading."""
    found: Order | None = uow.session.execute(_order_for(encounter_id, day, meal)).scalar_one_or_none()
    return found


def _order_for(encounter_id: UUID, day: date, meal: Meal) -> Any:
    return sa.select(Order).where(
        orders.c.encounter_id == encounter_id,
        orders.c.meal_on == day,
        orders.c.meal == meal,
        orders.c.recipient == Recipient.PATIENT,
        orders.c.ended_at.is_(None),
    )


def has_companion_order(uow: UnitOfWork, encounter_id: UUID, patient_id: UUID, day: date, meal: Meal) -> bool:
    """Whether this payer has a companion's meal at this bed already."""
    query = sa.select(orders.c.id).where(
        orders.c.encounter_id == encounter_id,
        orders.c.patient_id == patient_id,
        orders.c.meal_on == day,
        orders.c.meal == meal,
        orders.c.recipient == Recipient.COMPANION,
        orders.c.ended_at.is_(None),
    )
    return uow.session.execute(query).first() is not None


def stay_of_order(uow: UnitOfWork, order_id: UUID) -> UUID | None:
    """Whose stay an order belongs to, without a lock."""
    return uow.session.scalar(sa.select(orders.c.encounter_id).where(orders.c.id == order_id))


def meal_of_order(uow: UnitOfWork, order_id: UUID) -> tuple[date, Meal]:
    """Day and meal of an order, which never change."""
    row = uow.session.execute(sa.select(orders.c.meal_on, orders.c.meal).where(orders.c.id == order_id)).one()
    return row.meal_on, row.meal


def stay_of_tray(uow: UnitOfWork, tray_code: str) -> tuple[UUID, UUID] | None:
    """The order and stay of the tray that carries a code."""
    query = sa.select(orders.c.id, orders.c.encounter_id).where(orders.c.tray_code == tray_code)
    row = uow.session.execute(query).one_or_none()
    return (row.id, row.encounter_id) if row is not None else None


def lock_order(uow: UnitOfWork, order_id: UUID) -> Order | None:
    """An order for changing; its stay is locked."""
    found = _locked(uow, sa.select(Order).where(orders.c.id == order_id))
    return found[0] if found else None


def _locked(uow: UnitOfWork, query: Any) -> Sequence[Order]:
    """Read again under their locks: what was read before is worth nothing."""
    locked = query.with_for_update().execution_options(populate_existing=True)
    found: Sequence[Order] = uow.session.execute(locked).scalars().all()
    return found


def due_companion_orders(uow: UnitOfWork, *, now: datetime, limit: int) -> Sequence[Order]:
    """Companions' meals whose money did not come in time; nobody else's."""
    query = (
        sa.select(Order)
        .where(orders.c.state == OrderState.AWAITING_PAYMENT, orders.c.pay_until <= now)
        .order_by(orders.c.pay_until)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    return uow.session.execute(query).scalars().all()


def add_lines(uow: UnitOfWork, order: Order, lines: Sequence[OrderLine]) -> None:
    """What was chosen, beside what was chosen before."""
    uow.insert(order_lines, [line_row(order, line) for line in lines])


def line_row(order: Order, line: OrderLine) -> Row:
    """A dish of an order's present choice as it is kept."""
    names = ("number", "dish_id", "name_zh", "name_en", "portions", "price_fen")
    return {"order_id": order.id, "choice": order.choice, **{name: getattr(line, name) for name in names}}


def lines_of(uow: UnitOfWork, order_ids: Iterable[UUID]) -> dict[UUID, list[OrderLine]]:
    """The dishes of orders, as they were chosen last."""
    wanted = list(order_ids)
    query = (
        sa.select(order_lines)
        .join(orders, sa.and_(orders.c.id == order_lines.c.order_id, orders.c.choice == order_lines.c.choice))
        .where(order_lines.c.order_id.in_(wanted))
        .order_by(order_lines.c.order_id, order_lines.c.number)
    )
    found: dict[UUID, list[OrderLine]] = {each: [] for each in wanted}
    for row in uow.session.execute(query).mappings():
        line = {name: value for name, value in row.items() if name not in {"order_id", "choice"}}
        found[row["order_id"]].append(OrderLine(**line))
    return found


# --------------------------------------------------------------------------------------------------------- charges


def add_charge(uow: UnitOfWork, charge_id: UUID, order: Order, now: datetime) -> None:
    """A charge of an order's present choice; a second one for the same choice is refused by constraint."""
    uow.insert(charges, [charge_row(charge_id, order, now)])


def charge_row(charge_id: UUID, order: Order, now: datetime) -> Row:
    """A charge as it is kept."""
    return {
        "id": charge_id,
        "order_id": order.id,
        "choice": order.choice,
        "encounter_id": order.encounter_id,
        "amount_fen": order.amount_fen,
        "charged_at": now,
    }


def charged_fen(uow: UnitOfWork, charge_id: UUID) -> int:
    """The amount of a charge."""
    return int(uow.session.execute(sa.select(charges.c.amount_fen).where(charges.c.id == charge_id)).scalar_one())


def reverse_charge(uow: UnitOfWork, charge_id: UUID, reason: str, now: datetime) -> None:
    """Take a charge back, whole; a second time is refused by constraint."""
    uow.insert(charge_reversals, [{"charge_id": charge_id, "reason": reason, "reversed_at": now}])


def standing_charges(uow: UnitOfWork, encounter_id: UUID) -> Charges:
    """The charges of a stay that were not taken back."""
    query = (
        sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(charges.c.amount_fen), 0))
        .select_from(charges.outerjoin(charge_reversals, charge_reversals.c.charge_id == charges.c.id))
        .where(charges.c.encounter_id == encounter_id, charge_reversals.c.charge_id.is_(None))
    )
    count, amount = uow.session.execute(query).one()
    return Charges(int(count), int(amount))


# ----------------------------------------------------------------------------------------------------- settlements


def note_settlement(uow: UnitOfWork, settlement_id: UUID, encounter_id: UUID, **instants: datetime) -> Row:
    """Keep that a bill is being settled (`opened_at`) or not any more (`withdrawn_at`), in whatever order this is
    heard; the first instant of each counts. Gives the row, locked.
    """
    row = {"settlement_id": settlement_id, "encounter_id": encounter_id, "opened_at": None, "withdrawn_at": None}
    uow.insert_once(settlements, [row], returning=[settlements.c.settlement_id])
    mine = settlements.c.settlement_id == settlement_id
    known = dict(uow.session.execute(sa.select(settlements).where(mine).with_for_update()).mappings().one())
    new = {name: at for name, at in instants.items() if known[name] is None}
    if new:
        uow.session.execute(settlements.update().where(mine).values(**new))
    return {**known, **new}


def is_being_settled(uow: UnitOfWork, encounter_id: UUID) -> bool:
    """Whether the bill of a stay is being settled, or was."""
    query = sa.select(settlements.c.settlement_id).where(
        settlements.c.encounter_id == encounter_id,
        settlements.c.opened_at.is_not(None),
        settlements.c.withdrawn_at.is_(None),
    )
    return uow.session.execute(query).first() is not None
