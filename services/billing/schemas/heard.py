"""What billing reads of the facts of meals and of copies."""

from __future__ import annotations

from marshmallow import fields, validate

from services.billing.schemas.payments import LARGEST_FEN
from shared.schemas import EventSchema

_TEXT = validate.Length(min=1, max=300)


def _fen(least: int) -> fields.Integer:
    return fields.Integer(required=True, strict=True, validate=validate.Range(min=least, max=LARGEST_FEN))


class _Texts(EventSchema):
    patient_id = fields.UUID(required=True)
    text_zh = fields.String(required=True, validate=_TEXT)
    text_en = fields.String(required=True, validate=_TEXT)


class MealChargedSchema(_Texts):
    """`meals.meal_charged.v1`."""

    charge_id = fields.UUID(required=True)
    encounter_id = fields.UUID(required=True)
    amount_fen = _fen(1)
    meal_on = fields.Date(required=True)


class MealChargeReversedSchema(EventSchema):
    """`meals.meal_charge_reversed.v1`."""

    charge_id = fields.UUID(required=True)
    encounter_id = fields.UUID(required=True)
    patient_id = fields.UUID(required=True)
    amount_fen = _fen(1)
    reason = fields.String(required=True, validate=validate.Length(max=80))


class CompanionMealOrderedSchema(_Texts):
    """`meals.companion_meal_ordered.v1`."""

    order_id = fields.UUID(required=True)
    amount_fen = _fen(0)


class CompanionMealCancelledSchema(EventSchema):
    """`meals.companion_meal_cancelled.v1`."""

    order_id = fields.UUID(required=True)
