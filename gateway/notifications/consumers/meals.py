"""Meals of a stay: those that do not come though the family did not say so. The diet itself is not told."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from gateway.notifications.domain import Telling
from shared.schemas import EventSchema


class MealEndedSchema(EventSchema):
    """`meals.meal_ended.v1`: `instead` is whether another meal comes, `may_choose` whether one can be chosen."""

    order_id = fields.UUID(required=True)
    encounter_id = fields.UUID(required=True)
    patient_id = fields.UUID(required=True)
    meal_on = fields.Date(required=True)
    meal = fields.String(required=True)
    reason = fields.String(required=True)
    instead = fields.Boolean(required=True)
    may_choose = fields.Boolean(required=True)


class MealChargedSchema(EventSchema):
    """`meals.meal_charged.v1`; the amount is in fen, the text names meal and day."""

    order_id = fields.UUID(required=True)
    encounter_id = fields.UUID(required=True)
    patient_id = fields.UUID(required=True)
    amount_fen = fields.Integer(required=True, strict=True)
    text_zh = fields.String(required=True)
    text_en = fields.String(required=True)


def _ended(data: dict[str, Any]) -> str:
    """What can still be done about it is what people have to know: another comes, one may be chosen, or none."""
    if data["instead"]:
        return "meal_replaced"
    return "meal_to_choose" if data["may_choose"] else "meal_stopped"


TELLINGS = {
    "meals.meal_ended.v1": Telling(MealEndedSchema, _ended, "order_id"),
    "meals.meal_charged.v1": Telling(MealChargedSchema, "meal_charged", "order_id", notify=lambda _data: False),
}
