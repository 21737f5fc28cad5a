"""Dishes: what goes into a portion, and what is computed from it. Nothing of what is computed is ever typed in."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from uuid import UUID

from services.meals.domain.diet_table import Consistency
from services.meals.domain.food import Allergen, Trait
from services.meals.domain.nutrition import Amounts, total
from shared.errors import Conflict, Refused


class DishKind(StrEnum):
    """The place of a dish in a meal."""

    STAPLE = "staple"
    MEAT = "meat"
    HALF_MEAT = "half_meat"
    VEGETABLE = "vegetable"
    SOUP = "soup"
    DRINK = "drink"
    SIDE = "side"
    FRUIT = "fruit"


@dataclass(frozen=True, kw_only=True)
class Ingredient:
    """An ingredient with its composition per 100 g edible; allergens include hidden ones (soy sauce: soy, gluten)."""

    code: str
    zh: str
    en: str
    per_100g: Amounts
    allergens: frozenset[Allergen] = frozenset()
    traits: frozenset[Trait] = frozenset()


@dataclass(frozen=True)
class Part:
    """An ingredient of a portion, in milligrams."""

    ingredient: Ingredient
    amount_mg: int


@dataclass(frozen=True, kw_only=True)
class Dish:
    """A dish in one version of its recipe. `preparation` is how it is cooked: fried, served hot, with alkali.

    Consistency and preparation are the kitchen's word; nutrition, allergens and all else come from the ingredients.
    """

    id: UUID
    code: str
    zh: str
    en: str
    kind: DishKind
    consistency: Consistency
    price_fen: int
    version: int
    parts: tuple[Part, ...]
    preparation: frozenset[Trait] = field(default_factory=frozenset)
    active: bool = True

    @cached_property
    def amounts(self) -> Amounts:
        """What a portion holds of everything that is counted."""
        return total((each.ingredient.per_100g, each.amount_mg) for each in self.parts)

    @cached_property
    def allergens(self) -> frozenset[Allergen]:
        """All allergens of all ingredients."""
        return frozenset().union(*(each.ingredient.allergens for each in self.parts))

    @cached_property
    def traits(self) -> frozenset[Trait]:
        """What ingredients and cooking bring along."""
        return self.preparation.union(*(each.ingredient.traits for each in self.parts))


class DishUnknown(Refused):
    """The kitchen does not cook this dish."""


class DishCodeTaken(Conflict):
    """Another dish has this code."""


class IngredientUnknown(Refused):
    """The list of ingredients does not hold this."""


class RecipeMovedOn(Conflict):
    """Somebody else has changed this recipe meanwhile."""


class RecipeUnchanged(Refused):
    """The recipe is the same as before."""


class MenuPast(Conflict):
    """This meal's list is frozen already."""
