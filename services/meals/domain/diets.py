"""A diet: texture x restrictions x energy x exclusions; the tightest limit wins, impossible sets are refused (4.1)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from services.meals.domain.diet_table import (
    DIABETIC,
    DIABETIC_KCAL,
    DIABETIC_SHARES,
    EXCLUSIONS,
    KCAL,
    RESTRICTIONS,
    TEXTURES,
    Rule,
    Texture,
)
from services.meals.domain.meal_times import Meal
from services.meals.domain.nutrition import Nutrient, name_of
from shared.errors import Refused

PRESCRIBED = Rule(code="ENERGY", zh="定量", en="prescribed-energy")
"""In whose name a number of kilocalories limits."""

ENERGY_RANGE = range(600, 4001)
"""Kilocalories a day that somebody may prescribe."""


class DietImpossible(Refused):
    """No meal can follow all of these at once."""


class DietUnknown(Refused):
    """The hospital's diet manual does not hold this diet."""


@dataclass(frozen=True)
class Limit:
    """The most of a nutrient, and whose rule says so."""

    nutrient: Nutrient
    amount: int
    rule: Rule


@dataclass(frozen=True, kw_only=True)
class Diet:
    """What somebody may eat. `energy_kcal` is a number prescribed for the day, if any."""

    texture: str
    restrictions: frozenset[str] = frozenset()
    energy_kcal: int | None = None
    exclusions: frozenset[str] = frozenset()

    @property
    def basis(self) -> Texture:
        """The texture's entry of the manual."""
        return TEXTURES[self.texture]

    def rules(self) -> list[Rule]:
        """All rules that hold, in the manual's order: texture, restrictions, exclusions."""
        chosen = [rule for code, rule in RESTRICTIONS.items() if code in self.restrictions]
        excluded = [rule for code, rule in EXCLUSIONS.items() if code in self.exclusions]
        return [self.basis, *chosen, *excluded]

    def day_limits(self) -> Iterator[Limit]:
        """Every limit of a day, several for one nutrient where several rules limit it."""
        if self.energy_kcal is not None:
            yield Limit(Nutrient.ENERGY, self.energy_kcal * KCAL, PRESCRIBED)
        for rule in self.rules():
            for nutrient, amount in rule.at_most.items():
                yield Limit(nutrient, amount, rule)
        if DIABETIC in self.restrictions:
            yield from self._diabetic()

    def _diabetic(self) -> Iterator[Limit]:
        rule = RESTRICTIONS[DIABETIC]
        caps = [each.at_most[Nutrient.ENERGY] // KCAL for each in self.rules() if Nutrient.ENERGY in each.at_most]
        kcal = min([self.energy_kcal or DIABETIC_KCAL, *caps])
        for nutrient, (share, kcal_a_gram) in DIABETIC_SHARES.items():
            yield Limit(nutrient, int(kcal * share / kcal_a_gram * 1000), rule)

    def limits(self, meal: Meal) -> dict[Nutrient, Limit]:
        """The most of each limited nutrient at one meal: of several limits the tightest."""
        found: dict[Nutrient, Limit] = {}
        for day in self.day_limits():
            amount = int(day.amount * day.rule.split[meal])
            tightest = found.get(day.nutrient)
            if tightest is None or amount < tightest.amount:
                found[day.nutrient] = Limit(day.nutrient, amount, day.rule)
        return found

    def check(self) -> None:
        """Raises DietUnknown for what the manual does not hold, DietImpossible where one rule asks for more of
        something in a day than another one allows (high and low protein, high fibre and low residue).
        """
        unknown = sorted(
            ({self.texture} - TEXTURES.keys())
            | (self.restrictions - RESTRICTIONS.keys())
            | (self.exclusions - EXCLUSIONS.keys())
        )
        if unknown or (self.energy_kcal is not None and self.energy_kcal not in ENERGY_RANGE):
            raise DietUnknown(codes=unknown)
        for wanting in self.rules():
            for nutrient, least in wanting.at_least.items():
                for limit in self.day_limits():
                    if limit.nutrient is nutrient and limit.amount < least:
                        zh, en = name_of(nutrient)
                        raise DietImpossible(
                            between=[wanting.code, limit.rule.code], nutrient=nutrient, because={"zh": zh, "en": en}
                        )

    def name(self) -> tuple[str, str]:
        """The diet in words, as 软食 · 低盐 · 糖尿病."""
        rules = self.rules()
        energy = [] if self.energy_kcal is None else [(f"{self.energy_kcal}千卡", f"{self.energy_kcal} kcal")]
        names = [(each.zh, each.en) for each in rules[:1]]
        names += [*((each.zh, each.en) for each in rules[1:]), *energy]
        return " · ".join(zh for zh, _ in names), " · ".join(en for _, en in names)
