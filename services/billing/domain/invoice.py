"""The bill: what is owed for one thing (a visit, a meal, a deposit, …), what was paid on it, and what went back."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from services.billing.domain.billed import BilledKind
from services.billing.domain.errors import (
    AmountNotDue,
    InvoiceAlreadyIssued,
    InvoiceAlreadyPaid,
    InvoiceIsCancelled,
    InvoiceNotIssued,
)
from shared.money import to_amount


class InvoiceState(StrEnum):
    """The states of a bill (FHIR R4 Invoice.status)."""

    DRAFT = "draft"
    ISSUED = "issued"
    BALANCED = "balanced"
    CANCELLED = "cancelled"


@dataclass(eq=False, kw_only=True)
class InvoiceLine:
    """One line of a bill in both languages; fen."""

    number: int
    text_zh: str
    text_en: str
    amount_fen: int


@dataclass(eq=False, kw_only=True)
class Invoice:
    """A bill for what `billed_kind` and `billed_id` name.

    `paid_fen` never exceeds `amount_fen`, `refunded_fen` never exceeds `paid_fen`.
    """

    id: UUID
    number: str
    billed_kind: BilledKind
    billed_id: UUID
    patient_id: UUID
    lines: list[InvoiceLine] = field(default_factory=list)
    amount_fen: int = 0
    paid_fen: int = 0
    refunded_fen: int = 0
    state: InvoiceState = InvoiceState.DRAFT
    client_reference: str | None = None
    issued_at: datetime | None = None
    cancelled_at: datetime | None = None
    version: int = 1

    @property
    def due_fen(self) -> int:
        """What is still to be paid: nothing unless the bill is issued."""
        return self.amount_fen - self.paid_fen if self.state is InvoiceState.ISSUED else 0

    def issue(self, now: datetime) -> None:
        """Add up the lines and let the bill be paid; a bill of 0.00 is balanced at once."""
        if self.state is not InvoiceState.DRAFT:
            raise InvoiceAlreadyIssued
        self.amount_fen = sum(line.amount_fen for line in self.lines)
        self.state = InvoiceState.ISSUED if self.amount_fen else InvoiceState.BALANCED
        self.issued_at = now

    def check_payable(self, amount_fen: int) -> None:
        """Whether exactly this amount is to be paid now. Raises the refusal that says why not."""
        if self.state is InvoiceState.CANCELLED:
            raise InvoiceIsCancelled
        if self.state is InvoiceState.BALANCED:
            raise InvoiceAlreadyPaid
        if self.state is InvoiceState.DRAFT:
            raise InvoiceNotIssued
        if amount_fen != self.due_fen:
            raise AmountNotDue(due=to_amount(self.due_fen))

    def take(self, amount_fen: int) -> bool:
        """Count money that has come in. False when the bill cannot take it: it must go back, and nothing changes.

        A cancelled bill counts a late payment too, so that the page shows what came and what went back.
        """
        if self.state is InvoiceState.DRAFT or self.paid_fen + amount_fen > self.amount_fen:
            return False
        self.paid_fen += amount_fen
        if self.state is InvoiceState.ISSUED and self.paid_fen == self.amount_fen:
            self.state = InvoiceState.BALANCED
        return True

    def give_back(self, amount_fen: int) -> None:
        """Count money that has gone back to the payer."""
        self.refunded_fen += amount_fen

    def cancel(self, now: datetime) -> bool:
        """Let the bill be owed no longer. False when it was cancelled before."""
        if self.state is InvoiceState.CANCELLED:
            return False
        self.state = InvoiceState.CANCELLED
        self.cancelled_at = now
        return True
