"""Where an appointment stands for the person who made it: told from what appointments and billing say, in one word.

Plain functions over the services' documents; no page and no service is touched here.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from gateway.web.patient.words import fen_of
from shared.clock import from_iso, hospital_day

Document = Mapping[str, Any]
LIVE_PAYMENTS = frozenset({"requested", "open", "unknown"})
SOON = timedelta(days=1)


class Where(enum.StrEnum):
    """The places in which an appointment can be, as a person sees them."""

    PREPARING = "preparing"
    TO_PAY = "to_pay"
    CHECKING = "checking"
    CONFIRMING = "confirming"
    CLOSING = "closing"
    BOOKED = "booked"
    OVER = "over"
    EXPIRED = "expired"
    GIVEN_BACK = "given_back"
    STOPPED = "stopped"


class Money(enum.StrEnum):
    """What happened to the money of an appointment that is no more."""

    NOT_TAKEN = "not_taken"
    COMING_BACK = "coming_back"
    CAME_BACK = "came_back"
    NOT_KNOWN = "not_known"


WAITING = frozenset({Where.PREPARING, Where.CHECKING, Where.CONFIRMING, Where.CLOSING})
"""Something will happen by itself: the page looks again."""
KEPT = frozenset({Where.PREPARING, Where.TO_PAY, Where.CHECKING, Where.CONFIRMING, Where.CLOSING})
"""A place is kept and something is still to be done about the money."""
OPEN = KEPT | {Where.BOOKED}
_CANCELLED = {"expired": Where.EXPIRED, "by_patient": Where.GIVEN_BACK, "by_hospital": Where.STOPPED}


@dataclass(frozen=True)
class Bill:
    """What billing says of an appointment: its invoice and the payments of it, the newest first. Empty when unknown."""

    invoice: Document | None = None
    payments: Sequence[Document] = ()
    silent: bool = False

    @property
    def payment(self) -> Document | None:
        """The newest payment."""
        return self.payments[0] if self.payments else None

    @property
    def live_payment(self) -> Document | None:
        """The payment that may still bring money."""
        return next((each for each in self.payments if each["state"] in LIVE_PAYMENTS), None)

    @property
    def is_paid(self) -> bool:
        """Whether the money is there. Bill and payments are two answers: the payment may be the newer one."""
        arrived = self.payment is not None and self.payment["state"] == "succeeded"
        return arrived or (self.invoice is not None and self.invoice["state"] == "balanced")

    @property
    def paid_fen(self) -> int:
        """What has come in."""
        return fen_of(self.invoice["paid"]) if self.invoice else 0

    @property
    def refunded_fen(self) -> int:
        """What went back."""
        return fen_of(self.invoice["refunded"]) if self.invoice else 0


def where(appointment: Document, bill: Bill, now: datetime, *, returned: bool = False) -> Where:
    """Where it stands. `returned`: the person has just come back from the wallet, so an open order is being checked."""
    if appointment["state"] == "cancelled":
        return _CANCELLED[appointment["cancel_reason"]]
    if appointment["state"] == "booked":
        return Where.BOOKED if from_iso(appointment["ends_at"]) > now else Where.OVER
    if bill.is_paid:
        return Where.CONFIRMING
    if not appointment["payable"]:
        return Where.PREPARING
    return _unpaid(appointment, bill, now, returned=returned)


def _unpaid(appointment: Document, bill: Bill, now: datetime, *, returned: bool) -> Where:
    live = bill.live_payment
    if live and (live["state"] != "open" or returned):
        return Where.CHECKING
    return Where.TO_PAY if from_iso(appointment["held_until"]) > now else Where.CLOSING


def money(bill: Bill) -> Money:
    """What happened to the money of a cancelled appointment. A payment that may still come counts as not known."""
    if bill.silent or bill.live_payment:
        return Money.NOT_KNOWN
    if not bill.paid_fen:
        return Money.NOT_TAKEN
    return Money.CAME_BACK if bill.refunded_fen >= bill.paid_fen else Money.COMING_BACK


def is_today(appointment: Document, now: datetime) -> bool:
    """Whether the visit is on this day at the hospital."""
    return hospital_day(from_iso(appointment["starts_at"])) == hospital_day(now)


def urgency(appointment: Document, now: datetime) -> tuple[int, str]:
    """What comes first on a page: a place that waits for money, then visits by their time."""
    return (0 if where(appointment, Bill(), now) in KEPT else 1, str(appointment["starts_at"]))


def upcoming(appointments: Sequence[Document], now: datetime) -> list[Document]:
    """Those that are still ahead, the most urgent first."""
    ahead = [each for each in appointments if where(each, Bill(), now) in OPEN]
    return sorted(ahead, key=lambda each: urgency(each, now))


def past(appointments: Sequence[Document], now: datetime) -> list[Document]:
    """Those that are over or cancelled, the newest first."""
    gone = [each for each in appointments if where(each, Bill(), now) not in OPEN]
    return sorted(gone, key=lambda each: str(each["starts_at"]), reverse=True)
