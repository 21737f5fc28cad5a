"""Many rows in one statement: new ones, and changes that give each row values of its own.

On PostgreSQL the rows travel as one JSON document, so that the statement is the same for any number of them: a round
trip, a plan and a parse for each row would cost far more than the work, and escaping them as arrays too. SQLite has
none of these and is asked row by row.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import time
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection
from sqlalchemy.types import TypeEngine

from shared.events import plain

Given = Mapping[str, Any]
"""What a row brings, by name, as something that can stand in a statement."""
Row = Mapping[str, Any]


def insert_each(connection: Connection, table: sa.Table, rows: Sequence[Row]) -> None:
    """Insert rows that all have the same members, in their order."""
    if _is_sqlite(connection):
        connection.execute(table.insert(), [dict(row) for row in rows])
    else:
        connection.execute(_insert(table, tuple(rows[0])), _document(connection, _types_of(table, rows), rows))


def insert_once(
    connection: Connection, table: sa.Table, rows: Sequence[Row], returning: Sequence[sa.Column[Any]]
) -> Sequence[sa.Row[Any]]:
    """Insert rows, passing over those whose key is there already; tells which were new."""
    if _is_sqlite(connection):
        statement = sqlite.insert(table).on_conflict_do_nothing().returning(*returning)
        return connection.execute(statement, [dict(row) for row in rows]).all()
    statement_for_all = _insert(table, tuple(rows[0]), tuple(returning))
    return connection.execute(statement_for_all, _document(connection, _types_of(table, rows), rows)).all()


class ChangeEach:
    """An UPDATE of many rows, put together once.

    `by` names the columns that find a row (brought as `of_<column>`, no two rows alike), `given` the types of what else
    a row brings, `values` what the columns become. Rows that several units change must be locked before, in one order.
    """

    def __init__(
        self,
        table: sa.Table,
        *,
        by: Sequence[str],
        given: Mapping[str, TypeEngine[Any]],
        values: Callable[[Given], Mapping[str, Any]],
    ) -> None:
        types = self._types = {f"of_{name}": table.c[name].type for name in by} | dict(given)

        def statement(brought: Given) -> sa.Update:
            found = [table.c[name] == brought[f"of_{name}"] for name in by]
            return table.update().where(*found).values(dict(values(brought)))

        self._for_one = statement({name: sa.bindparam(name, type_=type_) for name, type_ in types.items()})
        self._for_all = statement(dict(_unpacked(types).c.items()))

    def run(self, connection: Connection, rows: Sequence[Row]) -> int:
        """Change these rows; gives how many were found. Nothing happens for an empty list."""
        if not rows:
            return 0
        if _is_sqlite(connection):
            return int(connection.execute(self._for_one, [dict(row) for row in rows]).rowcount)
        return int(connection.execute(self._for_all, _document(connection, self._types, rows)).rowcount)


def _is_sqlite(connection: Connection) -> bool:
    return connection.dialect.name == "sqlite"


def _types_of(table: sa.Table, rows: Sequence[Row]) -> dict[str, TypeEngine[Any]]:
    return {name: table.c[name].type for name in rows[0]}


def _document(connection: Connection, types: Mapping[str, TypeEngine[Any]], rows: Sequence[Row]) -> dict[str, str]:
    """The rows as one parameter; `nth` keeps their order."""
    processors = [(name, _processor(type_, connection.dialect)) for name, type_ in types.items()]
    packed = [
        {"nth": nth} | {name: process(row[name]) if process else row[name] for name, process in processors}
        for nth, row in enumerate(rows)
    ]
    return {"rows": json.dumps(packed, ensure_ascii=False, default=_text)}


@functools.cache
def _processor(type_: TypeEngine[Any], dialect: sa.Dialect) -> Callable[[Any], Any] | None:
    """What our own types and enums do to a value; for all others PostgreSQL reads what JSON says."""
    own = isinstance(type_, sa.types.TypeDecorator | sa.Enum)
    return type_.dialect_impl(dialect).bind_processor(dialect) if own else None


def _text(value: Any) -> Any:
    """What JSON has no form for, as PostgreSQL reads it."""
    if isinstance(value, bytes):
        return f"\\x{value.hex()}"
    if isinstance(value, Decimal | time):
        return str(value)
    made = plain(value)
    if made is value:
        raise TypeError(f"no JSON for {type(value).__name__}")
    return made


def _unpacked(types: Mapping[str, TypeEngine[Any]]) -> sa.TableValuedAlias:
    columns = [sa.column("nth", sa.Integer()), *(sa.column(name, type_) for name, type_ in types.items())]
    rows = sa.cast(sa.bindparam("rows", type_=sa.Text()), postgresql.JSON())
    given = sa.func.json_to_recordset(rows).table_valued(*columns, name="given")
    return given.render_derived(with_types=True)


@functools.cache
def _insert(table: sa.Table, names: tuple[str, ...], returning: tuple[sa.Column[Any], ...] = ()) -> sa.Executable:
    given = _unpacked({name: table.c[name].type for name in names})
    in_order = sa.select(*(given.c[name] for name in names)).order_by(given.c.nth)
    statement = postgresql.insert(table).from_select(list(names), in_order, include_defaults=False)
    return statement.on_conflict_do_nothing().returning(*returning) if returning else statement
