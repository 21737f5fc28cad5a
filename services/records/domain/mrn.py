"""Medical record numbers: eight digits and a check digit, so that a slip never opens another's record."""

from __future__ import annotations

import re

from stdnum.iso7064 import mod_11_10

_FIRST = 10_000_000
_LAST = 99_999_999
_FORM = re.compile(r"\d{9}", re.ASCII)


def mrn_of(count: int) -> str:
    """The MRN of the hospital's `count`-th patient; ISO 7064 MOD 11,10 finds every wrong digit.

    Raises ValueError when the hospital has run out of numbers.
    """
    number = _FIRST + count
    if not _FIRST < number <= _LAST:
        raise ValueError("the hospital has run out of medical record numbers")
    return f"{number}{mod_11_10.calc_check_digit(str(number))}"


def read_mrn(text: str) -> str | None:
    """The MRN that somebody typed, with spaces or hyphens between its digits; None if it is not one."""
    digits = re.sub(r"[\s-]", "", text)
    return digits if _FORM.fullmatch(digits) and mod_11_10.is_valid(digits) else None
