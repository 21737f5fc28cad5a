"""Marshmallow bases: strict for what comes in over HTTP, tolerant for other services' events."""

from __future__ import annotations

import unicodedata
from typing import Any

from marshmallow import EXCLUDE, INCLUDE, RAISE, Schema, ValidationError, fields, pre_load, validate

from shared import money

_ALLOWED_CONTROLS = {"\n", "\t", "\r"}


def _check_text(value: Any, path: str) -> None:
    if isinstance(value, str):
        if any(unicodedata.category(char) in {"Cc", "Cs"} and char not in _ALLOWED_CONTROLS for char in value):
            raise ValidationError("Control characters are not allowed.", path or "_schema")
    elif isinstance(value, dict):
        for key, each in value.items():
            _check_text(key, "_schema")
            _check_text(each, path or str(key))
    elif isinstance(value, list):
        for each in value:
            _check_text(each, path)


class RequestSchema(Schema):
    """What a caller sends: unknown members are refused, and so is text that no database or page can hold."""

    class Meta:
        """Unknown members are refused."""

        unknown = RAISE

    @pre_load
    def refuse_control_characters(self, data: Any, **_: Any) -> Any:
        """NUL, lone surrogates and other control characters never get in."""
        _check_text(data, "")
        return data


class EventSchema(Schema):
    """What a consumer reads of another service's fact: only the fields it uses, whatever else may come."""

    class Meta:
        """Unknown members are passed over."""

        unknown = EXCLUDE


_FEN_IN_OPENAPI = {
    "type": "object",
    "properties": {
        "amount": {"type": "string", "pattern": r"^-?[0-9]{1,12}\.[0-9]{2}$"},
        "currency": {"type": "string", "enum": [money.CURRENCY]},
    },
    "required": ["amount", "currency"],
    "additionalProperties": False,
}


class Fen(fields.Field[int]):
    """An amount: integer fen inside, `{"amount": "12.50", "currency": "CNY"}` at the edge."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(metadata=_FEN_IN_OPENAPI, **kwargs)

    def _serialize(self, value: int | None, attr: str | None, obj: Any, **_: Any) -> Any:  # noqa: ARG002
        return None if value is None else {"amount": money.to_amount(value), "currency": money.CURRENCY}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> int:  # noqa: ARG002
        if not isinstance(value, dict) or set(value) != {"amount", "currency"} or value["currency"] != money.CURRENCY:
            raise ValidationError("Give amount and currency CNY.")
        try:
            return money.to_fen(value["amount"])
        except (ValueError, TypeError) as error:
            raise ValidationError("Give yuan with two decimals, as text.") from error


def text(longest: int, *, shortest: int = 1, **kwargs: Any) -> fields.String:
    """A text field with limits in characters."""
    kwargs.setdefault("required", True)
    return fields.String(validate=validate.Length(min=shortest, max=longest), **kwargs)


class NamesSchema(Schema):
    """A name in both languages."""

    zh = fields.String(required=True)
    en = fields.String(required=True)


class ProblemSchema(Schema):
    """A problem document (RFC 9457); `code` is stable and documented, further members depend on it."""

    class Meta:
        """Each code may bring members of its own."""

        unknown = INCLUDE

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    code = fields.String(required=True)
    detail = fields.String(required=True)
