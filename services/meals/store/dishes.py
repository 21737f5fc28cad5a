"""Tables of ingredients, dishes, their recipes and the menu, and how they are found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from services.meals.domain import (
    COMPOSITION,
    Allergen,
    Consistency,
    Dish,
    DishKind,
    Ingredient,
    Meal,
    MealTime,
    Part,
    Trait,
)
from services.meals.store.wards import metadata
from shared.database import Json, UnitOfWork, UtcDateTime

ingredients = sa.Table(
    "ingredients",
    metadata,
    sa.Column("code", sa.String(40), primary_key=True),
    sa.Column("zh", sa.String(80), nullable=False),
    sa.Column("en", sa.String(80), nullable=False),
    *(sa.Column(str(each), sa.Integer, nullable=False) for each in COMPOSITION),
    sa.Column("allergens", Json, nullable=False),
    sa.Column("traits", Json, nullable=False),
    comment="composition per 100 g edible: milligrams, iron and copper micrograms",
)

dishes = sa.Table(
    "dishes",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("code", sa.String(40), nullable=False, unique=True),
    sa.Column("zh", sa.String(80), nullable=False),
    sa.Column("en", sa.String(80), nullable=False),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("consistency", sa.String(20), nullable=False),
    sa.Column("preparation", Json, nullable=False),
    sa.Column("price_fen", sa.BigInteger, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("active", sa.Boolean, nullable=False),
    sa.CheckConstraint("price_fen >= 0", name="dishes_price"),
    comment="`version` names the recipe that is cooked",
)

recipes = sa.Table(
    "recipes",
    metadata,
    sa.Column("dish_id", sa.Uuid, sa.ForeignKey("dishes.id"), primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("changed_by", sa.String(80), nullable=False),
    sa.Column("changed_at", UtcDateTime, nullable=False),
    sa.Column("reason", sa.String(200), nullable=False),
    comment="append-only: a changed recipe is a new version",
)

recipe_parts = sa.Table(
    "recipe_parts",
    metadata,
    sa.Column("dish_id", sa.Uuid, primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("ingredient_code", sa.String(40), sa.ForeignKey("ingredients.code"), primary_key=True),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("amount_mg", sa.Integer, nullable=False),
    sa.ForeignKeyConstraint(["dish_id", "version"], ["recipes.dish_id", "recipes.version"]),
    sa.CheckConstraint("amount_mg > 0", name="recipe_parts_amount"),
    comment="append-only: grams of a portion, in milligrams",
)

menus = sa.Table(
    "menus",
    metadata,
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("meal", sa.String(12), primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("changed_by", sa.String(80), nullable=False),
    sa.Column("changed_at", UtcDateTime, nullable=False),
    comment="one row for each meal that has a menu: to lock",
)

menu_dishes = sa.Table(
    "menu_dishes",
    metadata,
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("meal", sa.String(12), primary_key=True),
    sa.Column("dish_id", sa.Uuid, sa.ForeignKey("dishes.id"), primary_key=True),
    sa.Column("position", sa.Integer, nullable=False),
    sa.ForeignKeyConstraint(["day", "meal"], ["menus.day", "menus.meal"]),
)


def add_ingredients(uow: UnitOfWork, several: Iterable[Ingredient]) -> None:
    """Write down ingredients that are not known yet."""
    rows = [
        {
            "code": each.code,
            "zh": each.zh,
            "en": each.en,
            **{str(nutrient): each.per_100g.get(nutrient, 0) for nutrient in COMPOSITION},
            "allergens": sorted(each.allergens),
            "traits": sorted(each.traits),
        }
        for each in several
    ]
    uow.insert_once(ingredients, rows, returning=[ingredients.c.code])


def ingredients_by_code(uow: UnitOfWork, codes: Iterable[str] | None = None) -> dict[str, Ingredient]:
    """Ingredients, all or those named."""
    query = sa.select(ingredients).order_by(ingredients.c.code)
    if codes is not None:
        query = query.where(ingredients.c.code.in_(list(codes)))
    return {row["code"]: _ingredient(row) for row in uow.session.execute(query).mappings()}


def _ingredient(row: Mapping[Any, Any]) -> Ingredient:
    return Ingredient(
        code=row["code"],
        zh=row["zh"],
        en=row["en"],
        per_100g={each: row[str(each)] for each in COMPOSITION},
        allergens=frozenset(map(Allergen, row["allergens"])),
        traits=frozenset(map(Trait, row["traits"])),
    )


def add_dish(uow: UnitOfWork, dish: Dish, *, by: str, now: datetime, reason: str) -> bool:
    """Write down a new dish with its first recipe; gives whether its code was free."""
    row = {
        "id": dish.id,
        "code": dish.code,
        "zh": dish.zh,
        "en": dish.en,
        "kind": dish.kind,
        "consistency": dish.consistency,
        "preparation": sorted(dish.preparation),
        "price_fen": dish.price_fen,
        "version": dish.version,
        "active": dish.active,
    }
    if not uow.insert_once(dishes, [row], returning=[dishes.c.id]):
        return False
    _add_recipe(uow, dish, by=by, now=now, reason=reason)
    return True


def change_recipe(uow: UnitOfWork, dish: Dish, *, by: str, now: datetime, reason: str) -> None:
    """Write down the new version of a locked dish; earlier ones stay as they were."""
    _add_recipe(uow, dish, by=by, now=now, reason=reason)
    uow.session.execute(dishes.update().where(dishes.c.id == dish.id).values(version=dish.version))


def _add_recipe(uow: UnitOfWork, dish: Dish, *, by: str, now: datetime, reason: str) -> None:
    key = {"dish_id": dish.id, "version": dish.version}
    uow.insert(recipes, [{**key, "changed_by": by, "changed_at": now, "reason": reason}])
    uow.insert(
        recipe_parts,
        [
            {**key, "ingredient_code": part.ingredient.code, "position": position, "amount_mg": part.amount_mg}
            for position, part in enumerate(dish.parts)
        ],
    )


def lock_dish(uow: UnitOfWork, dish_id: UUID) -> Dish | None:
    """A dish for changing, in its present version."""
    uow.session.execute(sa.select(dishes.c.id).where(dishes.c.id == dish_id).with_for_update())
    return dishes_by_id(uow, [dish_id]).get(dish_id)


def dishes_by_id(uow: UnitOfWork, ids: Iterable[UUID] | None = None) -> dict[UUID, Dish]:
    """Dishes as they are cooked now, all or those named, each with its whole recipe."""
    query = sa.select(dishes).order_by(dishes.c.code)
    if ids is not None:
        query = query.where(dishes.c.id.in_(list(ids)))
    rows = uow.session.execute(query).mappings().all()
    parts = _parts(uow, [row["id"] for row in rows])
    return {row["id"]: _dish(row, parts.get(row["id"], ())) for row in rows}


def _parts(uow: UnitOfWork, ids: Sequence[UUID]) -> dict[UUID, list[Part]]:
    query = (
        sa.select(recipe_parts.c.dish_id, recipe_parts.c.amount_mg, ingredients)
        .join(dishes, sa.and_(dishes.c.id == recipe_parts.c.dish_id, dishes.c.version == recipe_parts.c.version))
        .join(ingredients, ingredients.c.code == recipe_parts.c.ingredient_code)
        .where(recipe_parts.c.dish_id.in_(ids))
        .order_by(recipe_parts.c.position)
    )
    found: dict[UUID, list[Part]] = {}
    known: dict[str, Ingredient] = {}
    for row in uow.session.execute(query).mappings():
        ingredient = known.setdefault(row["code"], _ingredient(row))
        found.setdefault(row["dish_id"], []).append(Part(ingredient, row["amount_mg"]))
    return found


def _dish(row: Mapping[Any, Any], parts: Iterable[Part]) -> Dish:
    return Dish(
        id=row["id"],
        code=row["code"],
        zh=row["zh"],
        en=row["en"],
        kind=DishKind(row["kind"]),
        consistency=Consistency(row["consistency"]),
        preparation=frozenset(map(Trait, row["preparation"])),
        price_fen=row["price_fen"],
        version=row["version"],
        parts=tuple(parts),
        active=row["active"],
    )


def menu_of(uow: UnitOfWork, time: MealTime) -> list[Dish]:
    """The dishes of a meal, in their order, without those that are cooked no longer."""
    query = sa.select(menu_dishes.c.dish_id).where(menu_dishes.c.day == time.day, menu_dishes.c.meal == time.meal)
    ids = list(uow.session.scalars(query.order_by(menu_dishes.c.position)))
    found = dishes_by_id(uow, ids)
    return [found[each] for each in ids if found[each].active]


def days_with_menu(uow: UnitOfWork, first: date, last: date) -> set[MealTime]:
    """The meals from `first` to `last` that have a menu."""
    query = sa.select(menus.c.day, menus.c.meal).where(menus.c.day.between(first, last))
    return {MealTime(row.day, Meal(row.meal)) for row in uow.session.execute(query)}


def open_menu(uow: UnitOfWork, time: MealTime, dish_ids: Sequence[UUID], *, by: str, now: datetime) -> bool:
    """Make the menu of a meal unless it has one; gives whether it was made."""
    row = {"day": time.day, "meal": time.meal, "version": 1, "changed_by": by, "changed_at": now}
    if not uow.insert_once(menus, [row], returning=[menus.c.day]):
        return False
    _put_on_menu(uow, time, dish_ids)
    return True


def change_menu(uow: UnitOfWork, time: MealTime, dish_ids: Sequence[UUID], *, by: str, now: datetime) -> None:
    """Let a meal have exactly these dishes."""
    if open_menu(uow, time, dish_ids, by=by, now=now):
        return
    here = sa.and_(menus.c.day == time.day, menus.c.meal == time.meal)
    change = {"version": menus.c.version + 1, "changed_by": by, "changed_at": now}
    uow.session.execute(menus.update().where(here).values(change))
    uow.session.execute(menu_dishes.delete().where(menu_dishes.c.day == time.day, menu_dishes.c.meal == time.meal))
    _put_on_menu(uow, time, dish_ids)


def _put_on_menu(uow: UnitOfWork, time: MealTime, dish_ids: Sequence[UUID]) -> None:
    key = {"day": time.day, "meal": time.meal}
    uow.insert(menu_dishes, [{**key, "dish_id": each, "position": position} for position, each in enumerate(dish_ids)])
