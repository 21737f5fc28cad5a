"""Every POST of meals, ready to be cut off: diets, fasting and allergies of somebody in a bed; dishes and menus."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from services.meals.seed.dishes import dish_id
from shared.actor import Actor
from shared.door import Door
from tests.faults.sending import Sent
from tests.meals import stays as meals
from tests.meals.hearsay import golden, hear
from tests.records.stays import admit, bed, open_ward
from tests.support.everyday import Everyday

NURSE = Actor(subject="staff:nurse", roles=("nurse",))
DIETITIAN = Actor(subject="staff:dietitian", roles=("dietitian",))
DIET = {"texture": "SOFT", "restrictions": ["LOW_SALT"]}
LATER = "2026-11-24T00:00:00+08:00"


def _stay(day: Everyday) -> str:
    """Somebody lies in a bed, and meals has heard of it."""
    records = Door(day.hospital.databases["records"], day.clock)
    open_ward(records)
    stay = admit(records, day.register(), bed("07"))
    day.hospital.turn()
    return str(stay.id)


def _at_stay(path: str, body: dict[str, Any], first: tuple[str, dict[str, Any]] | None = None) -> Callable[..., Sent]:
    def request(day: Everyday) -> Sent:
        stay = _stay(day)
        if first is not None:
            day.done(day.at("meals", NURSE).post(f"/v1/stays/{stay}/{first[0]}", first[1]))
        return Sent(NURSE, f"/v1/stays/{stay}/{path}", body, 201)

    return request


def _after(noun: str, made: dict[str, Any], path: str, body: dict[str, Any]) -> Callable[[Everyday], Sent]:
    def request(day: Everyday) -> Sent:
        thing = day.done(day.at("meals", NURSE).post(f"/v1/stays/{_stay(day)}/{noun}", made))
        return Sent(NURSE, f"/v1/{noun}/{thing['id']}/{path}", body, 200)

    return request


def _received(path: str, body: dict[str, Any]) -> Callable[[Everyday], Sent]:
    def request(day: Everyday) -> Sent:
        stay, order_id = _stay(day), str(uuid4())
        data = golden("records.diet_order_received.v1")["data"]
        told = {**data, "encounter_id": stay, "order_id": order_id, "starts_at": None}
        hear(day.hospital.databases["meals"], ("records.diet_order_received.v1", told))
        return Sent(DIETITIAN, f"/v1/received-orders/{order_id}/{path}", body, 200)

    return request


def _kitchen(path: str, body: dict[str, Any], status: int) -> Callable[[Everyday], Sent]:
    def request(day: Everyday) -> Sent:
        meals.kitchen(Door(day.hospital.databases["meals"], day.clock))
        return Sent(DIETITIAN, path, body, status)

    return request


RICE = [{"ingredient": "RICE", "amount_mg": 90_000}]
DISH = {
    "code": "RICE90",
    "name": {"zh": "米饭", "en": "rice"},
    "kind": "staple",
    "consistency": "normal",
    "price": {"amount": "1.50", "currency": "CNY"},
    "parts": RICE,
}
MENU = {"day": "2026-11-24", "meal": "lunch", "dish_ids": [str(dish_id("RICE150")), str(dish_id("BASS"))]}

REQUESTS: dict[str, Callable[[Everyday], Sent]] = {
    "meals.order_diet": _at_stay(
        "diet-orders", {**DIET, "resumes": True}, ("npo-orders", {"kind": "no_food", "reason": "surgery"})
    ),
    "meals.order_npo": _at_stay("npo-orders", {"kind": "no_food", "reason": "surgery"}),
    "meals.cancel_npo": _after(
        "npo-orders", {"kind": "for_now", "reason": "surgery", "from_at": LATER}, "cancellation", {}
    ),
    "meals.note_allergy": _at_stay("allergies", {"allergen": "soy"}),
    "meals.withdraw_allergy": _after("allergies", {"allergen": "soy"}, "withdrawal", {"reason": "记错了人"}),
    "meals.settle_received_order": _received(
        "settlement", {**DIET, "meanings": [{"code": 0, "means": "texture:SOFT"}, {"code": 1, "means": "nothing"}]}
    ),
    "meals.dismiss_received_order": _received("dismissal", {"reason": "发错了病区"}),
    "meals.add_dish": _kitchen("/v1/dishes", DISH, 201),
    "meals.change_recipe": _kitchen(f"/v1/dishes/{dish_id('RICE150')}/recipes", {"version": 1, "parts": RICE}, 201),
    "meals.set_menu": _kitchen("/v1/menus", MENU, 200),
}
