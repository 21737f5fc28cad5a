"""What the gateway asks of billing. Amounts travel as {"amount": "25.00", "currency": "CNY"}; callers give fen."""

from __future__ import annotations

from uuid import UUID

from gateway.clients.calls import Calls, Document
from shared import money
from shared.actor import Actor

Id = UUID | str


class BillingClient(Calls):
    """Invoices, payments and refunds."""

    def invoices(
        self,
        actor: Actor,
        *,
        billed_kind: str | None = None,
        billed_id: Id | None = None,
        patient_id: Id | None = None,
        state: str | None = None,
    ) -> list[Document]:
        """The invoices of a kind, of one thing (`appointment`, `meal_order`, … with its id), a patient, a state."""
        return self._items(
            actor, "invoices", billed_kind=billed_kind, billed_id=billed_id, patient_id=patient_id, state=state
        )

    def invoice(self, actor: Actor, invoice_id: Id) -> Document:
        """One invoice with its lines."""
        return self._get(actor, "invoices", invoice_id)

    def pay(
        self,
        actor: Actor,
        *,
        key: str,
        invoice_id: Id,
        amount_fen: int,
        return_path: str,
        channel: str = "sandbox_wallet",
        client_reference: str | None = None,
    ) -> Document:
        """Ask for a payment; the answer's `pay_url` comes a moment later, see `payment`."""
        return self._post(
            actor,
            "payments",
            key=key,
            invoice_id=invoice_id,
            amount={"amount": money.to_amount(amount_fen), "currency": money.CURRENCY},
            channel=channel,
            return_path=return_path,
            client_reference=client_reference,
        )

    def payment(self, actor: Actor, payment_id: Id) -> Document:
        """One payment and its state."""
        return self._get(actor, "payments", payment_id)

    def payments(self, actor: Actor, *, invoice_id: Id, patient_id: Id | None = None) -> list[Document]:
        """The payments of an invoice, the newest first."""
        return self._items(actor, "payments", invoice_id=invoice_id, patient_id=patient_id)

    def refunds(self, actor: Actor, invoice_id: Id) -> list[Document]:
        """What was given back on an invoice."""
        return self._items(actor, "refunds", invoice_id=invoice_id)

    def refunds_of(self, actor: Actor, patient_id: Id) -> list[Document]:
        """The refunds of a patient, the newest first."""
        return self._items(actor, "refunds", patient_id=patient_id, limit=20)

    def call_off(self, actor: Actor, payment_id: Id, *, key: str) -> Document:
        """Have the provider close an open payment, to pay in another way."""
        return self._post(actor, "payments", payment_id, "cancellation", key=key)

    def refunds_in(self, actor: Actor, state: str, *, channel: str | None = None) -> list[Document]:
        """The hospital's refunds in a state, for the window."""
        return self._items(actor, "refunds", state=state, channel=channel, limit=200)

    def pay_out(self, actor: Actor, refund_id: Id, *, key: str) -> Document:
        """Hand out a refund in cash."""
        return self._post(actor, "refunds", refund_id, "payout", key=key)

    def ledger_summary(self, actor: Actor) -> Document:
        """The sums of the ledger, for finance and auditors."""
        return self._get(actor, "ledger", "summary")
