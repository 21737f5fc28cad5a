"""Ingredients of the demo kitchen: composition per 100 g edible, approximate standard values (handbook 11.5)."""

from __future__ import annotations

import csv
from pathlib import Path

from services.meals.domain import Allergen, Ingredient, Nutrient, Trait

_COLUMNS = {
    "protein_g": (Nutrient.PROTEIN, 1000),
    "fat_g": (Nutrient.FAT, 1000),
    "carbohydrate_g": (Nutrient.CARBOHYDRATE, 1000),
    "fibre_g": (Nutrient.FIBRE, 1000),
    "sodium_mg": (Nutrient.SODIUM, 1),
    "potassium_mg": (Nutrient.POTASSIUM, 1),
    "phosphorus_mg": (Nutrient.PHOSPHORUS, 1),
    "calcium_mg": (Nutrient.CALCIUM, 1),
    "iron_mg": (Nutrient.IRON, 1000),
    "copper_mg": (Nutrient.COPPER, 1000),
    "purine_mg": (Nutrient.PURINE, 1),
    "cholesterol_mg": (Nutrient.CHOLESTEROL, 1),
}


def _read(row: dict[str, str]) -> Ingredient:
    return Ingredient(
        code=row["code"],
        zh=row["zh"],
        en=row["en"],
        per_100g={each: round(float(row[column]) * size) for column, (each, size) in _COLUMNS.items()},
        allergens=frozenset(map(Allergen, row["allergens"].split())),
        traits=frozenset(map(Trait, row["traits"].split())),
    )


with (Path(__file__).parent / "ingredients.csv").open(encoding="utf-8", newline="") as _file:
    INGREDIENTS: dict[str, Ingredient] = {each.code: each for each in map(_read, csv.DictReader(_file))}
"""Every ingredient by its code."""
