"""What the gateway asks of meals about orders, the kitchen's lists and trays."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from gateway.clients.calls import Calls, Document
from shared.actor import Actor

Id = UUID | str
Portions = Mapping[str, int]


def _dishes(portions: Portions) -> list[dict[str, Any]]:
    return [{"dish_id": dish_id, "portions": count} for dish_id, count in portions.items()]


class MealOrdersClient(Calls):
    """Orders of patients and companions, the board, labels and the round."""

    def stay_meals(self, actor: Actor, encounter_id: Id) -> Document:
        """The meals of a stay for the coming days, with what was ordered."""
        return self._get(actor, "stays", encounter_id, "meals")

    def stay_menu(self, actor: Actor, encounter_id: Id, day: str, meal: str) -> Document:
        """A meal's menu for a patient, with the reason for everything that may not be ordered."""
        return self._get(actor, "stays", encounter_id, "menu", date=day, meal=meal)

    def order(self, actor: Actor, encounter_id: Id, *, key: str, day: str, meal: str, portions: Portions) -> Document:
        """Order a patient's meal, or choose again."""
        body = {"date": day, "meal": meal, "dishes": _dishes(portions)}
        return self._post(actor, "stays", encounter_id, "orders", key=key, **body)

    def decline(self, actor: Actor, encounter_id: Id, *, key: str, day: str, meal: str) -> Document:
        """No meal is wanted; what was ordered is cancelled."""
        return self._post(actor, "stays", encounter_id, "declined-meals", key=key, date=day, meal=meal)

    def late_meal(self, actor: Actor, encounter_id: Id, *, key: str, day: str, meal: str) -> Document:
        """The standard meal for a patient who has none after the cut-off."""
        return self._post(actor, "stays", encounter_id, "late-meals", key=key, date=day, meal=meal)

    def one(self, actor: Actor, order_id: Id) -> Document:
        """One order."""
        return self._get(actor, "orders", order_id)

    def cancel(self, actor: Actor, order_id: Id, *, key: str) -> Document:
        """Cancel a meal before the cut-off."""
        return self._post(actor, "orders", order_id, "cancellation", key=key)

    def bed(self, actor: Actor, bed_code: str) -> Document:
        """What a bed's card leads to."""
        return self._get(actor, "beds", bed_code)

    def bed_menu(self, actor: Actor, bed_code: str, day: str, meal: str) -> Document:
        """A meal's menu for a companion."""
        return self._get(actor, "beds", bed_code, "menu", date=day, meal=meal)

    def order_for_companion(
        self, actor: Actor, *, key: str, bed_code: str, payer_id: Id, day: str, meal: str, portions: Portions
    ) -> Document:
        """Order a companion's meal at a bed."""
        body = {"bed_code": bed_code, "payer_id": payer_id, "date": day, "meal": meal, "dishes": _dishes(portions)}
        return self._post(actor, "companion-orders", key=key, **body)

    def companion_meals(self, actor: Actor, payer_id: Id) -> list[Document]:
        """The companion's meals that go on a payer's record."""
        return self._items(actor, "companion-orders", payer_id=payer_id)

    def production(self, actor: Actor, day: str | None = None, meal: str | None = None) -> Document:
        """The board of a meal; without one, of the meal that is cooked or served now."""
        return self._get(actor, "production", date=day, meal=meal)

    def acknowledge(self, actor: Actor, change_id: Id, *, key: str) -> Document:
        """The kitchen has seen a change."""
        return self._post(actor, "production-changes", change_id, "acknowledgement", key=key)

    def trays(
        self, actor: Actor, day: str | None = None, meal: str | None = None, ward_id: Id | None = None
    ) -> Document:
        """The trays of a meal by ward and bed."""
        return self._get(actor, "trays", date=day, meal=meal, ward_id=ward_id)

    def plate(self, actor: Actor, *, key: str, tray_code: str) -> Document:
        """The check at plating."""
        return self._post(actor, "trays", "plating", key=key, tray_code=tray_code)

    def hand_over(
        self,
        actor: Actor,
        *,
        key: str,
        tray_code: str,
        outcome: str,
        bed_code: str | None = None,
        wristband: str | None = None,
    ) -> Document:
        """The check at the bed, and how it ended there."""
        body = {"tray_code": tray_code, "outcome": outcome, "bed_code": bed_code, "wristband": wristband}
        return self._post(actor, "trays", "handover", key=key, **body)

    def bed_cards(self, actor: Actor, ward_id: Id) -> list[Document]:
        """The codes of a ward's beds."""
        return self._items(actor, "wards", ward_id, "bed-cards")
