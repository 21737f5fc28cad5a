"""What the gateway asks of billing about settling a stay. Amounts are given in fen."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from gateway.clients.calls import Calls, Document
from shared import money
from shared.actor import Actor

Id = UUID | str


class SettlementsClient(Calls):
    """Settlements at the bed, and charges that came too late."""

    def of_stay(self, actor: Actor, encounter_id: Id) -> Document | None:
        """The newest settlement of a stay, or None when none was opened."""
        found = self._items(actor, "settlements", encounter_id=encounter_id)
        return found[0] if found else None

    def open(self, actor: Actor, *, key: str, encounter_id: Id, discharge_ordered_at: str | None = None) -> Document:
        """Begin to settle."""
        return self._post(
            actor, "settlements", key=key, encounter_id=str(encounter_id), discharge_ordered_at=discharge_ordered_at
        )

    def overrule(self, actor: Actor, settlement_id: Id, *, key: str, code: str, reason: str) -> Document:
        """Pass over an item of the checklist."""
        return self._post(actor, "settlements", settlement_id, "overrules", key=key, code=code, reason=reason)

    def close_bill(self, actor: Actor, settlement_id: Id, *, key: str) -> Document:
        """Everything is on the bill."""
        return self._post(actor, "settlements", settlement_id, "bill", key=key)

    def present(self, actor: Actor, settlement_id: Id, *, key: str) -> Document:
        """The tablet goes to the person."""
        return self._post(actor, "settlements", settlement_id, "presentation", key=key)

    def sign(self, actor: Actor, settlement_id: Id, *, key: str, **signature: Any) -> Document:
        """The person signs: digest, signer, strokes or typed."""
        return self._post(actor, "settlements", settlement_id, "signature", key=key, **signature)

    def pay(self, actor: Actor, settlement_id: Id, *, key: str, amount_fen: int, return_path: str) -> Document:
        """A code to pay by, for what is still due."""
        amount = {"amount": money.to_amount(amount_fen), "currency": money.CURRENCY}
        return self._post(
            actor, "settlements", settlement_id, "payment", key=key, amount=amount, return_path=return_path
        )

    def withdraw(self, actor: Actor, settlement_id: Id, *, key: str, reason: str) -> Document:
        """Call it off before money moved."""
        return self._post(actor, "settlements", settlement_id, "withdrawal", key=key, reason=reason)

    def bear_alone(self, actor: Actor, settlement_id: Id, *, key: str, reason: str) -> Document:
        """The insurer refused: the person bears everything."""
        return self._post(actor, "settlements", settlement_id, "self-payment", key=key, reason=reason)

    def claim_again(self, actor: Actor, settlement_id: Id, *, key: str) -> Document:
        """Ask the insurer again."""
        return self._post(actor, "settlements", settlement_id, "claim", key=key)

    def late_charges(self, actor: Actor, state: str | None = None) -> list[Document]:
        """Late charges in a state, the oldest first."""
        return self._items(actor, "late-charges", state=state)

    def decide(self, actor: Actor, late_charge_id: Id, *, key: str, way: str, reason: str) -> Document:
        """Close a late charge."""
        return self._post(actor, "late-charges", late_charge_id, "decision", key=key, way=way, reason=reason)
