"""Places: found by their codes, opened in bulk, locked to be laid in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from services.records.domain import Location, Place
from services.records.store.tables import encounters, locations
from shared.database import UnitOfWork


def add_locations(uow: UnitOfWork, places: Sequence[Location], now: datetime) -> int:
    """Open places that are not there yet, each after what it is part of; gives how many were new."""
    rows: list[dict[str, Any]] = [
        {
            "id": each.id,
            "kind": each.kind,
            "code": each.code,
            "name_zh": each.name_zh,
            "name_en": each.name_en,
            "part_of": each.part_of,
            "campus_id": each.campus_id,
            "ward_id": each.ward_id,
            "as_sent": each.as_sent,
            "opened_at": now,
        }
        for each in places
    ]
    return len(uow.insert_once(locations, rows, returning=[locations.c.id]))


def lock_bed(uow: UnitOfWork, bed_id: UUID) -> Place | None:
    """A bed with its ward and campus, locked, so that nobody else is laid in it meanwhile; None if it is no bed."""
    query = sa.select(locations.c.ward_id).where(locations.c.id == bed_id, locations.c.kind == "bed")
    ward_id = uow.session.scalar(query.with_for_update())
    return None if ward_id is None else place_of(uow, ward_id, bed_id)


def is_occupied(uow: UnitOfWork, bed_id: UUID, *, but_for: UUID | None = None) -> bool:
    """Whether somebody lies in a bed, another stay than `but_for`."""
    query = sa.select(encounters.c.id).where(encounters.c.bed_id == bed_id, encounters.c.state == "in_progress")
    return uow.session.scalar(query) not in {None, but_for}


def place_of(uow: UnitOfWork, ward_id: UUID | None, bed_id: UUID | None) -> Place | None:
    """Ward, campus and bed by their ids; None for somebody who lies nowhere."""
    if ward_id is None:
        return None
    found = _by_id(uow, [each for each in (ward_id, bed_id) if each])
    bed = found[bed_id] if bed_id else None
    ward = found[ward_id]
    above = _by_id(uow, [each for each in (ward.campus_id, bed.part_of if bed else None) if each])
    room = above.get(bed.part_of) if bed and bed.part_of else None
    if ward.campus_id is None:
        raise LookupError("a ward without campus")
    return Place(campus=above[ward.campus_id], ward=ward, room=room, bed=bed)


def beds_called(uow: UnitOfWork, ward_id: UUID, code: str) -> list[UUID]:
    """The beds of a ward that carry this label, in whatever room."""
    query = sa.select(locations.c.id).where(
        locations.c.ward_id == ward_id, locations.c.kind == "bed", locations.c.code == code
    )
    return list(uow.session.scalars(query))


def _by_id(uow: UnitOfWork, ids: Sequence[UUID]) -> dict[UUID, Location]:
    columns = [each for each in locations.c if each.name != "opened_at"]
    rows = uow.session.execute(sa.select(*columns).where(locations.c.id.in_(ids))).mappings()
    return {row["id"]: Location(**row) for row in rows}
