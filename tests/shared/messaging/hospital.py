"""Two small services: a ward that admits people, and a kitchen that hears of it and lays a tray for each."""

from __future__ import annotations

import itertools
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from marshmallow import fields

from shared.actor import Actor
from shared.database import Database, UnitOfWork, create_toolbox, toolbox_of
from shared.errors import NotYet, Refused
from shared.events import fact
from shared.schemas import EventSchema
from shared.service import Service, Subscription

ADMITTED = "ward.person_admitted.v1"
MOVED = "ward.person_moved.v1"
LAID = "kitchen.tray_laid.v1"


@fact(ADMITTED, subject="person_id")
class PersonAdmitted:
    person_id: UUID
    bed: int


@fact(MOVED, subject="person_id")
class PersonMoved:
    person_id: UUID
    bed: int


@fact(LAID, subject="person_id")
class TrayLaid:
    person_id: UUID


class BedSchema(EventSchema):
    person_id = fields.UUID(required=True)
    bed = fields.Integer(required=True)


class NoTray(Refused):
    """The kitchen refuses this bed."""


ward_metadata = sa.MetaData()
ward_toolbox = toolbox_of(ward_metadata)
kitchen_metadata = sa.MetaData()
kitchen_toolbox = toolbox_of(kitchen_metadata)
trays = sa.Table(
    "trays",
    kitchen_metadata,
    sa.Column("position", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("person_id", sa.Uuid, nullable=False),
    sa.Column("bed", sa.Integer, nullable=False),
    sa.Column("actor", sa.String(80), nullable=False),
    sa.Column("request_id", sa.String(80), nullable=False),
)

BROKEN_BED, REFUSED_BED, UNKNOWN_BED = 666, 13, 404
mood = {"broken": True, "known": False}
"""What a test changes: whether bed 666 breaks the code, and whether bed 404 is known by now."""


def lay_tray(uow: UnitOfWork, *, data: dict[str, Any], actor: Actor, now: datetime) -> None:
    """Lay a tray; some beds make trouble after they were written, so that there is something to undo."""
    row = {**data, "actor": actor.subject, "request_id": actor.request_id}
    uow.insert(trays, [row])
    uow.publish(TrayLaid(person_id=data["person_id"]), actor=actor, now=now)
    if data["bed"] == BROKEN_BED and mood["broken"]:
        raise ZeroDivisionError("王小明 cannot be divided")
    if data["bed"] == REFUSED_BED:
        raise NoTray
    if data["bed"] == UNKNOWN_BED and not mood["known"]:
        raise NotYet


WARD = Service(name="ward", toolbox=ward_toolbox, migrations=Path("none"))
KITCHEN = Service(
    name="kitchen",
    toolbox=kitchen_toolbox,
    migrations=Path("none"),
    subscriptions={
        ADMITTED: Subscription(schema=BedSchema, use_case=lay_tray),
        MOVED: Subscription(schema=BedSchema, use_case=lay_tray),
    },
)
DOCTOR = Actor(subject="staff:doctor", roles=("doctor",), request_id="tap-on-a-phone")


def make_tables(database: Database, service: Service) -> None:
    with database.engine.begin() as connection:
        create_toolbox(connection)
        if service.name == "kitchen":
            trays.create(connection)


_people = itertools.count(1)


def person(bed: int = 1) -> UUID:
    return UUID(int=next(_people) * 1000 + bed)


def admit(database: Database, now: datetime, *beds: int, moved: bool = False) -> list[UUID]:
    """The ward admits (or moves) somebody into each bed, in one unit of work; gives who."""
    people = [person(bed) for bed in beds]
    with database.write() as uow:
        for who, bed in zip(people, beds, strict=True):
            happened = PersonMoved(person_id=who, bed=bed) if moved else PersonAdmitted(person_id=who, bed=bed)
            uow.publish(happened, actor=DOCTOR, now=now)
    return people


def laid(database: Database) -> list[UUID]:
    """For whom trays were laid, in order; somebody twice is somebody with two trays."""
    with database.read() as uow:
        return list(uow.session.scalars(sa.select(trays.c.person_id).order_by(trays.c.position)))


def inbox(database: Database) -> list[tuple[Any, ...]]:
    """The kitchen's inbox: type, number, state, error, tries."""
    table = database.toolbox.inbox
    with database.read() as uow:
        query = sa.select(table.c.type, table.c.sequence, table.c.state, table.c.error, table.c.tries)
        return [tuple(row) for row in uow.session.execute(query.order_by(table.c.type, table.c.sequence))]


def numbers(database: Database, type_: str = ADMITTED) -> list[int | None]:
    """The numbers in the ward's outbox, in the order in which the facts were written."""
    table = database.toolbox.outbox
    with database.read() as uow:
        return list(uow.session.scalars(sa.select(table.c.sequence).where(table.c.type == type_).order_by("position")))


def message(*beds: int, first: int = 1, type_: str = ADMITTED) -> list[dict[str, Any]]:
    """The events of one queue message, as the ward would send them."""
    return [
        {
            "specversion": "1.0",
            "id": str(uuid4()),
            "source": "/ward",
            "type": type_,
            "subject": "somebody",
            "time": "2026-11-23T01:00:00Z",
            "correlationid": "tap-on-a-phone",
            "actor": "staff:doctor",
            "data": {"person_id": str(person(bed)), "bed": bed},
            "sequence": f"{first + index:019d}",
        }
        for index, bed in enumerate(beds)
    ]
