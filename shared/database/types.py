"""Column types and indexes that mean the same on SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

BigId = sa.BigInteger().with_variant(sa.Integer, "sqlite")
"""A number that the database counts up; SQLite only does so for its own INTEGER."""

Json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
"""A JSON document."""


class UtcDateTime(sa.types.TypeDecorator[datetime]):
    """An aware instant. SQLite keeps no zone: there it is kept as UTC and comes back aware. Naive ones are refused."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """To the database: in UTC, without zone on SQLite."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant must be aware")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:  # noqa: ARG002
        """From the database: always aware, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Exact(sa.types.TypeDecorator[Decimal]):
    """A decimal with a fixed number of places, kept as a whole number: exact on both databases."""

    impl = sa.BigInteger
    cache_ok = True

    def __init__(self, places: int) -> None:
        super().__init__()
        self.places = places

    def process_bind_param(self, value: Decimal | None, dialect: sa.Dialect) -> int | None:  # noqa: ARG002
        """To the database."""
        if value is None:
            return None
        scaled = value.scaleb(self.places)
        if scaled != scaled.to_integral_value():
            raise ValueError("too many decimals")
        return int(scaled)

    def process_result_value(self, value: int | None, dialect: sa.Dialect) -> Decimal | None:  # noqa: ARG002
        """From the database."""
        return None if value is None else Decimal(value).scaleb(-self.places)


def partial_unique(name: str, *columns: Any, where: str) -> sa.Index:
    """A unique index over the rows that match `where` (plain SQL that both databases read alike)."""
    condition = sa.text(where)
    return sa.Index(name, *columns, unique=True, postgresql_where=condition, sqlite_where=condition)
