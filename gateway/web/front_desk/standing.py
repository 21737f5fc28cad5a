"""How an appointment stands at the window: the visit, its bill, what is being paid and what is to be handed back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from gateway.web.look import now
from gateway.web.patient.asking import ask
from gateway.web.patient.standing import OPEN, WAITING, Bill, Money, Where, money, where
from gateway.web.patient.words import fen_of
from gateway.web.session import actor, clients
from shared.clock import from_iso

Document = Mapping[str, Any]
CASH = "cash"
ROUND_FEN = (1000, 5000, 10000)
"""What people pay with when they have not got it exactly: the next multiples of 10, 50 and 100 yuan."""
_ENDING = frozenset({"requested", "accepted", "unknown"})


@dataclass(frozen=True)
class Visit:
    """An appointment as the window needs it: with its bill, payments and refunds. `at` is the instant of looking."""

    appointment: Document
    bill: Bill
    refunds: Sequence[Document]
    at: datetime

    @property
    def where(self) -> Where:
        """Where it stands. At the window nobody has come back from a wallet: an open order is simply open."""
        return where(self.appointment, self.bill, self.at)

    @property
    def money(self) -> Money:
        """What happened to the money of an appointment that is no more."""
        return money(self.bill)

    @property
    def phone_payment(self) -> Document | None:
        """The payment under way on somebody's phone."""
        return self.bill.live_payment

    @property
    def due_fen(self) -> int:
        """What is still to be paid."""
        return fen_of(self.bill.invoice["due"]) if self.bill.invoice else 0

    @property
    def takes_cash(self) -> bool:
        """Whether cash can be taken now: the bill is there, the place is kept, and no phone is paying."""
        return self.where is Where.TO_PAY and self.due_fen > 0 and self.phone_payment is None

    @property
    def paid_in_cash(self) -> bool:
        """Whether the money that came was cash."""
        return any(each["state"] == "succeeded" and each["channel"] == CASH for each in self.bill.payments)

    @property
    def to_hand_out(self) -> list[Document]:
        """Refunds that the window pays in cash."""
        return [each for each in self.refunds if payable_in_cash(each)]

    @property
    def cancellable(self) -> bool:
        """Whether the desk can give the place back: unpaid at any time, booked until the visit begins."""
        if self.where is Where.BOOKED:
            return from_iso(self.appointment["starts_at"]) > self.at
        return self.where in OPEN and self.where not in {Where.CONFIRMING, Where.CLOSING}

    @property
    def moves_by_itself(self) -> bool:
        """Whether something will happen without the clerk, so that the page looks again even without script."""
        returning = self.where not in OPEN and self.bill.paid_fen > self.bill.refunded_fen and not self.to_hand_out
        return self.where in WAITING or self.phone_payment is not None or returning

    @property
    def mark(self) -> str:
        """Changes whenever the page has to be drawn again."""
        paying = [each["state"] for each in self.bill.payments]
        return "-".join([self.where.value, *paying, *(each["state"] for each in self.refunds)])


def payable_in_cash(refund: Document) -> bool:
    """A refund of a cash payment, or one that its own channel refused."""
    return bool(refund["state"] == "refused" or (refund["channel"] == CASH and refund["state"] in _ENDING))


def bill_of(appointment_id: UUID | str) -> tuple[Bill, list[Document]]:
    """The bill of an appointment with payments and refunds; silent when billing does not answer."""
    asking, billing = actor(), clients().billing

    def read() -> tuple[Bill, list[Document]]:
        found = billing.invoices(asking, billed_kind="appointment", billed_id=appointment_id)
        if not found:
            return Bill(), []
        invoice_id = found[0]["id"]
        refunds: list[Document] = list(billing.refunds(asking, invoice_id))
        return Bill(found[0], billing.payments(asking, invoice_id=invoice_id)), refunds

    nothing: tuple[Bill, list[Document]] = (Bill(silent=True), [])
    return ask(read, nothing).value


def visit_of(appointment_id: UUID | str) -> Visit:
    """An appointment with everything about its money. Raises what appointments says when it is not there."""
    appointment = clients().appointments.appointment(actor(), appointment_id)
    bill, refunds = bill_of(appointment_id)
    return Visit(appointment, bill, refunds, now())


def handed_over(due_fen: int) -> list[tuple[int, int]]:
    """What a person may hand over for an amount, each with the change: exactly, and the next round sums. Fen."""
    sums = {due_fen, *(-(-due_fen // step) * step for step in ROUND_FEN)}
    return [(given, given - due_fen) for given in sorted(sums)]


def typed_fen(text: str) -> int | None:
    """ "100", "100.5" or "¥ 1,000.00" as somebody types an amount of yuan, in fen; None if it is not one."""
    yuan, point, rest = text.replace(",", "").replace("，", "").strip(" ¥￥元").partition(".")
    if not (yuan.isascii() and yuan.isdigit()) or len(yuan) > 6 or (point and not (rest.isascii() and rest.isdigit())):  # noqa: PLR2004 (six digits are enough for a window)
        return None
    if len(rest) > 2:  # noqa: PLR2004 (there is nothing smaller than a fen)
        return None
    return int(yuan) * 100 + int(rest.ljust(2, "0"))
