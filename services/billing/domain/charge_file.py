"""A file of charge lines: CSV with one line for each charge, read strictly, each bad line named with its reason."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from uuid import UUID

from shared.errors import Refused

COLUMNS = ("reference", "encounter_id", "item_code", "quantity", "charged_on")
LONGEST_REFERENCE = 80
REASONS = {
    "reference_missing": ("没有编号，或编号太长", "The reference is missing or too long"),
    "reference_reused": ("这个编号以前记过别的费用", "The reference was used before for another line"),
    "encounter_invalid": ("住院编号不对", "The encounter id is not valid"),
    "stay_unknown": ("没有这次住院", "There is no such stay"),
    "item_unknown": ("价目里没有这个项目", "There is no such item in the price list"),
    "item_has_no_price": ("这个项目这一天还没有价格", "The item has no price on this day"),
    "quantity_invalid": ("数量不对", "The quantity is not a number"),
    "quantity_not_valid": ("数量要大于 0，最多四位小数", "The quantity must be above 0, with at most four decimals"),
    "amount_too_small": ("金额不到一分钱", "The line would cost less than a fen"),
    "day_invalid": ("日期不对", "The day is not a date (YYYY-MM-DD)"),
    "charged_in_future": ("日期还没到", "The day has not come"),
    "columns_wrong": ("列数不对", "The line has too few or too many columns"),
}
"""Why a line was not taken, in both languages."""


class FileUnreadable(Refused):
    """The file is no CSV with exactly these columns; `columns` names them."""


@dataclass(frozen=True, kw_only=True)
class FileLine:
    """A line that can be read; `number` is its place in the file, the heading being line 1."""

    number: int
    reference: str
    encounter_id: UUID
    item_code: str
    quantity: Decimal
    charged_on: date


@dataclass(frozen=True, kw_only=True)
class BadLine:
    """A line that was not taken, and why (a key of REASONS)."""

    number: int
    code: str


def read_file(text: str) -> Iterator[FileLine | BadLine]:
    """The lines of a file in their order; empty lines are passed over. Raises FileUnreadable for another heading."""
    rows = csv.reader(io.StringIO(text.lstrip("\ufeff")), strict=True)
    try:
        heading = [each.strip().lower() for each in next(rows, [])]
        if tuple(heading) != COLUMNS:
            raise FileUnreadable(columns=list(COLUMNS))
        for row in rows:
            if any(each.strip() for each in row):
                yield _read_line(rows.line_num, [each.strip() for each in row])
    except csv.Error as error:
        raise FileUnreadable(columns=list(COLUMNS)) from error


def _read_line(number: int, row: list[str]) -> FileLine | BadLine:
    if len(row) != len(COLUMNS):
        return BadLine(number=number, code="columns_wrong")
    reference, encounter, item_code, quantity, day = row
    if not 0 < len(reference) <= LONGEST_REFERENCE:
        return BadLine(number=number, code="reference_missing")
    try:
        problem = "encounter_invalid"
        encounter_id = UUID(encounter)
        problem = "quantity_invalid"
        amount = Decimal(quantity)
        if not amount.is_finite():
            return BadLine(number=number, code=problem)
        problem = "day_invalid"
        charged_on = date.fromisoformat(day)
    except (ValueError, InvalidOperation):
        return BadLine(number=number, code=problem)
    return FileLine(
        number=number,
        reference=reference,
        encounter_id=encounter_id,
        item_code=item_code,
        quantity=amount,
        charged_on=charged_on,
    )
