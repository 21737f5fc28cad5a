"""The dietitian changes recipes: each change is a new version, and the older ones stay readable."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from services.meals import store
from services.meals.domain import (
    Consistency,
    Dish,
    DishCodeTaken,
    DishKind,
    IngredientUnknown,
    Part,
    RecipeMovedOn,
    RecipeUnchanged,
    Trait,
)
from shared.actor import Actor
from shared.database import UnitOfWork
from shared.errors import NotFound


def change_recipe(
    uow: UnitOfWork,
    *,
    actor: Actor,
    now: datetime,
    dish_id: UUID,
    version: int,
    parts: Sequence[Mapping[str, Any]],
    reason: str = "",
) -> Dish:
    """Other grams for a portion: [{ingredient, amount_mg}]; `version` is the recipe that was looked at.

    What the dish suits follows from the grams at once, on every menu. Raises NotFound, RecipeMovedOn,
    RecipeUnchanged, IngredientUnknown.
    """
    dish = store.lock_dish(uow, dish_id)
    if dish is None:
        raise NotFound
    if dish.version != version:
        raise RecipeMovedOn(version=dish.version)
    changed = replace(dish, parts=recipe(uow, parts), version=dish.version + 1)
    if changed.parts == dish.parts:
        raise RecipeUnchanged
    store.change_recipe(uow, changed, by=actor.subject, now=now, reason=reason)
    return changed


def add_dish(
    uow: UnitOfWork,
    *,
    actor: Actor,
    now: datetime,
    code: str,
    name: Mapping[str, str],
    kind: DishKind,
    consistency: Consistency,
    price_fen: int,
    parts: Sequence[Mapping[str, Any]],
    preparation: Sequence[Trait] = (),
) -> Dish:
    """A new dish with its first recipe. Raises DishCodeTaken, IngredientUnknown."""
    dish = Dish(
        id=uuid4(),
        code=code,
        zh=name["zh"],
        en=name["en"],
        kind=kind,
        consistency=consistency,
        price_fen=price_fen,
        version=1,
        parts=recipe(uow, parts),
        preparation=frozenset(preparation),
    )
    if not store.add_dish(uow, dish, by=actor.subject, now=now, reason=""):
        raise DishCodeTaken
    return dish


def recipe(uow: UnitOfWork, parts: Sequence[Mapping[str, Any]]) -> tuple[Part, ...]:
    """The parts that a request names. Raises IngredientUnknown, naming the codes; also for one named twice."""
    wanted = [each["ingredient"] for each in parts]
    known = store.ingredients_by_code(uow, wanted)
    wrong = sorted({each for each in wanted if each not in known or wanted.count(each) > 1})
    if wrong:
        raise IngredientUnknown(codes=wrong)
    return tuple(Part(known[each["ingredient"]], each["amount_mg"]) for each in parts)
