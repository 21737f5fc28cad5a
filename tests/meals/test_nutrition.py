"""What a dish holds is computed from the grams of its recipe, and comes near the handbook's table (section 11.5)."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from services.meals.domain import (
    GB_7718,
    Allergen,
    Ingredient,
    Nutrient,
    Part,
    Trait,
    energy_of,
    shown_beside,
    total,
)
from services.meals.seed.dishes import DISHES
from services.meals.seed.ingredients import INGREDIENTS

with (Path(__file__).parent / "dishes_of_the_handbook.csv").open(encoding="utf-8") as _file:
    HANDBOOK = {row["code"]: row for row in csv.DictReader(_file)}

COLUMNS = {
    "kcal": (Nutrient.ENERGY, 1000, 3.0),
    "protein_g": (Nutrient.PROTEIN, 1000, 0.4),
    "fat_g": (Nutrient.FAT, 1000, 0.4),
    "carbohydrate_g": (Nutrient.CARBOHYDRATE, 1000, 0.4),
    "fibre_g": (Nutrient.FIBRE, 1000, 0.4),
    "sodium_mg": (Nutrient.SODIUM, 1, 10.0),
}
TOLERANCE = 0.03
"""Three in a hundred, or what the column says where that is more: the table's values are approximate themselves."""


@pytest.mark.parametrize("code", HANDBOOK)
def test_a_dish_of_the_handbook_comes_near_its_table(code: str) -> None:
    row, dish = HANDBOOK[code], DISHES[code]
    assert dish.price_fen == round(float(row["price_yuan"]) * 100)
    for column, (nutrient, size, least) in COLUMNS.items():
        stated = float(row[column])
        assert dish.amounts[nutrient] / size == pytest.approx(stated, rel=TOLERANCE, abs=least), column


MORE_CAREFUL = {"LPSTARCH": {Allergen.GLUTEN}}
"""Wheat starch keeps traces of gluten: the table does not name it, the kitchen does."""


@pytest.mark.parametrize("code", HANDBOOK)
def test_allergens_come_from_the_ingredients(code: str) -> None:
    stated = {Allergen(each) for each in HANDBOOK[code]["allergens"].split()}
    found = DISHES[code].allergens & {*GB_7718}
    assert found == stated | MORE_CAREFUL.get(code, set())


def test_there_are_the_35_dishes_of_the_handbook_and_more() -> None:
    assert len(HANDBOOK) == 35
    assert len(DISHES) >= 50
    assert len(GB_7718) == 8


@pytest.mark.parametrize(
    ("code", "allergens"),
    [
        ("SOY_SAUCE", {"soy", "gluten"}),
        ("OYSTER_SAUCE", {"mollusc", "soy", "gluten"}),
        ("COOKING_WINE", {"alcohol", "gluten"}),
    ],
)
def test_sauces_hide_allergens(code: str, allergens: set[str]) -> None:
    assert {str(each) for each in INGREDIENTS[code].allergens} == allergens


def test_energy_is_computed_from_grams() -> None:
    amounts = {Nutrient.PROTEIN: 1000, Nutrient.FAT: 1000, Nutrient.CARBOHYDRATE: 1000, Nutrient.FIBRE: 1000}
    assert energy_of(amounts) == 4000 + 9000 + 4000 + 2000


def test_a_sum_is_rounded_once_and_half_up() -> None:
    salt = INGREDIENTS["SALT"].per_100g
    assert total([(salt, 1000)])[Nutrient.SODIUM] == 393
    assert total([(salt, 1250)])[Nutrient.SODIUM] == 491
    half = {Nutrient.PROTEIN: 1}
    assert total([(half, 25_000), (half, 25_000)])[Nutrient.PROTEIN] == 1


def test_an_ingredient_brings_its_traits_to_the_dish() -> None:
    plain = Ingredient(code="X", zh="甲", en="x", per_100g={}, traits=frozenset({Trait.OFFAL}))
    dish = DISHES["KUNGPAO"]
    assert {Trait.SPICY, Trait.HOT, Trait.ADDED_SALT, Trait.MEAT, Trait.ALCOHOL} <= dish.traits
    assert Part(plain, 1).ingredient.traits == {Trait.OFFAL}


@pytest.mark.parametrize(
    ("nutrient", "has", "limit", "words"),
    [
        (Nutrient.SODIUM, 661, 353, ("1.7克", "0.9克")),
        (Nutrient.SODIUM, 471, 470, ("1.198克", "1.196克")),
        (Nutrient.PROTEIN, 16_990, 16_000, ("17.0克", "16.0克")),
        (Nutrient.POTASSIUM, 900, 800, ("900毫克", "800毫克")),
        (Nutrient.ENERGY, 700_000, 600_000, ("700千卡", "600千卡")),
    ],
)
def test_a_quantity_and_its_limit_are_seen_to_differ(
    nutrient: Nutrient, has: int, limit: int, words: tuple[str, str]
) -> None:
    (has_zh, _), (most_zh, _) = shown_beside(nutrient, has, limit)
    assert (has_zh, most_zh) == words
