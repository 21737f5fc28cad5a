"""Demo data of meals: ingredients, dishes, the week's menus. Patients come by themselves, from what records tells."""

from __future__ import annotations

from services.meals import store
from services.meals.seed.dishes import DISHES
from services.meals.seed.ingredients import INGREDIENTS
from services.meals.usecases import make_menus
from shared.database import UnitOfWork
from shared.door import Door
from shared.settings import Settings


def seed(door: Door, _settings: Settings) -> None:
    """Fill in what is missing. Running it again changes nothing."""
    with door.database.write() as uow:
        fill_kitchen(uow, door)
        make_menus(uow, now=door.clock())


def fill_kitchen(uow: UnitOfWork, door: Door) -> None:
    """The demo kitchen's ingredients and dishes."""
    store.add_ingredients(uow, INGREDIENTS.values())
    for dish in DISHES.values():
        store.add_dish(uow, dish, by="system:seed", now=door.clock(), reason="")
