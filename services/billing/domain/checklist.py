"""The checklist before a stay is settled: what must be true, whose work it is, and the way out (handbook section 3.9).

Every item that is not done blocks the settlement until it is, or until a named person overrules it with a reason:
nothing may block a discharge for ever.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any


class CheckCode(StrEnum):
    """What is looked at, in the order of the list."""

    MEALS_POSTED = "meals_posted"
    BED_DAYS = "bed_days"
    NURSING_DAYS = "nursing_days"
    DAYS_AGREE = "days_agree"
    CHARGE_TIMES = "charge_times"
    PRICE_LIST = "price_list"
    NOTHING_NEGATIVE = "nothing_negative"
    DEPOSITS_POSTED = "deposits_posted"
    REFUNDS_ENDED = "refunds_ended"


class CheckState(StrEnum):
    """`waiting`: it will be done by itself, look again. `blocked`: somebody must act."""

    DONE = "done"
    WAITING = "waiting"
    BLOCKED = "blocked"
    OVERRULED = "overruled"


class Owner(StrEnum):
    """Whose work it is."""

    CANTEEN = "canteen"
    NURSE = "nurse"
    CASHIER = "cashier"
    FINANCE = "finance"


@dataclass(frozen=True, kw_only=True)
class Tally:
    """A count and its sum in fen."""

    count: int
    amount_fen: int


@dataclass(frozen=True, kw_only=True)
class Stay:
    """What the audit looks at. Days are hospital days, counted with admission and without discharge.

    `charged_outside` are charges dated before the admission or after the discharge day, `off_list` charges whose price
    is not the list's on their day, `negative` items of which more was taken back than charged. `answer` is what meals
    said, None before it did; `ledger` what billing has of it.
    """

    admitted_on: date
    discharged_on: date
    bed_days: int
    nursing_days: int
    charged_outside: int = 0
    off_list: int = 0
    negative: int = 0
    deposits_open: int = 0
    refunds_open: int = 0
    answer: Tally | None = None
    ledger: Tally = Tally(count=0, amount_fen=0)

    @property
    def days(self) -> int:
        """The days to be charged: the day of admission counts, that of discharge does not; in and out is one day."""
        return max(1, (self.discharged_on - self.admitted_on).days)


@dataclass(frozen=True, kw_only=True)
class Check:
    """One item: `facts` are numbers for the sentence (days, counts, fen)."""

    code: CheckCode
    state: CheckState
    owner: Owner
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_open(self) -> bool:
        """Whether it keeps the bill from being closed."""
        return self.state in {CheckState.WAITING, CheckState.BLOCKED}


def checklist(stay: Stay, overruled: Collection[str] = ()) -> tuple[Check, ...]:
    """Every item in its order. An item that somebody overruled stays so unless it is done after all."""
    found = [rule(stay) for rule in _RULES]
    return tuple(
        Check(code=each.code, state=CheckState.OVERRULED, owner=each.owner, facts=each.facts)
        if each.is_open and each.code in overruled
        else each
        for each in found
    )


def _check(code: CheckCode, owner: Owner, *, done: bool, waits: bool = False, **facts: Any) -> Check:
    state = CheckState.DONE if done else CheckState.WAITING if waits else CheckState.BLOCKED
    return Check(code=code, state=state, owner=owner, facts=facts)


def _meals(stay: Stay) -> Check:
    answer, ledger = stay.answer, stay.ledger
    told = {"told_count": answer.count, "told_fen": answer.amount_fen} if answer else {}
    return _check(
        CheckCode.MEALS_POSTED,
        Owner.CANTEEN,
        done=answer == ledger,
        waits=True,
        posted_count=ledger.count,
        posted_fen=ledger.amount_fen,
        **told,
    )


def _bed_days(stay: Stay) -> Check:
    return _check(
        CheckCode.BED_DAYS, Owner.NURSE, done=stay.bed_days == stay.days, days=stay.days, posted=stay.bed_days
    )


def _nursing_days(stay: Stay) -> Check:
    done = stay.nursing_days == stay.days
    return _check(CheckCode.NURSING_DAYS, Owner.NURSE, done=done, days=stay.days, posted=stay.nursing_days)


def _days_agree(stay: Stay) -> Check:
    done = stay.bed_days == stay.nursing_days
    return _check(CheckCode.DAYS_AGREE, Owner.NURSE, done=done, bed=stay.bed_days, nursing=stay.nursing_days)


def _charge_times(stay: Stay) -> Check:
    return _check(CheckCode.CHARGE_TIMES, Owner.NURSE, done=not stay.charged_outside, count=stay.charged_outside)


def _price_list(stay: Stay) -> Check:
    return _check(CheckCode.PRICE_LIST, Owner.FINANCE, done=not stay.off_list, count=stay.off_list)


def _nothing_negative(stay: Stay) -> Check:
    return _check(CheckCode.NOTHING_NEGATIVE, Owner.NURSE, done=not stay.negative, count=stay.negative)


def _deposits(stay: Stay) -> Check:
    done = not stay.deposits_open
    return _check(CheckCode.DEPOSITS_POSTED, Owner.CASHIER, done=done, waits=True, count=stay.deposits_open)


def _refunds(stay: Stay) -> Check:
    done = not stay.refunds_open
    return _check(CheckCode.REFUNDS_ENDED, Owner.CASHIER, done=done, waits=True, count=stay.refunds_open)


_RULES: tuple[Callable[[Stay], Check], ...] = (
    *(_meals, _bed_days, _nursing_days, _days_agree, _charge_times),
    *(_price_list, _nothing_negative, _deposits, _refunds),
)
