"""The refund's own rules: every state with every action, without a database."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.billing.domain import Channel, RefundNotPayableInCash, RefundState, next_try
from tests.billing.things import NOW, give_back

OPEN_REFUND = [RefundState.REQUESTED, RefundState.ACCEPTED, RefundState.UNKNOWN]


@pytest.mark.parametrize("state", OPEN_REFUND)
def test_a_refund_that_has_not_ended_follows_the_provider(state: RefundState) -> None:
    accepted, succeeded, refused, doubted = (give_back(state) for _ in range(4))
    assert accepted.accept()
    assert accepted.state == "accepted"
    assert succeeded.succeed(NOW)
    assert (succeeded.state, succeeded.ended_at) == ("succeeded", NOW)
    assert refused.refuse("refund_exceeds_payment", NOW)
    assert (refused.state, refused.problem) == ("refused", "refund_exceeds_payment")
    assert doubted.doubt("provider_silent")
    assert doubted.state == ("accepted" if state is RefundState.ACCEPTED else "unknown")


@pytest.mark.parametrize("state", [RefundState.SUCCEEDED, RefundState.REFUSED])
def test_a_refund_that_has_ended_is_not_reopened(state: RefundState) -> None:
    refund = give_back(state)
    assert not refund.accept()
    assert not refund.refuse("late", NOW)
    assert not refund.doubt("provider_silent")
    assert (refund.state, refund.problem, refund.ended_at) == (state, None, None)


def test_a_refund_succeeds_once() -> None:
    refund = give_back(RefundState.SUCCEEDED)
    assert not refund.succeed(NOW)


@pytest.mark.parametrize(
    ("state", "channel", "allowed"),
    [
        (RefundState.REQUESTED, Channel.CASH, True),
        (RefundState.REFUSED, Channel.SANDBOX_WALLET, True),
        (RefundState.REFUSED, Channel.CASH, True),
        (RefundState.REQUESTED, Channel.SANDBOX_WALLET, False),
        (RefundState.ACCEPTED, Channel.SANDBOX_WALLET, False),
        (RefundState.UNKNOWN, Channel.SANDBOX_WALLET, False),
        (RefundState.SUCCEEDED, Channel.CASH, False),
        (RefundState.SUCCEEDED, Channel.SANDBOX_WALLET, False),
    ],
)
def test_the_window_hands_out_only_what_no_provider_pays(state: RefundState, channel: Channel, allowed: bool) -> None:
    refund = give_back(state, channel)
    if allowed:
        refund.pay_out("staff:cashier", NOW)
        assert (refund.state, refund.channel, refund.paid_out_by) == ("succeeded", "cash", "staff:cashier")
        return
    with pytest.raises(RefundNotPayableInCash):
        refund.pay_out("staff:cashier", NOW)
    assert (refund.state, refund.channel, refund.paid_out_by) == (state, channel, None)


@pytest.mark.parametrize(("tries", "seconds"), [(0, 2), (1, 2), (2, 4), (5, 32), (6, 60), (4000, 60)])
def test_silence_is_asked_about_with_growing_delay(tries: int, seconds: int) -> None:
    assert next_try(NOW, tries, first=2, longest=60) == NOW + timedelta(seconds=seconds)
