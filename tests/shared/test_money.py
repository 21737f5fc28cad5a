"""Money: whole fen inside, exact text outside, exact splitting."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared import money


@pytest.mark.parametrize(
    ("fen", "amount"), [(0, "0.00"), (1, "0.01"), (1250, "12.50"), (-5, "-0.05"), (10**13, "100000000000.00")]
)
def test_fen_and_text_are_the_same_amount(fen: int, amount: str) -> None:
    assert money.to_amount(fen) == amount
    assert money.to_fen(amount) == fen


@pytest.mark.parametrize(
    "text", ["", "12", "12.5", "12.500", "1,200.00", "١٢.٥٠", " 1.00", "1.00 ", "+1.00", "1e3", "NaN", "--1.00"]
)
def test_what_is_not_an_amount_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not an amount"):
        money.to_fen(text)


@given(st.integers(0, 10**9), st.lists(st.integers(0, 1000), min_size=1, max_size=12).filter(lambda w: sum(w) > 0))
def test_a_split_is_exact_and_fair_to_the_fen(total: int, weights: list[int]) -> None:
    parts = money.split(total, weights)
    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - total * weight / sum(weights)) < 1


@pytest.mark.parametrize("weights", [[], [0, 0], [1, -1], [2, -1]])
def test_weights_that_mean_nothing_are_refused(weights: list[int]) -> None:
    with pytest.raises(ValueError, match="weights"):
        money.split(100, weights)
