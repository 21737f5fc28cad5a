"""Whether a dish is right for somebody at a meal: computed from grams and limits, never typed in (handbook 4.1 to 4.4).

`objections(dish, need)` is the one judge, asked at ordering, at each change of diet, at plating and at the bed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from services.meals.domain.diet_table import Rule
from services.meals.domain.diets import Diet, Limit
from services.meals.domain.dishes import Dish
from services.meals.domain.food import NAMES, Allergen, Trait
from services.meals.domain.meal_times import MealTime
from services.meals.domain.npo import NPO_NAMES, Npo
from services.meals.domain.nutrition import Amounts, Nutrient, added, name_of, shown_beside

_CONSISTENCIES = {
    "normal": ("普通质地", "of normal texture"),
    "soft": ("软食质地", "soft"),
    "semi_liquid": ("半流质", "semi-liquid"),
    "puree": ("泥状", "a puree"),
    "liquid": ("流质", "liquid"),
    "clear": ("清流质", "a clear liquid"),
    "formula": ("管饲配方", "a tube formula"),
}


@dataclass(frozen=True)
class Objection:
    """A reason against a dish: a stable code, a plain sentence in both languages, and what it is about."""

    code: str
    zh: str
    en: str
    facts: dict[str, Any] = field(default_factory=dict, compare=False, hash=False)


@dataclass(frozen=True, kw_only=True)
class Need:
    """What counts for somebody at one meal, as known at the instant `at`.

    `diet` is None where no diet order is in force: then nothing may be served. `npo` are the fasting orders that touch
    the meal or the instant; `allergens` hold at once.
    """

    encounter_id: UUID
    patient_id: UUID
    time: MealTime
    at: datetime
    diet: Diet | None
    diet_order_id: UUID | None = None
    diet_version: int | None = None
    allergens: frozenset[Allergen] = frozenset()
    npo: tuple[Npo, ...] = ()

    @property
    def limits(self) -> dict[Nutrient, Limit]:
        """The tightest limit of each nutrient at this meal."""
        return self.diet.limits(self.time.meal) if self.diet is not None else {}


def objections(dish: Dish, need: Need) -> tuple[Objection, ...]:
    """All reasons why this dish is not for this person at this meal; none means that it may be served."""
    found = [*_whole_meal(need), *_allergies(dish, need)]
    if need.diet is not None:
        found += [*_texture(dish, need.diet), *_beyond(dish.amounts, need)]
        found += [each for rule in need.diet.rules() for each in _forbidden(dish, rule)]
    return tuple(dict.fromkeys(found))


def tray_objections(dishes: Iterable[tuple[Dish, int]], need: Need) -> tuple[Objection, ...]:
    """All reasons against so many portions of these dishes together: each dish's own, and limits of the whole meal."""
    tray = list(dishes)
    found = [each for dish, _ in tray for each in objections(dish, need)]
    found += _beyond(added(dish.amounts for dish, portions in tray for _ in range(portions)), need)
    return tuple(dict.fromkeys(found))


def _whole_meal(need: Need) -> Iterator[Objection]:
    for order in need.npo:
        zh, en = NPO_NAMES[order.kind]
        yield Objection("npo", f"{zh}：现在不能进食", f"{en}: no meal may be served", {"npo_order_id": order.id})
    if need.diet is None:
        yield Objection("no_diet_order", "还没有膳食医嘱", "there is no diet order yet")


def _allergies(dish: Dish, need: Need) -> Iterator[Objection]:
    for allergen in sorted(dish.allergens & need.allergens):
        zh, en = NAMES[allergen]
        because = _sources(dish, allergen)
        if because:
            zh, en = f"{zh}（{because[0]}）", f"{en} ({because[1]})"
        yield Objection("allergen", f"过敏：{_contains(zh)}", f"allergy: contains {en}", {"allergen": allergen})


def _sources(dish: Dish, allergen: Allergen) -> tuple[str, str]:
    """The ingredients that bring an allergen along: 酱油."""
    parts = [each.ingredient for each in dish.parts if allergen in each.ingredient.allergens]
    return "、".join(each.zh for each in parts), ", ".join(each.en for each in parts)


def _texture(dish: Dish, diet: Diet) -> Iterator[Objection]:
    if dish.consistency in diet.basis.eats:
        return
    zh, en = _CONSISTENCIES[dish.consistency]
    yield Objection(
        "texture",
        f"这道菜是{zh}，不适合{_diet_zh(diet.basis)}",
        f"this dish is {en}, which does not suit a {diet.basis.en} diet",
        {"consistency": dish.consistency, "diet": diet.texture},
    )


def _beyond(amounts: Amounts, need: Need) -> Iterator[Objection]:
    for limit in need.limits.values():
        has = amounts[limit.nutrient]
        if has <= limit.amount:
            continue
        zh, en = name_of(limit.nutrient)
        (has_zh, has_en), (most_zh, most_en) = shown_beside(limit.nutrient, has, limit.amount)
        yield Objection(
            "limit",
            f"含{zh}{has_zh}，{_diet_zh(limit.rule)}这一餐最多{most_zh}",
            f"holds {has_en} of {en}; a {limit.rule.en} diet allows {most_en} at this meal",
            {"nutrient": limit.nutrient, "has": has, "most": limit.amount, "diet": limit.rule.code},
        )


def _forbidden(dish: Dish, rule: Rule) -> Iterator[Objection]:
    wrong: list[Allergen | Trait] = [*sorted(dish.traits & rule.forbids), *sorted(dish.allergens & rule.without)]
    for what in wrong:
        zh, en = NAMES[what]
        yield Objection(
            "forbidden",
            f"{_contains(zh)}，{_diet_zh(rule)}不能吃",
            f"contains {en}, not for: {rule.en}",
            {"what": what, "diet": rule.code},
        )
    if rule.fat_ratio and not _is_ketogenic(dish.amounts, rule.fat_ratio):
        yield Objection(
            "ratio",
            f"{_diet_zh(rule)}由营养师单独配餐",
            f"a {rule.en} diet is composed by the dietitian",
            {"diet": rule.code},
        )


def _is_ketogenic(amounts: Amounts, ratio: int) -> bool:
    return amounts[Nutrient.FAT] >= ratio * (amounts[Nutrient.PROTEIN] + amounts[Nutrient.CARBOHYDRATE])


def _contains(zh: str) -> str:
    """含大豆; 含麸质谷物 says it already."""
    return zh if zh.startswith("含") else f"含{zh}"


def _diet_zh(rule: Rule) -> str:
    """低盐 -> 低盐饮食; names that are whole words stay as they are."""
    return rule.zh if rule.zh.endswith(("食", "膳食", "肉", "产", "脏", "菜", "辣", "炸", "米")) else f"{rule.zh}饮食"


def sentences(found: Sequence[Objection]) -> list[dict[str, str]]:
    """The reasons as they leave through a door."""
    return [{"code": each.code, "zh": each.zh, "en": each.en} for each in found]
