"""What the gateway asks of billing about insurance, receipts and money that did not end."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from gateway.clients.calls import Calls, Document
from shared.actor import Actor

Id = UUID | str


class InsuranceClient(Calls):
    """How the patient of a stay is insured, and what the insurer says."""

    def coverage(self, actor: Actor, encounter_id: Id) -> Document:
        """How they are insured."""
        return self._get(actor, "stays", encounter_id, "coverage")

    def record_coverage(
        self, actor: Actor, encounter_id: Id, *, key: str, kind: str, psn_no: str | None, use_account: bool
    ) -> Document:
        """Enter it; the insurer is asked about the number."""
        insured: dict[str, Any] = {"kind": kind, "psn_no": psn_no, "use_account": use_account}
        return self._post(actor, "stays", encounter_id, "coverage", key=key, **insured)

    def claims(self, actor: Actor, encounter_id: Id) -> list[Document]:
        """What the insurer was asked to pay, the newest first."""
        return self._items(actor, "stays", encounter_id, "claims")


class ReceiptsClient(Calls):
    """Receipts of stays."""

    def of_stay(self, actor: Actor, encounter_id: Id) -> Document:
        """The receipts of a stay (`items`), and how many are still to be issued (`pending`)."""
        return self._get(actor, "stays", encounter_id, "receipts")

    def receipt(self, actor: Actor, receipt_id: Id) -> Document:
        """One with everything on it."""
        return self._get(actor, "receipts", receipt_id)

    def check(self, actor: Actor, code: str) -> Document:
        """Whether a receipt is real."""
        return self._get(actor, "receipt-checks", code)

    def correct(self, actor: Actor, receipt_id: Id, *, key: str, reason: str) -> Document:
        """Take one back by a red one; a new one follows."""
        return self._post(actor, "receipts", receipt_id, "correction", key=key, reason=reason)


class StuckClient(Calls):
    """Payments, refunds, claims and receipts that did not end."""

    def all(self, actor: Actor, *, kind: str | None = None, set_aside: bool = False) -> Document:
        """The list, the oldest first, with `counts` by kind."""
        return self._get(actor, "stuck", kind=kind, set_aside="true" if set_aside else None, limit=500)

    def one(self, actor: Actor, kind: str, reference: Id) -> Document:
        """One with everything that was tried."""
        return self._get(actor, "stuck", kind, reference)

    def act(self, actor: Actor, kind: str, reference: Id, act: str, *, key: str, reason: str | None = None) -> Document:
        """Do something about it: retry, care or set-aside."""
        return self._post(actor, "stuck", kind, reference, act, key=key, reason=reason)

    def reverse(self, actor: Actor, claim_id: Id, *, key: str, reason: str) -> Document:
        """Undo a claim without an end."""
        return self._post(actor, "claims", claim_id, "reversal", key=key, reason=reason)
