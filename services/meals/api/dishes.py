"""Dishes, their recipes, and the menus."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from services.meals import queries, usecases
from services.meals.api.blueprint import blueprint
from services.meals.schemas import dishes as schemas
from shared.operations import read, run

READERS = (*queries.KITCHEN, "patient")


@blueprint.query("/ingredients", schemas.IngredientsSchema, allow=queries.KITCHEN)
def list_ingredients() -> Any:
    """Everything that a recipe may hold, with its composition."""
    return read(queries.list_ingredients)


@blueprint.query("/dishes", schemas.DishesSchema, allow=READERS)
def list_dishes() -> Any:
    """All dishes with what a portion holds."""
    return read(queries.list_dishes)


@blueprint.query("/dishes/<uuid:dish_id>", schemas.WholeDishSchema, allow=READERS)
def show_dish(dish_id: UUID) -> Any:
    """A dish with its grams, what they make, and whom it suits."""
    return read(queries.show_dish, dish_id=dish_id)


@blueprint.query(
    "/dishes/<uuid:dish_id>/assessment",
    schemas.WholeDishSchema,
    allow=("dietitian",),
    args=schemas.AssessmentArguments,
)
def assess_recipe(dish_id: UUID, **arguments: Any) -> Any:
    """What a dish would hold and whom it would suit with other grams; nothing is written."""
    return read(queries.assess_recipe, dish_id=dish_id, **arguments)


@blueprint.command("/dishes", schemas.ChangedDishSchema, allow=("dietitian",), body=schemas.DishBody, status=201)
def add_dish(**body: Any) -> Any:
    """A new dish with its first recipe."""
    return run(usecases.add_dish, **body)


@blueprint.command(
    "/dishes/<uuid:dish_id>/recipes",
    schemas.ChangedDishSchema,
    allow=("dietitian",),
    body=schemas.RecipeBody,
    status=201,
)
def change_recipe(dish_id: UUID, **body: Any) -> Any:
    """Other grams: a new version of the recipe."""
    return run(usecases.change_recipe, dish_id=dish_id, **body)


@blueprint.query("/menus", schemas.MenusSchema, allow=READERS, args=schemas.MenusArguments)
def list_menus(**arguments: Any) -> Any:
    """The menus of seven days."""
    return read(queries.list_menus, **arguments)


@blueprint.command("/menus", schemas.SetMenuSchema, allow=("dietitian",), body=schemas.MenuBody)
def set_menu(**body: Any) -> Any:
    """Let a meal have exactly these dishes."""
    return run(usecases.set_menu, **body)
