"""The refusals of receipts, each with a stable code."""

from __future__ import annotations

from shared.errors import Conflict


class ReceiptTakenBack(Conflict):
    """This receipt was taken back by a red receipt already (`red_id`)."""


class RedReceiptStays(Conflict):
    """A red receipt is itself a correction: it stays as it is."""
