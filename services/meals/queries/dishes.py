"""What meals tells of dishes, of what they suit, and of the menu."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from services.meals import store
from services.meals.domain import (
    DAYS_AHEAD,
    MEAL_NAMES,
    NAMES,
    RESTRICTIONS,
    TEXTURES,
    Diet,
    Dish,
    IngredientUnknown,
    Meal,
    MealTime,
    Need,
    Part,
    Sitting,
    holiday_of,
    name_of,
    objections,
    sentences,
)
from services.meals.store import recipe_parts, recipes, sittings
from shared.actor import Actor
from shared.clock import hospital_day
from shared.database import UnitOfWork
from shared.errors import NotFound

KITCHEN = ("dietitian", "canteen", "nurse", "doctor")
Row = dict[str, Any]


def list_dishes(uow: UnitOfWork, *, actor: Actor, now: datetime) -> Row:
    """All dishes as they are cooked now."""
    return {"items": [_dish_row(each) for each in store.dishes_by_id(uow).values()]}


def list_ingredients(uow: UnitOfWork, *, actor: Actor, now: datetime) -> Row:
    """Everything that a recipe may hold."""
    return {
        "items": [
            {
                "code": each.code,
                "name": {"zh": each.zh, "en": each.en},
                "allergens": sorted(each.allergens),
                "per_100g": dict(each.per_100g),
            }
            for each in store.ingredients_by_code(uow).values()
        ]
    }


def show_dish(uow: UnitOfWork, *, actor: Actor, now: datetime, dish_id: UUID) -> Row:
    """A dish with its grams, what they make, whom it suits, and who changed its recipe when. Raises NotFound."""
    dish = _dish(uow, dish_id)
    return {**_whole(dish), "versions": _versions(uow, dish_id)}


def assess_recipe(
    uow: UnitOfWork, *, actor: Actor, now: datetime, dish_id: UUID, grams: Sequence[Mapping[str, Any]]
) -> Row:
    """What a dish would hold and whom it would suit with other grams; nothing is written. Raises NotFound,
    IngredientUnknown.
    """
    dish = _dish(uow, dish_id)
    known = store.ingredients_by_code(uow, [each["ingredient"] for each in grams])
    wrong = sorted({each["ingredient"] for each in grams} - known.keys())
    if wrong:
        raise IngredientUnknown(codes=wrong)
    parts = tuple(Part(known[each["ingredient"]], each["amount_mg"]) for each in grams)
    return {**_whole(replace(dish, parts=parts)), "versions": []}


def _dish(uow: UnitOfWork, dish_id: UUID) -> Dish:
    found = store.dishes_by_id(uow, [dish_id]).get(dish_id)
    if found is None:
        raise NotFound
    return found


def _dish_row(dish: Dish) -> Row:
    return {
        "id": dish.id,
        "code": dish.code,
        "name": {"zh": dish.zh, "en": dish.en},
        "kind": dish.kind,
        "consistency": dish.consistency,
        "price_fen": dish.price_fen,
        "version": dish.version,
        "active": dish.active,
        "nutrition": dict(dish.amounts),
        "allergens": [
            {"code": each, "name": {"zh": NAMES[each][0], "en": NAMES[each][1]}} for each in sorted(dish.allergens)
        ],
    }


def _whole(dish: Dish) -> Row:
    parts = [
        {
            "ingredient": each.ingredient.code,
            "name": {"zh": each.ingredient.zh, "en": each.ingredient.en},
            "amount_mg": each.amount_mg,
            "allergens": sorted(each.ingredient.allergens),
        }
        for each in dish.parts
    ]
    nutrients = [
        {"code": each, "name": dict(zip(("zh", "en"), name_of(each), strict=True)), "amount": amount}
        for each, amount in dish.amounts.items()
    ]
    return {**_dish_row(dish), "parts": parts, "nutrients": nutrients, "suits": _suits(dish)}


def _suits(dish: Dish) -> list[Row]:
    """Each diet of the manual by itself: the meals at which the dish may be served, else the reasons."""
    found = [
        _suit(dish, Diet(texture=each.code), "texture", each.code, (each.zh, each.en)) for each in TEXTURES.values()
    ]
    for rule in RESTRICTIONS.values():
        diet = Diet(texture=_softest_for(dish), restrictions=frozenset({rule.code}))
        found.append(_suit(dish, diet, "restriction", rule.code, (rule.zh, rule.en)))
    return found


def _softest_for(dish: Dish) -> str:
    """A texture that eats this dish, so that only the restriction speaks."""
    return next(code for code, texture in TEXTURES.items() if dish.consistency in texture.eats)


def _suit(dish: Dish, diet: Diet, kind: str, code: str, name: tuple[str, str]) -> Row:
    because = {meal: sentences(objections(dish, _anybody(diet, meal))) for meal in Meal}
    return {
        "kind": kind,
        "code": code,
        "name": {"zh": name[0], "en": name[1]},
        "meals": [meal for meal, reasons in because.items() if not reasons],
        "objections": because[Meal.LUNCH] or because[Meal.DINNER] or because[Meal.BREAKFAST],
    }


_NOBODY = UUID(int=0)
_ANY_DAY, _ANY_INSTANT = date(2000, 1, 3), datetime(2000, 1, 3, tzinfo=UTC)


def _anybody(diet: Diet, meal: Meal) -> Need:
    time = MealTime(_ANY_DAY, meal)
    return Need(encounter_id=_NOBODY, patient_id=_NOBODY, time=time, at=_ANY_INSTANT, diet=diet)


def _versions(uow: UnitOfWork, dish_id: UUID) -> list[Row]:
    """All recipes of a dish, the newest first, each with its grams."""
    rows = uow.session.execute(
        sa.select(recipes).where(recipes.c.dish_id == dish_id).order_by(recipes.c.version.desc())
    ).mappings()
    parts: dict[int, list[Row]] = {}
    named = store.ingredients_by_code(uow)
    query = sa.select(recipe_parts).where(recipe_parts.c.dish_id == dish_id).order_by(recipe_parts.c.position)
    for part in uow.session.execute(query).mappings():
        ingredient = named[part["ingredient_code"]]
        row = {"ingredient": ingredient.code, "name": {"zh": ingredient.zh, "en": ingredient.en}}
        parts.setdefault(part["version"], []).append({**row, "amount_mg": part["amount_mg"]})
    return [{**row, "parts": parts[row["version"]]} for row in rows]


def list_menus(uow: UnitOfWork, *, actor: Actor, now: datetime, first: date | None = None) -> Row:
    """The menus of seven days from `first` (today) on."""
    begin = first or hospital_day(now)
    meals = sittings.between(uow, begin, begin + timedelta(days=DAYS_AHEAD - 1))
    return {"items": [_menu_row(uow, each, now) for each in meals.values()]}


def _menu_row(uow: UnitOfWork, sitting: Sitting, now: datetime) -> Row:
    time = MealTime(sitting.day, sitting.meal)
    zh, en = MEAL_NAMES[time.meal]
    return {
        "day": time.day,
        "meal": time.meal,
        "name": {"zh": zh, "en": en},
        "cut_off": sitting.closes_at,
        "is_open": sitting.is_open(now),
        "holiday": holiday_of(time.day),
        "dishes": [_short(each) for each in store.menu_of(uow, time)],
    }


def _short(dish: Dish) -> Row:
    name = {"zh": dish.zh, "en": dish.en}
    return {"id": dish.id, "code": dish.code, "name": name, "kind": dish.kind, "price_fen": dish.price_fen}
