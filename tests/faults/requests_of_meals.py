"""The POSTs of ordering, plating and handing over meals, ready to be cut off."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from services.meals.store import order_tables
from shared.actor import Actor
from tests.faults.sending import Sent
from tests.meals.kitchen import COOK, NURSE, TOMORROW, Kitchen, id_of
from tests.support.callers import patient
from tests.support.everyday import Everyday

DIETITIAN = Actor(subject="staff:dietitian", roles=("dietitian",))
LUNCH = {"date": TOMORROW.isoformat(), "meal": "lunch"}
STAY = f"/v1/stays/{id_of('Wang')}"


def _kitchen(day: Everyday) -> Kitchen:
    kitchen = Kitchen(day.hospital.databases["meals"], day.clock)
    kitchen.admit()
    return kitchen


def _wishes(kitchen: Kitchen) -> list[dict[str, Any]]:
    return [{"dish_id": str(kitchen.dish(code))} for code in ("RICE150", "BASS")]


def _order(day: Everyday) -> Sent:
    kitchen = _kitchen(day)
    return Sent(kitchen.family(), f"{STAY}/orders", {**LUNCH, "dishes": _wishes(kitchen)}, 201)


def _another_choice(day: Everyday) -> Sent:
    kitchen = _kitchen(day)
    kitchen.order("Wang", "RICE150", "BROCC")
    return Sent(kitchen.family(), f"{STAY}/declined-meals", LUNCH, 201)


def _cancellation(day: Everyday) -> Sent:
    kitchen = _kitchen(day)
    order = kitchen.order("Wang", "RICE150", "BASS")
    return Sent(kitchen.family(), f"/v1/orders/{order.id}/cancellation", {}, 200)


def _late_meal(day: Everyday) -> Sent:
    kitchen = _kitchen(day)
    kitchen.at(10, 1, TOMORROW)
    kitchen.discharge()
    kitchen.freeze()
    kitchen.stay("Wang", "discharge_cancelled", 3)
    return Sent(NURSE, f"{STAY}/late-meals", LUNCH, 201)


def _companion(day: Everyday) -> Sent:
    kitchen = _kitchen(day)
    payer = id_of("Zhao")
    body = {**LUNCH, "dishes": _wishes(kitchen), "bed_code": kitchen.bed_code(), "payer_id": str(payer)}
    return Sent(patient(payer), "/v1/companion-orders", body, 201)


def _frozen(day: Everyday) -> tuple[Kitchen, dict[str, Any]]:
    kitchen = _kitchen(day)
    order = kitchen.order("Wang", "RICE150", "BASS")
    kitchen.at(10, 1, TOMORROW)
    kitchen.freeze()
    return kitchen, kitchen.row(order.id)


def _plating(day: Everyday) -> Sent:
    _, row = _frozen(day)
    return Sent(COOK, "/v1/trays/plating", {"tray_code": row["tray_code"]}, 200)


def _handover(day: Everyday) -> Sent:
    kitchen, row = _frozen(day)
    kitchen.plate(row["id"])
    body = {"tray_code": row["tray_code"], "outcome": "delivered", "bed_code": kitchen.bed_code()}
    return Sent(NURSE, "/v1/trays/handover", body, 200)


def _acknowledgement(day: Everyday) -> Sent:
    kitchen, _ = _frozen(day)
    kitchen.fast("Wang")
    with kitchen.database.read() as uow:
        change_id = uow.session.execute(sa.select(order_tables.production_changes.c.id)).scalar_one()
    return Sent(COOK, f"/v1/production-changes/{change_id}/acknowledgement", {}, 200)


def _rules(_day: Everyday) -> Sent:
    body = {"days_ahead": 3, "standing_meal": False, "companion_minutes": 20, "keeps_hours": 2}
    return Sent(DIETITIAN, "/v1/ordering-rules", body, 200)


def _times(_day: Everyday) -> Sent:
    body = {"meal": "lunch", "days_before": 0, "closes": "09:30", "begins": "11:00", "ends": "12:30"}
    return Sent(DIETITIAN, "/v1/serving-times", body, 200)


REQUESTS: dict[str, Callable[[Everyday], Sent]] = {
    "meals.place_order": _order,
    "meals.decline_meal": _another_choice,
    "meals.cancel_order": _cancellation,
    "meals.serve_late_meal": _late_meal,
    "meals.order_companion_meal": _companion,
    "meals.plate_tray": _plating,
    "meals.hand_over_tray": _handover,
    "meals.acknowledge_change": _acknowledgement,
    "meals.set_ordering_rules": _rules,
    "meals.set_serving_times": _times,
}
