"""A toy service with one POST: it keeps numbers, refuses 13, and publishes each number it kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from marshmallow import Schema, fields

from shared.database import Database, create_toolbox, toolbox_of
from shared.errors import Conflict, Refused
from shared.events import fact
from shared.operations import Blueprint, read, run, run_together
from shared.schemas import RequestSchema, text
from shared.service import Service

metadata = sa.MetaData()
toolbox = toolbox_of(metadata)
numbers = sa.Table(
    "numbers",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("number", sa.Integer, nullable=False, unique=True),
)


@fact("toy.number_kept.v1", subject="number_id")
class NumberKept:
    number_id: UUID
    number: int


class NumberUnlucky(Refused):
    """Thirteen is not kept."""


class NumberTaken(Conflict):
    """The number is kept already."""


class NumberSchema(Schema):
    id = fields.UUID()
    number = fields.Integer()


class KeepSchema(RequestSchema):
    number = fields.Integer(required=True, strict=True)
    remark = text(10, required=False)


def keep_number(uow: Any, *, actor: Any, now: Any, number: int, remark: str = "") -> dict[str, Any]:
    """Keep a number; 13 is refused after it was written, so that the refusal has something to undo."""
    taken = uow.session.scalar(sa.select(numbers.c.id).where(numbers.c.number == number))
    if taken is not None:
        raise NumberTaken(number=number)
    row = {"id": uuid4(), "number": number}
    uow.insert(numbers, [row])
    uow.publish(NumberKept(number_id=row["id"], number=number), actor=actor, now=now)
    if number == 13:
        raise NumberUnlucky
    return row


def keep_numbers(uow: Any, *, requests: list[dict[str, Any]], now: Any) -> list[Any]:
    """The list form: each request gets its own row or refusal."""
    return [NumberUnlucky() if each["number"] == 13 else keep_number(uow, now=now, **each) for each in requests]


def count_numbers(uow: Any, *, actor: Any, now: Any) -> dict[str, Any]:
    return {"number": uow.session.scalar(sa.select(sa.func.count()).select_from(numbers))}


blueprint = Blueprint("toy", "A toy")


@blueprint.command("/numbers", NumberSchema, allow=("patient",), body=KeepSchema, status=201)
def keep(**body: Any) -> Any:
    """Keep a number."""
    return run(keep_number, **body)


@blueprint.command("/numbers/together", NumberSchema, allow=("patient",), body=KeepSchema, status=201)
def keep_together(**body: Any) -> Any:
    """Keep a number together with whoever else comes."""
    return run_together(keep_numbers, dict, **body)


@blueprint.query("/numbers", NumberSchema, allow=("patient", "auditor"))
def count() -> Any:
    """How many are kept."""
    return read(count_numbers)


@blueprint.query("/nobody", NumberSchema, allow=())
def nobody() -> Any:
    """An operation without roles."""
    return read(count_numbers)


SERVICE = Service(name="toy", toolbox=toolbox, migrations=Path("none"), blueprints=[blueprint])


def make_tables(database: Database) -> None:
    """The toy has no history: its tables are made at once."""
    with database.engine.begin() as connection:
        create_toolbox(connection)
        numbers.create(connection)


def state_of(database: Database) -> dict[str, list[Any]]:
    """Everything the toy holds: its numbers, facts and keys."""
    with database.read() as uow:
        return {
            "numbers": list(uow.session.scalars(sa.select(numbers.c.number).order_by(numbers.c.number))),
            "facts": list(uow.session.scalars(sa.select(toolbox.outbox.c.type))),
            "keys": list(uow.session.scalars(sa.select(toolbox.idempotency_keys.c.status))),
        }
