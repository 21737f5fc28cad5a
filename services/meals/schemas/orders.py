"""What travels through the doors of meals about orders, trays and the kitchen's lists."""

from __future__ import annotations

from datetime import date
from typing import Any

from marshmallow import Schema, fields, post_load, validate

from services.meals.domain.meal_times import Meal
from services.meals.domain.orders import MOST_DISHES, MOST_OF_ONE_DISH, Chosen, EndReason, OrderState, Recipient, Wish
from services.meals.domain.trays import Handover
from shared.schemas import Fen, NamesSchema, RequestSchema, text


def _word(kind: Any, **kwargs: Any) -> fields.Field[Any]:
    return fields.Enum(kind, by_value=True, **kwargs)


def _day(**kwargs: Any) -> fields.Date:
    """A day within living memory: others are mistakes, and calendars end."""
    return fields.Date(validate=validate.Range(min=date(2000, 1, 1), max=date(2100, 1, 1)), **kwargs)


def _instant(**kwargs: Any) -> fields.AwareDateTime:
    return fields.AwareDateTime(required=True, format="iso", **kwargs)


# ---------------------------------------------------------------------------------------------------- what comes in


class EmptySchema(RequestSchema):
    """A request that says everything in its path."""


class WishSchema(RequestSchema):
    """So many portions of a dish of the menu."""

    dish_id = fields.UUID(required=True)
    portions = fields.Integer(load_default=1, strict=True, validate=validate.Range(min=1, max=MOST_OF_ONE_DISH))

    @post_load
    def make(self, data: Any, **_: Any) -> Wish:
        """As the use case takes it."""
        return Wish(**data)


class MealRequestSchema(RequestSchema):
    """A meal of a day."""

    meal_on = _day(required=True, data_key="date")
    meal = _word(Meal, required=True)


class OrderRequestSchema(MealRequestSchema):
    """A patient's meal."""

    dishes = fields.List(fields.Nested(WishSchema), required=True, validate=validate.Length(min=1, max=MOST_DISHES))
    client_reference = text(80, required=False, load_default=None, allow_none=True)


class CompanionOrderRequestSchema(OrderRequestSchema):
    """A companion's meal at a bed, billed to the payer's own record."""

    bed_code = text(40)
    payer_id = fields.UUID(required=True)


class TrayRequestSchema(RequestSchema):
    """A tray, by the code on its label."""

    tray_code = text(40)


class HandoverRequestSchema(TrayRequestSchema):
    """How it ended at the bed. Two things are compared: the tray's code, and the bed's code or the wristband."""

    outcome = _word(Handover, required=True)
    bed_code = text(200, required=False, load_default=None, allow_none=True)
    wristband = text(20, required=False, load_default=None, allow_none=True)


class MealQuerySchema(RequestSchema):
    """Which meal of which day."""

    meal_on = _day(required=True, data_key="date")
    meal = _word(Meal, required=True)


class OptionalMealQuerySchema(RequestSchema):
    """Which meal of which day; without both, the one that is cooked or served now."""

    meal_on = _day(data_key="date")
    meal = _word(Meal)


class TraysQuerySchema(OptionalMealQuerySchema):
    """Which trays."""

    ward_id = fields.UUID()


class StayMealsQuerySchema(RequestSchema):
    """From which day on; today without."""

    first = _day()


class PayerQuerySchema(RequestSchema):
    """On whose record the meals go."""

    payer_id = fields.UUID(required=True)


# ---------------------------------------------------------------------------------------------------- what goes out


class SittingSchema(Schema):
    """One meal of one day: its hours, and whether it is still ordered."""

    day = fields.Date(required=True, data_key="date", attribute="date")
    meal = _word(Meal, required=True)
    closes_at = _instant()
    begins_at = _instant()
    ends_at = _instant()
    frozen_at = _instant(allow_none=True)
    open = fields.Boolean(required=True)


class OrderLineSchema(Schema):
    """A dish of an order, at the price at which it was ordered."""

    dish_id = fields.UUID(required=True)
    name_zh = fields.String(required=True)
    name_en = fields.String(required=True)
    portions = fields.Integer(required=True)
    price_fen = Fen(required=True, data_key="price")


class OrderSchema(Schema):
    """A meal order. `paid_at`, `pay_until`, `invoice_id` and `refunded` are of companions' meals."""

    id = fields.UUID(required=True)
    recipient = _word(Recipient, required=True)
    encounter_id = fields.UUID(required=True)
    patient_id = fields.UUID(required=True)
    meal_on = fields.Date(required=True, data_key="date")
    meal = _word(Meal, required=True)
    state = _word(OrderState, required=True)
    chosen = _word(Chosen, required=True)
    choice = fields.Integer(required=True)
    amount_fen = Fen(required=True, data_key="amount")
    client_reference = fields.String(required=True, allow_none=True)
    ordered_at = _instant()
    invoice_id = fields.UUID(required=True, allow_none=True)
    pay_until = _instant(allow_none=True)
    paid_at = _instant(allow_none=True)
    refunded_fen = Fen(required=True, data_key="refunded")
    ended_at = _instant(allow_none=True)
    end_reason = _word(EndReason, required=True, allow_none=True)
    plated_at = _instant(allow_none=True)
    handed_over_at = _instant(allow_none=True)


class OrderWithDishesSchema(OrderSchema):
    """A meal order with its dishes."""

    dishes = fields.List(fields.Nested(OrderLineSchema), required=True)


class ShownOrderSchema(OrderWithDishesSchema):
    """A meal order with its dishes and hours."""

    closes_at = _instant()
    begins_at = _instant()
    open = fields.Boolean(required=True)


class StayMealSchema(SittingSchema):
    """A meal of a stay; `order` is the newest, one cancelled by the person says that no meal is wanted."""

    order = fields.Nested(OrderWithDishesSchema, required=True, allow_none=True)


class StayMealsSchema(Schema):
    """The meals of a stay, day by day."""

    encounter_id = fields.UUID(required=True)
    patient_id = fields.UUID(required=True)
    state = fields.String(required=True)
    encounter_class = fields.String(required=True, data_key="class")
    ward = fields.Nested(NamesSchema, required=True)
    bed = fields.String(required=True, allow_none=True)
    bed_code = fields.String(required=True, allow_none=True)
    settling = fields.Boolean(required=True)
    meals = fields.List(fields.Nested(StayMealSchema), required=True)


class ObjectionSchema(Schema):
    """Why a dish is not for this patient."""

    code = fields.String(required=True)
    zh = fields.String(required=True)
    en = fields.String(required=True)


class MenuDishSchema(Schema):
    """A dish of a menu; `because` is empty where it may be ordered."""

    id = fields.UUID(required=True)
    name = fields.Nested(NamesSchema, required=True)
    kind = fields.String(required=True)
    price_fen = Fen(required=True, data_key="price")
    kcal = fields.Integer(required=True)
    salt_g = fields.String(required=True)
    carbohydrate_g = fields.String(required=True)
    allergens = fields.List(fields.String(), required=True)
    because = fields.List(fields.Nested(ObjectionSchema), required=True)


class OrderingMenuSchema(SittingSchema):
    """A meal's menu for a companion."""

    dishes = fields.List(fields.Nested(MenuDishSchema), required=True)


class PatientMenuSchema(OrderingMenuSchema):
    """A meal's menu for a patient, judged by the diet in force."""

    encounter_id = fields.UUID(required=True)
    patient_id = fields.UUID(required=True)
    fasting = fields.Boolean(required=True)
    diet = fields.Nested(NamesSchema, required=True, allow_none=True)
    allergies = fields.List(fields.Nested(NamesSchema), required=True)
    settling = fields.Boolean(required=True)
    order = fields.Nested(OrderWithDishesSchema, required=True, allow_none=True)


class BedSchema(Schema):
    """What a bed's card leads to; `encounter_id` only for whoever acts for the patient who lies in it."""

    ward = fields.Nested(NamesSchema, required=True)
    bed = fields.String(required=True)
    encounter_id = fields.UUID(required=True, allow_none=True)


class CompanionMealsSchema(Schema):
    """The companion's meals of a payer."""

    items = fields.List(fields.Nested(ShownOrderSchema), required=True)


class BedCardSchema(Schema):
    """The card of a bed."""

    bed = fields.String(required=True)
    bed_code = fields.String(required=True)
    ward = fields.Nested(NamesSchema, required=True)


class BedCardsSchema(Schema):
    """The cards of a ward's beds."""

    items = fields.List(fields.Nested(BedCardSchema), required=True)
