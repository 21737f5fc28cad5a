"""Dishes, recipes and menus as they travel through the HTTP door. Amounts of ingredients are milligrams."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from services.meals.domain import Consistency, DishKind, Meal, Nutrient, Trait
from services.meals.schemas.orders import ObjectionSchema
from shared.schemas import Fen, NamesSchema, RequestSchema, text

LARGEST_MG = 2_000_000
"""Two kilograms of an ingredient in one portion are a mistake of the sender."""
_CODE = validate.Regexp(r"[A-Z0-9_]{1,40}\Z")
_PARTS = validate.Length(min=1, max=30)


def _one_of(kind: Any, **more: Any) -> fields.Enum[Any]:
    return fields.Enum(kind, by_value=True, **more)


class PartBody(RequestSchema):
    """An ingredient of a portion."""

    ingredient = fields.String(required=True, validate=_CODE)
    amount_mg = fields.Integer(required=True, strict=True, validate=validate.Range(min=1, max=LARGEST_MG))


class RecipeBody(RequestSchema):
    """A portion with other grams; `version` is the recipe that was looked at."""

    version = fields.Integer(required=True, strict=True, validate=validate.Range(min=1, max=100_000))
    parts = fields.List(fields.Nested(PartBody), required=True, validate=_PARTS)
    reason = text(200, shortest=0, required=False, load_default="")


class NamesBody(RequestSchema):
    """A name in both languages."""

    zh = text(80)
    en = text(80)


class DishBody(RequestSchema):
    """A new dish."""

    code = fields.String(required=True, validate=_CODE)
    name = fields.Nested(NamesBody, required=True)
    kind = _one_of(DishKind, required=True)
    consistency = _one_of(Consistency, required=True)
    price_fen = Fen(required=True, data_key="price")
    preparation = fields.List(_one_of(Trait), load_default=list, validate=validate.Length(max=10))
    parts = fields.List(fields.Nested(PartBody), required=True, validate=_PARTS)


class AssessmentArguments(RequestSchema):
    """Grams to be looked at: `grams=RICE:100000` for each ingredient, in milligrams."""

    grams = fields.List(
        fields.String(validate=validate.Regexp(r"[A-Z0-9_]{1,40}:[1-9][0-9]{0,5}\Z")),
        required=True,
        validate=_PARTS,
    )

    @post_load
    def split(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Ingredient and milligrams."""
        pairs = [each.split(":") for each in data["grams"]]
        return {"grams": [{"ingredient": code, "amount_mg": int(amount)} for code, amount in pairs]}


class MenusArguments(RequestSchema):
    """The first of seven days."""

    first = fields.Date()


class MenuBody(RequestSchema):
    """The dishes of a meal, in their order."""

    day = fields.Date(required=True)
    meal = _one_of(Meal, required=True)
    dish_ids = fields.List(fields.UUID(), required=True, validate=validate.Length(min=1, max=60))


class LabelledSchema(Schema):
    """Something with a code and a name."""

    code = fields.String(required=True)
    name = fields.Nested(NamesSchema, required=True)


class DishNameSchema(LabelledSchema):
    """A dish on a list."""

    id = fields.UUID(required=True)
    kind = _one_of(DishKind, required=True)
    price = Fen(attribute="price_fen", required=True)


class DishSchema(DishNameSchema):
    """A dish with what a portion holds: milligrams, iron and copper micrograms, energy in 1/1000 kcal."""

    consistency = _one_of(Consistency, required=True)
    version = fields.Integer(required=True)
    active = fields.Boolean(required=True)
    nutrition = fields.Dict(keys=_one_of(Nutrient), values=fields.Integer(), required=True)
    allergens = fields.List(fields.Nested(LabelledSchema), required=True)


class DishesSchema(Schema):
    """All dishes."""

    items = fields.List(fields.Nested(DishSchema), required=True)


class PartSchema(Schema):
    """An ingredient of a portion."""

    ingredient = fields.String(required=True)
    name = fields.Nested(NamesSchema, required=True)
    amount_mg = fields.Integer(required=True)


class RecipePartSchema(PartSchema):
    """An ingredient of a portion and what it brings along."""

    allergens = fields.List(fields.String(), required=True)


class NutrientSchema(LabelledSchema):
    """How much of something."""

    amount = fields.Integer(required=True)


class SuitSchema(LabelledSchema):
    """A diet of the manual: the meals at which the dish may be served, or why not."""

    kind = fields.String(required=True)
    meals = fields.List(_one_of(Meal), required=True)
    objections = fields.List(fields.Nested(ObjectionSchema), required=True)


class RecipeVersionSchema(Schema):
    """A recipe as it was from a day on."""

    version = fields.Integer(required=True)
    changed_by = fields.String(required=True)
    changed_at = fields.AwareDateTime(required=True, format="iso")
    reason = fields.String(required=True)
    parts = fields.List(fields.Nested(PartSchema), required=True)


class WholeDishSchema(DishSchema):
    """A dish with its recipe, what it holds, whom it suits, and its earlier recipes."""

    parts = fields.List(fields.Nested(RecipePartSchema), required=True)
    nutrients = fields.List(fields.Nested(NutrientSchema), required=True)
    suits = fields.List(fields.Nested(SuitSchema), required=True)
    versions = fields.List(fields.Nested(RecipeVersionSchema), required=True)


class ChangedDishSchema(Schema):
    """A dish after its recipe was written."""

    id = fields.UUID(required=True)
    code = fields.String(required=True)
    version = fields.Integer(required=True)


class IngredientSchema(LabelledSchema):
    """An ingredient; composition per 100 g edible, in milligrams (iron and copper micrograms)."""

    allergens = fields.List(fields.String(), required=True)
    per_100g = fields.Dict(keys=_one_of(Nutrient), values=fields.Integer(), required=True)


class IngredientsSchema(Schema):
    """All ingredients."""

    items = fields.List(fields.Nested(IngredientSchema), required=True)


class MenuSchema(Schema):
    """What one meal offers."""

    day = fields.Date(required=True)
    meal = _one_of(Meal, required=True)
    name = fields.Nested(NamesSchema, required=True)
    cut_off = fields.AwareDateTime(required=True, format="iso")
    is_open = fields.Boolean(required=True)
    holiday = fields.String(required=True, allow_none=True)

    dishes = fields.List(fields.Nested(DishNameSchema), required=True)


class MenusSchema(Schema):
    """Menus by day and meal."""

    items = fields.List(fields.Nested(MenuSchema), required=True)


class SetMenuSchema(Schema):
    """A menu after it was changed."""

    day = fields.Date(required=True)
    meal = _one_of(Meal, required=True)
    dishes = fields.List(fields.Nested(ChangedDishSchema), required=True)
