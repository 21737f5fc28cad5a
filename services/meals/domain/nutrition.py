"""What food consists of, in whole units, and what is computed from it (handbook section 11.5)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

SODIUM_OF_SALT = 393
"""1 g of salt holds 393 mg of sodium (handbook section 4.1)."""

PER = 100_000
"""A composition is given for 100 g, an amount in milligrams: their product is divided by this."""


class Nutrient(StrEnum):
    """What is counted: milligrams, but iron and copper in micrograms, and energy in small calories (1/1000 kcal)."""

    PROTEIN = "protein"
    FAT = "fat"
    CARBOHYDRATE = "carbohydrate"
    FIBRE = "fibre"
    SODIUM = "sodium"
    POTASSIUM = "potassium"
    PHOSPHORUS = "phosphorus"
    CALCIUM = "calcium"
    IRON = "iron"
    COPPER = "copper"
    PURINE = "purine"
    CHOLESTEROL = "cholesterol"
    ENERGY = "energy"


COMPOSITION: tuple[Nutrient, ...] = tuple(each for each in Nutrient if each is not Nutrient.ENERGY)
"""What an ingredient's composition holds; energy is computed. Carbohydrate is the available one, without fibre."""

Amounts = Mapping[Nutrient, int]

_ENERGY = {Nutrient.PROTEIN: 4, Nutrient.FAT: 9, Nutrient.CARBOHYDRATE: 4, Nutrient.FIBRE: 2}
"""Kilocalories of a gram."""

_IN_GRAMS = ("g", 1000)
_SHOWN = {
    Nutrient.PROTEIN: ("蛋白质", "protein", *_IN_GRAMS),
    Nutrient.FAT: ("脂肪", "fat", *_IN_GRAMS),
    Nutrient.CARBOHYDRATE: ("碳水化合物", "carbohydrate", *_IN_GRAMS),
    Nutrient.FIBRE: ("膳食纤维", "fibre", *_IN_GRAMS),
    Nutrient.SODIUM: ("盐", "salt", "g", SODIUM_OF_SALT),
    Nutrient.POTASSIUM: ("钾", "potassium", "mg", 1),
    Nutrient.PHOSPHORUS: ("磷", "phosphorus", "mg", 1),
    Nutrient.CALCIUM: ("钙", "calcium", "mg", 1),
    Nutrient.IRON: ("铁", "iron", "mg", 1000),
    Nutrient.COPPER: ("铜", "copper", "mg", 1000),
    Nutrient.PURINE: ("嘌呤", "purine", "mg", 1),
    Nutrient.CHOLESTEROL: ("胆固醇", "cholesterol", "mg", 1),
    Nutrient.ENERGY: ("热量", "energy", "kcal", 1000),
}
_UNITS_ZH = {"g": "克", "mg": "毫克", "kcal": "千卡"}
_WHOLE = 100
"""From here on a quantity is told without decimals."""


def energy_of(amounts: Amounts) -> int:
    """Small calories: 4 x protein + 9 x fat + 4 x available carbohydrate + 2 x fibre, of milligrams."""
    return sum(factor * amounts.get(each, 0) for each, factor in _ENERGY.items())


def total(parts: Iterable[tuple[Amounts, int]]) -> dict[Nutrient, int]:
    """What amounts (mg) of ingredients make together by their composition; each sum is rounded once, half up."""
    sums = dict.fromkeys(COMPOSITION, 0)
    for composition, amount in parts:
        for each in COMPOSITION:
            sums[each] += composition.get(each, 0) * amount
    made: dict[Nutrient, int] = {each: (2 * product + PER) // (2 * PER) for each, product in sums.items()}
    return {**made, Nutrient.ENERGY: energy_of(made)}


def added(several: Iterable[Amounts]) -> dict[Nutrient, int]:
    """The sum of what several dishes hold."""
    sums = dict.fromkeys(Nutrient, 0)
    for amounts in several:
        for each, amount in amounts.items():
            sums[each] += amount
    return sums


def name_of(nutrient: Nutrient) -> tuple[str, str]:
    """The name that people use; sodium is told as salt."""
    zh, en, *_ = _SHOWN[nutrient]
    return zh, en


def shown_beside(nutrient: Nutrient, has: int, limit: int) -> tuple[tuple[str, str], tuple[str, str]]:
    """A quantity and the limit it breaks in words, with as many decimals as it takes to see them differ."""
    *_, unit, size = _SHOWN[nutrient]
    pair = (Decimal(has) / size, Decimal(limit) / size)
    for places in (0 if min(pair) >= _WHOLE else 1, 2, 3):
        step = Decimal(1).scaleb(-places)
        first = pair[0].quantize(step, ROUND_HALF_UP)
        second = pair[1].quantize(step, ROUND_HALF_UP)
        if first != second:
            break
    return tuple((f"{each}{_UNITS_ZH[unit]}", f"{each} {unit}") for each in (first, second))  # type: ignore[return-value]
