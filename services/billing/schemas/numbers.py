"""Exact decimals over HTTP: text without exponent and without zeros that say nothing."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from marshmallow import ValidationError, fields

RATIO = r"^(0(\.[0-9]{1,4})?|1(\.0{1,4})?)$"
"""A share between 0 and 1."""


def above_zero(*, whole: int, places: int) -> str:
    """The pattern of a decimal above 0 with so many digits before and after the point."""
    return rf"^(?!0+(\.0+)?$)[0-9]{{1,{whole}}}(\.[0-9]{{1,{places}}})?$"


PRICE = above_zero(whole=7, places=6)
QUANTITY = above_zero(whole=4, places=4)


class Exact(fields.Field[Decimal]):
    """A decimal as text, like "12.5"; what comes in must match `pattern`. What goes out may be below 0."""

    def __init__(self, pattern: str | None = None, **kwargs: Any) -> None:
        super().__init__(metadata={"type": "string", "pattern": pattern or r"^-?[0-9]+(\.[0-9]+)?$"}, **kwargs)
        self._wanted = re.compile(pattern or "", re.ASCII)

    def _serialize(self, value: Decimal | None, attr: str | None, obj: Any, **_: Any) -> Any:  # noqa: ARG002
        return None if value is None else f"{value.normalize():f}"

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> Decimal:  # noqa: ARG002
        if not isinstance(value, str) or value.endswith("\n") or not self._wanted.match(value):
            raise ValidationError("Give a decimal number as text.")
        return Decimal(value)
