"""The unit of work's own statements, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa

from shared.database import ChangeEach, Database
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


AWKWARD = ["it's", 'a "quote"', "a \\ stroke", "{braces, and commas}", "NULL", "", "新生儿", "line\nbreak"]


def test_many_rows_arrive_as_they_were_given_and_in_their_order(database: Database) -> None:
    """Lists and texts with every sign that an array of texts gives a meaning of its own."""
    jobs = database.toolbox.jobs
    at = datetime(2026, 11, 23, 1, 2, 3, 456789, tzinfo=UTC)
    rows = [
        {
            "id": uuid4(),
            "kind": text,
            "state": "waiting",
            "arguments": [text, [text], {"in": text}],
            "result": None if number % 2 else {"text": text},
            "error": None if number % 2 else text,
            "due_at": at + timedelta(seconds=number),
            "created_at": at,
        }
        for number, text in enumerate(AWKWARD)
    ]
    with database.write() as uow:
        uow.insert(jobs, rows)
    names = list(rows[0])
    with database.read() as uow:
        found = uow.session.execute(sa.select(*(jobs.c[name] for name in names)).order_by(jobs.c.due_at)).mappings()
        assert [dict(row) for row in found] == rows


def test_numbers_that_the_database_gives_follow_the_order_of_the_rows(database: Database) -> None:
    outbox = database.toolbox.outbox
    ids = [uuid4() for _ in range(50)]
    with database.write() as uow:
        uow.insert(outbox, [{"id": each, "type": "t", "envelope": {}} for each in ids])
    with database.read() as uow:
        assert list(uow.session.scalars(sa.select(outbox.c.id).order_by(outbox.c.position))) == ids


def test_each_row_is_changed_to_its_own_values(database: Database) -> None:
    rows = [{"id": uuid4(), "number": number} for number in (1, 2, 3)]
    change = ChangeEach(
        numbers,
        by=("id",),
        given={"more": sa.Integer()},
        values=lambda given: {"number": numbers.c.number + given["more"]},
    )
    with database.write() as uow:
        uow.insert(numbers, rows)
        changes = [{"of_id": rows[0]["id"], "more": 10}, {"of_id": rows[2]["id"], "more": 20}]
        assert uow.change_each(change, [*changes, {"of_id": uuid4(), "more": 5}]) == 2
        assert uow.change_each(change, []) == 0
    assert all_numbers(database) == [(rows[1]["id"], 2), (rows[0]["id"], 11), (rows[2]["id"], 23)]
