"""What the gateway asks of meals about diets, fasting, allergies, dishes and menus."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from gateway.clients.calls import Calls, Document
from shared.actor import Actor

Id = UUID | str


class DietCalls(Calls):
    """What somebody may eat, and what the kitchen cooks."""

    def diet(self, actor: Actor, encounter_id: Id) -> Document:
        """What somebody may eat now: order, fasting, allergies, warnings, history."""
        return self._get(actor, "stays", encounter_id, "diet")

    def diets(self, actor: Actor, ward_id: Id) -> list[Document]:
        """Diet, fasting and allergies of everybody in a ward."""
        return self._items(actor, "diets", ward_id=ward_id)

    def diet_manual(self, actor: Actor) -> Document:
        """Everything that can be ordered."""
        return self._get(actor, "diet-manual")

    def order_diet(self, actor: Actor, encounter_id: Id, *, key: str, **diet: Any) -> Document:
        """A new diet: texture, restrictions, energy_kcal, exclusions, verbal, resumes, note."""
        return self._post(actor, "stays", encounter_id, "diet-orders", key=key, **diet)

    def order_npo(self, actor: Actor, encounter_id: Id, *, key: str, **npo: Any) -> Document:
        """Fasting: kind, reason, from_at, until_at."""
        return self._post(actor, "stays", encounter_id, "npo-orders", key=key, **npo)

    def cancel_npo(self, actor: Actor, npo_id: Id, *, key: str) -> Document:
        """Fasting that has not begun will not be needed."""
        return self._post(actor, "npo-orders", npo_id, "cancellation", key=key)

    def note_allergy(self, actor: Actor, encounter_id: Id, *, key: str, allergen: str, reaction: str = "") -> Document:
        """What must not be in the food."""
        return self._post(actor, "stays", encounter_id, "allergies", key=key, allergen=allergen, reaction=reaction)

    def withdraw_allergy(self, actor: Actor, allergy_id: Id, *, key: str, reason: str) -> Document:
        """An allergy was noted wrongly."""
        return self._post(actor, "allergies", allergy_id, "withdrawal", key=key, reason=reason)

    def received_orders(self, actor: Actor) -> list[Document]:
        """Diet orders by message that wait for the dietitian, the oldest first."""
        return self._items(actor, "received-orders")

    def received_order(self, actor: Actor, order_id: Id) -> Document:
        """One diet order that came by message."""
        return self._get(actor, "received-orders", order_id)

    def settle_received_order(self, actor: Actor, order_id: Id, *, key: str, **diet: Any) -> Document:
        """Say which diet it means; `meanings` teaches its codes."""
        return self._post(actor, "received-orders", order_id, "settlement", key=key, **diet)

    def dismiss_received_order(self, actor: Actor, order_id: Id, *, key: str, reason: str) -> Document:
        """It needs nothing."""
        return self._post(actor, "received-orders", order_id, "dismissal", key=key, reason=reason)

    # ------------------------------------------------------------------------------------------------------ kitchen

    def dishes(self, actor: Actor) -> list[Document]:
        """All dishes with what a portion holds."""
        return self._items(actor, "dishes")

    def dish(self, actor: Actor, dish_id: Id) -> Document:
        """A dish with its grams, whom it suits, and its earlier recipes."""
        return self._get(actor, "dishes", dish_id)

    def assess(self, actor: Actor, dish_id: Id, grams: Sequence[str]) -> Document:
        """What it would be with other grams: ["RICE:100000", ...]; nothing is written."""
        return self._get(actor, "dishes", dish_id, "assessment", grams=list(grams))

    def change_recipe(
        self, actor: Actor, dish_id: Id, *, key: str, version: int, parts: Sequence[Document], reason: str
    ) -> Document:
        """Other grams: a new version of the recipe."""
        body = {"version": version, "parts": list(parts), "reason": reason}
        return self._post(actor, "dishes", dish_id, "recipes", key=key, **body)

    def ingredients(self, actor: Actor) -> list[Document]:
        """Everything that a recipe may hold."""
        return self._items(actor, "ingredients")

    def menus(self, actor: Actor, *, first: str | None = None) -> list[Document]:
        """The menus of seven days."""
        return self._items(actor, "menus", first=first)

    def set_menu(self, actor: Actor, *, key: str, day: str, meal: str, dish_ids: Sequence[str]) -> Document:
        """Let a meal have exactly these dishes."""
        return self._post(actor, "menus", key=key, day=day, meal=meal, dish_ids=list(dish_ids))
