"""Splitting what goes back over the payments it came from, exactly (handbook section 3.11)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class Source:
    """A payment that still holds money of the person: a deposit, or what was paid on the settlement. Fen."""

    payment_id: UUID
    paid_at: datetime
    left_fen: int


@dataclass(frozen=True, kw_only=True)
class Part:
    """What goes back to one payment. Fen, more than nothing."""

    payment_id: UUID
    amount_fen: int


def split_surplus(surplus_fen: int, sources: Iterable[Source]) -> tuple[Part, ...]:
    """Divide a surplus over the payments, the latest first; each part at most what that payment still holds.

    The parts add up to the surplus exactly. Raises ValueError for less than nothing, and for more than they hold.
    """
    newest = sorted(sources, key=lambda each: (each.paid_at, each.payment_id), reverse=True)
    if surplus_fen < 0 or surplus_fen > sum(each.left_fen for each in newest):
        raise ValueError("a surplus must be covered by what the payments still hold")
    parts = []
    rest = surplus_fen
    for source in newest:
        taken = min(rest, source.left_fen)
        if taken > 0:
            parts.append(Part(payment_id=source.payment_id, amount_fen=taken))
            rest -= taken
    return tuple(parts)
