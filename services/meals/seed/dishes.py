"""Dishes of the demo kitchen: grams of each ingredient of a portion, from which everything else is computed.

The first 35 are those of handbook section 11.5, at its prices; the others fill the menu for the stricter diets.
"""

from __future__ import annotations

import csv
from pathlib import Path
from uuid import NAMESPACE_URL, UUID, uuid5

from services.meals.domain import Consistency, Dish, DishKind, Part, Trait
from services.meals.seed.ingredients import INGREDIENTS


def dish_id(code: str) -> UUID:
    """The id of a dish of the demo: the same in every demo hospital."""
    return uuid5(NAMESPACE_URL, f"anxin:meals:dish:{code}")


def _read(row: dict[str, str]) -> Dish:
    pairs = [each.split() for each in row["grams"].split(";")]
    return Dish(
        id=dish_id(row["code"]),
        code=row["code"],
        zh=row["zh"],
        en=row["en"],
        kind=DishKind(row["kind"]),
        consistency=Consistency(row["consistency"]),
        price_fen=round(float(row["price_yuan"]) * 100),
        version=1,
        parts=tuple(Part(INGREDIENTS[name], round(float(grams) * 1000)) for name, grams in pairs),
        preparation=frozenset(map(Trait, row["preparation"].split())),
    )


with (Path(__file__).parent / "dishes.csv").open(encoding="utf-8", newline="") as _file:
    DISHES: dict[str, Dish] = {each.code: each for each in map(_read, csv.DictReader(_file))}
"""Every dish by its code."""
