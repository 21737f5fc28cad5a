"""The cut-off: the kitchen's list is frozen once, and nobody goes hungry (handbook sections 4.2 and 4.8)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from services.meals.domain.dishes import Dish
from services.meals.domain.orders import Chosen, EndReason, Order, OrderLine, OrderState, Recipient, total_fen
from services.meals.domain.production import COMPANIONS, ProductionLine, add_up
from services.meals.domain.sittings import Sitting
from services.meals.domain.standing import Tray, standing_tray
from services.meals.domain.suitability import Need, Objection, tray_objections
from services.meals.domain.trays import new_tray_code
from services.meals.events import CompanionMealCancelled
from services.meals.store import orders as order_store
from services.meals.store import production as store
from services.meals.store import provisions, sittings
from services.meals.usecases.charging import charged, take_back
from services.meals.usecases.ending import lines_of_tray, reason_of, tell
from shared.actor import Actor
from shared.database import UnitOfWork
from shared.errors import NotFound


def freeze_due(uow: UnitOfWork, *, now: datetime, limit: int) -> int:
    """Freeze the next meal whose cut-off is over; gives how much was done. Two workers never freeze the same one.

    Meals that are laid down are frozen in the next unit: only then can those who change who eats see them.
    """
    if sittings.lay_down_near(uow, now):
        return 1
    sitting = sittings.take_due(uow, now)
    if sitting is None:
        return 0
    _Freeze(uow, sitting, Actor.system("meals"), now).run()
    return 1


@dataclass
class _Freeze:
    """The freezing of one meal, taken alone: whoever orders or changes who eats waits for its end.

    What nobody has paid for ends; what the diet in force forbids ends and the standard meal takes its place; every
    inpatient without a meal gets the standard one, unless the hospital's rule says otherwise. Then each tray has its
    code and its group, and the list is written down.
    """

    uow: UnitOfWork
    sitting: Sitting
    actor: Actor
    now: datetime
    judged: dict[Any, tuple[Objection, ...]] = field(default_factory=dict)
    trays: dict[Any, Tray] = field(default_factory=dict)
    needs: dict[UUID, Need] = field(default_factory=dict)
    dishes: dict[UUID, Dish] = field(default_factory=dict)

    def run(self) -> None:
        """All steps, in the order of their words."""
        waiting = store.lock_orders_for(self.uow, self.sitting.day, self.sitting.meal)
        going = self._without_unpaid(waiting)
        lines = order_store.lines_of(self.uow, [order.id for order in going])
        going = self._without_forbidden(going, lines)
        self.uow.session.flush()
        produced = [
            *self._into_production(going, lines),
            *(self._standing() if not self.sitting.is_over(self.now) else ()),
        ]
        store.add_production(self.uow, self.sitting, add_up(produced))
        sittings.mark_frozen(self.uow, self.sitting, self.now)

    def _without_unpaid(self, waiting: Sequence[Order]) -> list[Order]:
        for order in waiting:
            if order.state is OrderState.AWAITING_PAYMENT:
                order.end(EndReason.UNPAID, self.now)
                fact = CompanionMealCancelled(order_id=order.id, reason=EndReason.UNPAID.value)
                self.uow.publish(fact, actor=self.actor, now=self.now)
        return [order for order in waiting if order.ended_at is None]

    def _without_forbidden(self, going: Sequence[Order], lines: dict[UUID, list[OrderLine]]) -> list[Order]:
        patients = [order for order in going if not order.is_companions]
        self.needs = provisions.needs(self.uow, [order.encounter_id for order in patients], self.sitting, self.now)
        self.dishes = provisions.dishes(self.uow, {line.dish_id for each in lines.values() for line in each})
        for order in patients:
            found = self._judge(self.needs[order.encounter_id], lines[order.id])
            if found:
                reason = reason_of(found)
                order.end(reason, self.now)
                take_back(self.uow, order, reason=reason.value, actor=self.actor, now=self.now)
                tell(self.uow, order, self.sitting, reason, instead=False, actor=self.actor, now=self.now)
        return [order for order in going if order.ended_at is None]

    def _judge(self, need: Need, lines: Sequence[OrderLine]) -> tuple[Objection, ...]:
        """Six thousand patients have a few hundred different combinations of diet and tray: each is judged once."""
        key = (_sort_of(need), tuple((line.dish_id, line.portions) for line in lines))
        if key not in self.judged:
            tray: list[tuple[Dish, int]] = [(self.dishes[line.dish_id], line.portions) for line in lines]
            self.judged[key] = tray_objections(tray, need)
        return self.judged[key]

    def _into_production(self, going: Sequence[Order], lines: dict[UUID, list[OrderLine]]) -> Iterable[ProductionLine]:
        rows, produced = [], []
        for order in going:
            zh, en = COMPANIONS if order.is_companions else _group(self.needs[order.encounter_id])
            rows.append({"of_id": order.id, "code": new_tray_code(), "group_zh": zh, "group_en": en})
            produced += _produced(zh, en, lines[order.id])
        store.begin_production(self.uow, rows)
        return produced

    def _standing(self) -> Iterable[ProductionLine]:
        """The standard meal for whoever has none; nothing while fasting or without a diet order."""
        if not sittings.rules(self.uow).standing_meal:
            return []
        hungry = store.stays_without_meal(self.uow, self.sitting)
        needs = provisions.needs(self.uow, [stay["encounter_id"] for stay in hungry], self.sitting, self.now)
        menu = provisions.menu(self.uow, self.sitting.day, self.sitting.meal)
        made: list[Order] = []
        lines: list[dict[str, Any]] = []
        charges: list[dict[str, Any]] = []
        produced: list[ProductionLine] = []
        for stay in hungry:
            need = needs[stay["encounter_id"]]
            chosen = lines_of_tray(self._tray(menu, need))
            if chosen:
                order = self._standing_order(stay, need, chosen)
                made.append(order)
                lines += [order_store.line_row(order, line) for line in chosen]
                charges += self._charge(order)
                produced += _produced(order.diet_zh or "", order.diet_en or "", chosen)
        store.add_orders(self.uow, made, lines, charges)
        return produced

    def _tray(self, menu: Sequence[Dish], need: Need) -> Tray:
        key = _sort_of(need)
        if key not in self.trays:
            self.trays[key] = standing_tray(menu, need)
        return self.trays[key]

    def _standing_order(self, stay: dict[str, Any], need: Need, lines: Sequence[OrderLine]) -> Order:
        zh, en = _group(need)
        amount = total_fen(lines)
        return Order(
            id=uuid4(),
            recipient=Recipient.PATIENT,
            encounter_id=stay["encounter_id"],
            patient_id=stay["patient_id"],
            meal_on=self.sitting.day,
            meal=self.sitting.meal,
            chosen=Chosen.STANDING,
            ordered_by=self.actor.subject,
            ordered_at=self.now,
            amount_fen=amount,
            charge_id=uuid4() if amount else None,
            state=OrderState.IN_PRODUCTION,
            diet_zh=zh,
            diet_en=en,
            tray_code=new_tray_code(),
        )

    def _charge(self, order: Order) -> list[dict[str, Any]]:
        if order.charge_id is None:
            return []
        self.uow.publish(charged(order), actor=self.actor, now=self.now)
        return [order_store.charge_row(order.charge_id, order, self.now)]


def _sort_of(need: Need) -> Any:
    """What of a need decides about a tray."""
    return need.diet, need.allergens, tuple(npo.kind for npo in need.npo)


def _group(need: Need) -> tuple[str, str]:
    return need.diet.name() if need.diet is not None else ("无膳食医嘱", "no diet order")


def _produced(zh: str, en: str, lines: Iterable[OrderLine]) -> list[ProductionLine]:
    return [ProductionLine(zh, en, line.dish_id, line.name_zh, line.name_en, line.portions) for line in lines]


def acknowledge_change(uow: UnitOfWork, *, actor: Actor, now: datetime, change_id: UUID) -> dict[str, Any]:
    """The kitchen has seen a change of its list. Seen twice, who saw it first counts. Raises NotFound."""
    row = store.see_change(uow, change_id, actor.subject, now)
    if row is None:
        raise NotFound
    return row
