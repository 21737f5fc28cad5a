"""What travels through the doors of meals about the kitchen's lists and its trays."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields

from services.meals.domain.orders import EndReason, OrderState
from services.meals.domain.production import ChangeKind
from services.meals.domain.trays import Checked, Verdict
from services.meals.schemas.orders import ObjectionSchema, OrderLineSchema, SittingSchema
from shared.schemas import NamesSchema


def _instant(**kwargs: Any) -> fields.AwareDateTime:
    return fields.AwareDateTime(required=True, format="iso", **kwargs)


class DishPortionsSchema(Schema):
    """So many portions of a dish."""

    dish_id = fields.UUID(required=True)
    name = fields.Nested(NamesSchema, required=True)
    portions = fields.Integer(required=True)


class DietGroupSchema(Schema):
    """What is cooked for one diet."""

    diet = fields.Nested(NamesSchema, required=True)
    portions = fields.Integer(required=True)
    dishes = fields.List(fields.Nested(DishPortionsSchema), required=True)


class ProgressSchema(Schema):
    """How far the trays are: how many there are, left the kitchen, were handed out, refused, not taken, stopped."""

    trays = fields.Integer(required=True)
    plated = fields.Integer(required=True)
    delivered = fields.Integer(required=True)
    refused = fields.Integer(required=True)
    absent = fields.Integer(required=True)
    stopped = fields.Integer(required=True)


class TraySchema(Schema):
    """A tray and where it belongs now. Of a companion there is no name and no number."""

    order_id = fields.UUID(required=True)
    recipient = fields.String(required=True)
    state = fields.Enum(OrderState, by_value=True, required=True)
    end_reason = fields.Enum(EndReason, by_value=True, required=True, allow_none=True)
    tray_code = fields.String(required=True, allow_none=True)
    diet = fields.Nested(NamesSchema, required=True)
    dishes = fields.List(fields.Nested(OrderLineSchema), required=True)
    ward = fields.Nested(NamesSchema, required=True)
    bed = fields.String(required=True, allow_none=True)
    mrn = fields.String(required=True, allow_none=True)
    name = fields.String(required=True, allow_none=True)
    plated_at = _instant(allow_none=True)
    handed_over_at = _instant(allow_none=True)


class LabelSchema(TraySchema):
    """A tray with everything that stands on its label; warnings are those of this moment."""

    allergens = fields.List(fields.Nested(NamesSchema), required=True)
    fasting = fields.Nested(NamesSchema, required=True, allow_none=True)
    produced_at = _instant()
    eat_before = _instant()


class TraysSchema(SittingSchema):
    """The trays of a meal, by ward and bed."""

    items = fields.List(fields.Nested(LabelSchema), required=True)


class ChangeSchema(Schema):
    """What the kitchen does differently from its frozen list; ward and bed are where the tray would have gone."""

    id = fields.UUID(required=True)
    kind = fields.Enum(ChangeKind, by_value=True, required=True)
    reason = fields.String(required=True)
    ward = fields.Nested(NamesSchema, required=True)
    bed = fields.String(required=True, allow_none=True)
    noted_at = _instant()
    seen_at = _instant(allow_none=True)
    tray = fields.Nested(TraySchema, required=True)


class SeenChangeSchema(Schema):
    """A change that the kitchen has seen."""

    id = fields.UUID(required=True)
    kind = fields.Enum(ChangeKind, by_value=True, required=True)
    seen_at = _instant()


class WithoutMealSchema(Schema):
    """An inpatient for whom no meal was found: fasting, no_diet_order or nothing_suits."""

    ward = fields.Nested(NamesSchema, required=True)
    bed = fields.String(required=True, allow_none=True)
    reason = fields.String(required=True)


class WardTraysSchema(Schema):
    """A ward to which trays go."""

    id = fields.UUID(required=True)
    name = fields.Nested(NamesSchema, required=True)
    trays = fields.Integer(required=True)


class ProductionSchema(SittingSchema):
    """The board of a meal."""

    groups = fields.List(fields.Nested(DietGroupSchema), required=True)
    dishes = fields.List(fields.Nested(DishPortionsSchema), required=True)
    progress = fields.Nested(ProgressSchema, required=True)
    changes = fields.List(fields.Nested(ChangeSchema), required=True)
    without_meal = fields.List(fields.Nested(WithoutMealSchema), required=True)
    wards = fields.List(fields.Nested(WardTraysSchema), required=True)


class CheckedSchema(Schema):
    """A tray after a check: go, stop, or elsewhere (it belongs to the ward and bed that are told)."""

    verdict = fields.Enum(Verdict, by_value=True, required=True)
    order_id = fields.UUID(required=True)
    recipient = fields.String(required=True)
    state = fields.Enum(OrderState, by_value=True, required=True)
    end_reason = fields.Enum(EndReason, by_value=True, required=True, allow_none=True)
    ward = fields.Nested(NamesSchema, required=True)
    bed = fields.String(required=True, allow_none=True)
    because = fields.List(fields.Nested(ObjectionSchema), required=True)
    instead = fields.UUID(required=True, allow_none=True)

    def get_attribute(self, obj: Checked, attr: str, default: Any) -> Any:
        """A check holds the order and its stay."""
        order, stay = obj.order, obj.stay
        known = {
            "verdict": obj.verdict,
            "order_id": order.id,
            "recipient": order.recipient.value,
            "state": order.state,
            "end_reason": order.end_reason,
            "ward": {"zh": stay["ward_zh"] or "", "en": stay["ward_en"] or ""},
            "bed": stay["bed_label"],
            "because": [{"code": each.code, "zh": each.zh, "en": each.en} for each in obj.objections],
            "instead": obj.instead,
        }
        return known.get(attr, default)
