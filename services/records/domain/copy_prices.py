"""What a copy costs: terms of the hospital as data with a day from which they hold, and the price of a request.

Only cost is charged, and it is published (handbook 5.6): pages and postage. A request is prepaid by the most pages that
are to be expected, and settled by the real ones. Money is integer fen; figures are the demo's (handbook 11.6).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from services.records.domain.copy_parts import RecordPart, StayKind, pages_expected
from services.records.domain.copy_refusals import TermsNotValid
from shared.calendar import is_working_day

_MOST_WORKING_DAYS = 60
_MOST_FEN = 100_000
_MOST_DAYS = 3650


@dataclass(frozen=True, kw_only=True)
class CopyTerms:
    """Prices and times that the hospital sets for copies. `postage_flat_fen`, where given, replaces both others.

    `waiting_working_days` after the discharge the record is closed; no national rule names a number (handbook 5.4).
    `prepay_most_fen` is the most that is asked for the pages of one copy before they are counted.
    """

    valid_from: date = date(2020, 1, 1)
    waiting_working_days: int = 10
    review_working_days: int = 3
    page_fen: int = 50
    prepay_most_fen: int = 5000
    postage_province_fen: int = 1500
    postage_other_fen: int = 2200
    postage_flat_fen: int | None = None
    home_province: str = "32"
    payment_hours: int = 24
    correction_days: int = 30
    photo_days: int = 30

    def check(self) -> None:
        """Raises TermsNotValid for a number that cannot be meant."""
        amounts = (self.page_fen, self.prepay_most_fen, self.postage_province_fen, self.postage_other_fen)
        days = (self.correction_days, self.photo_days, self.payment_hours // 24)
        working = (self.waiting_working_days, self.review_working_days)
        limits = ((*amounts, self.postage_flat_fen or 0), _MOST_FEN), (days, _MOST_DAYS), (working, _MOST_WORKING_DAYS)
        if any(not 0 <= each <= most for numbers, most in limits for each in numbers) or self.payment_hours < 1:
            raise TermsNotValid

    @property
    def payment_time(self) -> timedelta:
        """How long a request waits to be paid."""
        return timedelta(hours=self.payment_hours)

    @property
    def photo_time(self) -> timedelta:
        """How long photos are kept after a request has ended."""
        return timedelta(days=self.photo_days)

    def postage(self, province: str | None) -> int:
        """Postage in fen to a province (two digits of its region code); None means that nothing is posted."""
        if province is None:
            return 0
        if self.postage_flat_fen is not None:
            return self.postage_flat_fen
        return self.postage_province_fen if province == self.home_province else self.postage_other_fen


@dataclass(frozen=True, kw_only=True)
class CopyPrice:
    """What is paid beforehand, in fen, and the pages of one copy that were expected."""

    pages_fewest: int
    pages_most: int
    copying_fen: int
    postage_fen: int

    @property
    def amount_fen(self) -> int:
        """The whole prepayment."""
        return self.copying_fen + self.postage_fen


def price_of(
    terms: CopyTerms, kind: StayKind, parts: tuple[RecordPart, ...], copies: int, province: str | None
) -> CopyPrice:
    """The prepayment for so many copies of these parts."""
    fewest, most = pages_expected(kind, parts)
    copying = copies * min(most * terms.page_fen, terms.prepay_most_fen)
    return CopyPrice(pages_fewest=fewest, pages_most=most, copying_fen=copying, postage_fen=terms.postage(province))


def working_days_after(day: date, number: int) -> date:
    """The hospital day that lies so many working days after another one, by the official calendar."""
    while number > 0:
        day += timedelta(days=1)
        number -= is_working_day(day)
    return day
