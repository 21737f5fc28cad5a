"""The unit of work's own statements, on both databases."""

from __future__ import annotations

from uuid import uuid4

import pytest
import sqlalchemy as sa

from shared.database import Database
from tests.support.toy import numbers


@pytest.fixture
def kept(database: Database) -> dict[str, object]:
    row: dict[str, object] = {"id": uuid4(), "number": 7}
    with database.write() as uow:
        uow.insert(numbers, [row])
    return row


def all_numbers(database: Database) -> list[tuple[object, int]]:
    with database.read() as uow:
        return [(row.id, row.number) for row in uow.session.execute(sa.select(numbers).order_by(numbers.c.number))]


def test_a_row_whose_key_is_new_is_inserted(database: Database, kept: dict[str, object]) -> None:
    new = {"id": uuid4(), "number": 8}
    with database.write() as uow:
        told = uow.insert_or_change(
            numbers, new, key=numbers.c.number, changes={"number": 9}, returning=[numbers.c.id, numbers.c.number]
        )
    assert told == (new["id"], 8)
    assert all_numbers(database) == [(kept["id"], 7), (new["id"], 8)]


def test_the_row_that_has_the_key_is_changed_and_no_other_is_made(database: Database, kept: dict[str, object]) -> None:
    with database.write() as uow:
        told = uow.insert_or_change(
            numbers,
            {"id": uuid4(), "number": 7},
            key=numbers.c.number,
            changes={"number": numbers.c.number + 10},
            returning=[numbers.c.id, numbers.c.number],
        )
    assert told == (kept["id"], 17)
    assert all_numbers(database) == [(kept["id"], 17)]


def test_of_rows_inserted_once_only_the_new_ones_are_told(database: Database, kept: dict[str, object]) -> None:
    rows = [{"id": uuid4(), "number": 7}, {"id": uuid4(), "number": 8}]
    with database.write() as uow:
        told = uow.insert_once(numbers, rows, returning=[numbers.c.number])
    assert [tuple(row) for row in told] == [(8,)]
    assert all_numbers(database) == [(kept["id"], 7), (rows[1]["id"], 8)]
