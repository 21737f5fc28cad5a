"""What travels through the doors of meals about the hospital's own rules of ordering."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from services.meals.domain.meal_times import Meal
from shared.schemas import RequestSchema


def _word(kind: Any, **kwargs: Any) -> fields.Field[Any]:
    return fields.Enum(kind, by_value=True, **kwargs)


class ServingTimesRequestSchema(RequestSchema):
    """Until when a meal is ordered and when it is served, by the clock on the hospital's wall."""

    meal = _word(Meal, required=True)
    days_before = fields.Integer(required=True, strict=True, validate=validate.Range(min=0, max=3))
    closes = fields.Time(required=True, format="%H:%M")
    begins = fields.Time(required=True, format="%H:%M")
    ends = fields.Time(required=True, format="%H:%M")


class OrderingRulesRequestSchema(RequestSchema):
    """The hospital's rules of ordering."""

    days_ahead = fields.Integer(required=True, strict=True, validate=validate.Range(min=1, max=31))
    standing_meal = fields.Boolean(required=True)
    companion_minutes = fields.Integer(required=True, strict=True, validate=validate.Range(min=1, max=120))
    keeps_hours = fields.Integer(required=True, strict=True, validate=validate.Range(min=1, max=4))


class OrderingRulesSchema(Schema):
    """The hospital's rules of ordering."""

    days_ahead = fields.Integer(required=True)
    standing_meal = fields.Boolean(required=True)
    companion_minutes = fields.Integer(required=True)
    keeps_hours = fields.Integer(required=True)


class ServingTimesSchema(Schema):
    """Until when a meal is ordered and when it is served, by the clock on the hospital's wall."""

    meal = _word(Meal, required=True)
    days_before = fields.Integer(required=True)
    closes = fields.Time(required=True, format="%H:%M")
    begins = fields.Time(required=True, format="%H:%M")
    ends = fields.Time(required=True, format="%H:%M")


class RulesSchema(Schema):
    """Everything that the hospital itself decides about ordering meals."""

    rules = fields.Nested(OrderingRulesSchema, required=True)
    times = fields.List(fields.Nested(ServingTimesSchema), required=True)
