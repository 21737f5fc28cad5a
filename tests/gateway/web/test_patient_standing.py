"""Where an appointment stands for a person: every state that appointments and billing can be in."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from gateway.web.patient.standing import Bill, Money, Where, money, past, upcoming, where
from shared.clock import iso
from tests.support.clock import MONDAY_MORNING as NOW


def appointment(state: str = "pending", *, payable: bool = True, minutes: int = 10, **more: Any) -> dict[str, Any]:
    """A visit in an hour; the place is kept for so many minutes."""
    return {
        "state": state,
        "payable": payable,
        "cancel_reason": None,
        "held_until": iso(NOW + timedelta(minutes=minutes)),
        "starts_at": iso(NOW + timedelta(hours=1)),
        "ends_at": iso(NOW + timedelta(hours=1, minutes=30)),
        **more,
    }


def bill(state: str = "issued", *payments: str, paid: str = "0.00", refunded: str = "0.00") -> Bill:
    """An invoice of 25.00 with payments in these states, the newest first."""
    amounts = {"paid": {"amount": paid}, "refunded": {"amount": refunded}}
    return Bill({"state": state, **amounts}, [{"state": each} for each in payments])


@pytest.mark.parametrize(
    ("document", "known", "returned", "expected"),
    [
        (appointment(payable=False), Bill(), False, Where.PREPARING),
        (appointment(payable=False), Bill(silent=True), False, Where.PREPARING),
        (appointment(), bill(), False, Where.TO_PAY),
        (appointment(), Bill(silent=True), False, Where.TO_PAY),
        (appointment(), bill("issued", "open"), False, Where.TO_PAY),
        (appointment(), bill("issued", "open"), True, Where.CHECKING),
        (appointment(), bill("issued", "unknown"), False, Where.CHECKING),
        (appointment(), bill("issued", "requested"), False, Where.CHECKING),
        (appointment(), bill("issued", "failed"), True, Where.TO_PAY),
        (appointment(), bill("issued", "cancelled", "failed"), True, Where.TO_PAY),
        (appointment(minutes=0), bill(), False, Where.CLOSING),
        (appointment(minutes=0), bill("issued", "unknown"), False, Where.CHECKING),
        (appointment(minutes=0), bill("balanced", "succeeded", paid="25.00"), False, Where.CONFIRMING),
        (appointment(), bill("balanced", "succeeded", paid="25.00"), True, Where.CONFIRMING),
        # The notice came between the two answers: the bill is a moment older than its payment.
        (appointment(), bill("issued", "succeeded"), True, Where.CONFIRMING),
        (appointment(minutes=0), bill("issued", "succeeded"), False, Where.CONFIRMING),
        (appointment("booked"), bill("balanced", "succeeded", paid="25.00"), True, Where.BOOKED),
        (appointment("booked"), Bill(silent=True), False, Where.BOOKED),
        (appointment("booked", ends_at=iso(NOW)), Bill(), False, Where.OVER),
        (appointment("cancelled", cancel_reason="expired"), bill("issued", "open"), True, Where.EXPIRED),
        (appointment("cancelled", cancel_reason="by_patient"), Bill(), False, Where.GIVEN_BACK),
        (appointment("cancelled", cancel_reason="by_hospital"), Bill(), False, Where.STOPPED),
    ],
)
def test_an_appointment_stands_where_both_services_say(
    document: dict[str, Any], known: Bill, returned: bool, expected: Where
) -> None:
    assert where(document, known, NOW, returned=returned) is expected


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        (Bill(), Money.NOT_TAKEN),
        (bill("cancelled"), Money.NOT_TAKEN),
        (bill("cancelled", "cancelled", "failed"), Money.NOT_TAKEN),
        (bill("cancelled", "open"), Money.NOT_KNOWN),
        (bill("cancelled", "unknown"), Money.NOT_KNOWN),
        (Bill(silent=True), Money.NOT_KNOWN),
        (bill("cancelled", "succeeded", paid="25.00"), Money.COMING_BACK),
        (bill("cancelled", "succeeded", paid="25.00", refunded="10.00"), Money.COMING_BACK),
        (bill("cancelled", "succeeded", paid="25.00", refunded="25.00"), Money.CAME_BACK),
    ],
)
def test_what_happened_to_the_money_is_never_guessed(known: Bill, expected: Money) -> None:
    assert money(known) is expected


def test_what_waits_for_money_comes_before_earlier_visits_and_what_is_over_comes_last() -> None:
    first = appointment("booked", starts_at="2026-11-23T02:00:00Z", ends_at="2026-11-23T02:30:00Z")
    unpaid = appointment(starts_at="2026-11-25T02:00:00Z")
    gone = appointment("cancelled", cancel_reason="expired", starts_at="2026-11-24T02:00:00Z")
    over = appointment("booked", starts_at="2026-11-20T02:00:00Z", ends_at="2026-11-20T02:30:00Z")
    assert upcoming([gone, first, over, unpaid], NOW) == [unpaid, first]
    assert past([gone, first, over, unpaid], NOW) == [gone, over]
