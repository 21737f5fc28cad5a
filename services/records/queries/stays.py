"""Wards and beds, who lies in them, and the stays of a patient."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from services.records.queries.patients import STAFF, check_may_see
from services.records.store import encounter_steps, encounters, locations, merges, patients
from shared.actor import Actor
from shared.database import UnitOfWork
from shared.errors import NotFound

Row = dict[str, Any]

_campus, _room, _bed = (locations.alias(each) for each in ("campus", "room", "bed"))
_person = patients.alias("person")
_PERSON = ("id", "mrn", "name", "sex", "birth_on", "verified")
_LIES = encounters.c.state == "in_progress"


def list_wards(uow: UnitOfWork, *, actor: Actor, now: datetime, campus: str | None = None) -> Row:
    """Every ward with its campus, the number of its beds, and how many of them are taken."""
    taken = sa.and_(encounters.c.bed_id == _bed.c.id, _LIES)
    query = (
        sa.select(
            *_named(locations, "ward"),
            *_named(_campus, "campus"),
            locations.c.as_sent,
            sa.func.count(_bed.c.id).label("beds"),
            sa.func.count(encounters.c.id).label("taken"),
        )
        .join(_campus, _campus.c.id == locations.c.campus_id)
        .outerjoin(_bed, sa.and_(_bed.c.ward_id == locations.c.id, _bed.c.kind == "bed"))
        .outerjoin(encounters, taken)
        .where(locations.c.kind == "ward")
        .group_by(locations.c.id, _campus.c.id)
        .order_by(_campus.c.code, locations.c.code)
    )
    if campus is not None:
        query = query.where(_campus.c.code == campus)
    return {"items": [_ward(row) for row in uow.session.execute(query).mappings()]}


def list_beds(uow: UnitOfWork, *, actor: Actor, now: datetime, ward_id: UUID) -> Row:
    """The beds of a ward with who lies in them, and those in the ward who have no bed yet. Raises NotFound."""
    query = sa.select(*_named(locations, "ward"), *_named(_campus, "campus"), locations.c.as_sent)
    query = query.join(_campus, _campus.c.id == locations.c.campus_id)
    ward = uow.session.execute(query.where(locations.c.id == ward_id, locations.c.kind == "ward")).mappings().first()
    if ward is None:
        raise NotFound
    lying = _lying_in(uow, ward_id)
    beds = (
        sa.select(_bed.c.id, _bed.c.code.label("label"), _room.c.code.label("room"))
        .outerjoin(_room, sa.and_(_room.c.id == _bed.c.part_of, _room.c.kind == "room"))
        .where(_bed.c.ward_id == ward_id, _bed.c.kind == "bed")
        .order_by(_bed.c.code, _room.c.code)
    )
    items = [{**row, "occupant": lying.get(row["id"])} for row in uow.session.execute(beds).mappings()]
    return {
        "ward": {
            **_ward(ward),
            "beds": len(items),
            "taken": sum(each["occupant"] is not None for each in items),
        },
        "items": items,
        "without_bed": [each for each in lying.values() if each["bed_id"] is None],
    }


def count_steps_by(uow: UnitOfWork, subject: str) -> int:
    """How many steps of stays a member of staff or a system has written down."""
    query = sa.select(sa.func.count()).select_from(encounter_steps).where(encounter_steps.c.recorded_by == subject)
    return uow.session.scalar(query) or 0


def seen_in_ward(result: Row) -> Iterable[UUID]:
    """Whose data the answer of `list_beds` holds."""
    lying = [each["occupant"] for each in result["items"]] + result["without_bed"]
    return [each["patient_id"] for each in lying if each is not None]


def list_encounters(uow: UnitOfWork, *, actor: Actor, now: datetime, patient_id: UUID) -> Row:
    """The stays and visits of a person, under any record they ever had, newest first.

    For staff, and for the patient. Raises NotFound, or NotYours (which looks the same).
    """
    if uow.session.scalar(sa.select(patients.c.id).where(patients.c.id == patient_id)) is None:
        raise NotFound
    check_may_see(uow, actor, patient_id, STAFF)
    began = sa.func.coalesce(encounters.c.started_at, encounters.c.ended_at)
    mine = encounters.c.patient_id.in_(_records_of(uow, patient_id))
    query = _stays().where(mine).order_by(began.desc(), encounters.c.id)
    rows = uow.session.execute(query).mappings().all()
    steps = _steps_of(uow, [row["id"] for row in rows])
    return {"patient_id": patient_id, "items": [{**_encounter(row), "steps": steps[row["id"]]} for row in rows]}


def get_encounter(uow: UnitOfWork, *, actor: Actor, now: datetime, encounter_id: UUID) -> Row:
    """One stay with its steps, and who lies there under the record in which the person goes on.

    For staff, and for the patient. Raises NotFound, or NotYours (which looks the same).
    """
    query = (
        _stays()
        .add_columns(*(_person.c[each].label(f"person_{each}") for each in _PERSON))
        .outerjoin(merges, merges.c.patient_id == encounters.c.patient_id)
        .join(_person, _person.c.id == sa.func.coalesce(merges.c.merged_into, encounters.c.patient_id))
    )
    row = uow.session.execute(query.where(encounters.c.id == encounter_id)).mappings().one_or_none()
    if row is None:
        raise NotFound
    check_may_see(uow, actor, row["person_id"], STAFF)
    patient = {each: row[f"person_{each}"] for each in _PERSON}
    steps = _steps_of(uow, [encounter_id])[encounter_id]
    return {**_encounter(row), "patient_id": patient["id"], "patient": patient, "steps": steps}


def _stays() -> sa.Select[Any]:
    own = [each for each in encounters.c if each is not encounters.c.ward_id]
    return (
        sa.select(*own, *_named(locations, "ward"), *_named(_campus, "campus"), _bed.c.code.label("label"))
        .outerjoin(locations, locations.c.id == encounters.c.ward_id)
        .outerjoin(_campus, _campus.c.id == locations.c.campus_id)
        .outerjoin(_bed, _bed.c.id == encounters.c.bed_id)
    )


def _encounter(row: Any) -> Row:
    bed = {"id": row["bed_id"], "label": row["label"]} if row["bed_id"] else None
    return {**row, "ward": _spot(row, "ward"), "campus": _spot(row, "campus"), "bed": bed}


def _steps_of(uow: UnitOfWork, ids: list[UUID]) -> dict[UUID, list[Row]]:
    query = sa.select(encounter_steps).where(encounter_steps.c.encounter_id.in_(ids)).order_by(encounter_steps.c.number)
    found: dict[UUID, list[Row]] = {id_: [] for id_ in ids}
    for row in uow.session.execute(query).mappings():
        found[row["encounter_id"]].append({**row, "cancelled": row["cancelled_at"] is not None})
    return found


def _lying_in(uow: UnitOfWork, ward_id: UUID) -> dict[UUID, Row]:
    """Who is in a ward, by bed; those without one by their stay."""
    query = (
        sa.select(
            encounters.c.id.label("encounter_id"),
            encounters.c.encounter_class,
            encounters.c.bed_id,
            encounters.c.started_at,
            encounters.c.version,
            sa.func.coalesce(merges.c.merged_into, encounters.c.patient_id).label("patient_id"),
            *(patients.c[each] for each in _PERSON[1:]),
        )
        .outerjoin(merges, merges.c.patient_id == encounters.c.patient_id)
        .join(patients, patients.c.id == sa.func.coalesce(merges.c.merged_into, encounters.c.patient_id))
        .where(encounters.c.ward_id == ward_id, _LIES)
        .order_by(encounters.c.started_at, encounters.c.id)
    )
    return {row["bed_id"] or row["encounter_id"]: dict(row) for row in uow.session.execute(query).mappings()}


def _records_of(uow: UnitOfWork, patient_id: UUID) -> list[UUID]:
    survivor = uow.session.scalar(sa.select(merges.c.merged_into).where(merges.c.patient_id == patient_id))
    goes_on = survivor or patient_id
    ended = uow.session.scalars(sa.select(merges.c.patient_id).where(merges.c.merged_into == goes_on))
    return [goes_on, *ended]


def _named(table: Any, prefix: str) -> list[Any]:
    return [table.c[each].label(f"{prefix}_{each}") for each in ("id", "code", "name_zh", "name_en")]


def _spot(row: Any, prefix: str) -> Row | None:
    if row[f"{prefix}_id"] is None:
        return None
    name = {"zh": row[f"{prefix}_name_zh"], "en": row[f"{prefix}_name_en"]}
    return {"id": row[f"{prefix}_id"], "code": row[f"{prefix}_code"], "name": name}


def _ward(row: Any) -> Row:
    return {**row, **(_spot(row, "ward") or {}), "campus": _spot(row, "campus")}
