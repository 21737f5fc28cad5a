"""Money is a whole number of fen everywhere inside; a decimal string with its currency at the edge."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

CURRENCY = "CNY"
_AMOUNT = re.compile(r"(-?)(\d{1,12})\.(\d{2})", re.ASCII)


def to_amount(fen: int) -> str:
    """1250 -> "12.50"."""
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100}.{abs(fen) % 100:02d}"


def to_fen(amount: str) -> int:
    """ "12.50" -> 1250. Anything but digits, a point and two decimals is refused with ValueError."""
    match = _AMOUNT.fullmatch(amount)
    if match is None:
        raise ValueError(f"not an amount in yuan with two decimals: {amount!r}")
    fen = int(match[2]) * 100 + int(match[3])
    return -fen if match[1] else fen


def split(total_fen: int, weights: list[int]) -> list[int]:
    """Divide an amount by weights so that the parts add up to it exactly.

    Each part is rounded down; the fen left over go to the largest remainders, earlier parts first
    (the largest-remainder method). Weights are non-negative and not all zero, or ValueError is raised.
    """
    whole = sum(weights)
    if whole <= 0 or min(weights) < 0:
        raise ValueError("weights must be non-negative and not all zero")
    parts = [total_fen * weight // whole for weight in weights]
    order = sorted(range(len(weights)), key=lambda i: (-(total_fen * weights[i] % whole), i))
    for i in order[: total_fen - sum(parts)]:
        parts[i] += 1
    return parts


def half_up(value: Decimal) -> int:
    """An exact value in fen as whole fen, halves away from zero: a line and its reversal round alike (section 3.16)."""
    return int(value.quantize(Decimal(1), rounding=ROUND_HALF_UP))
