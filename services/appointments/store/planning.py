"""What the hospital offers and who its patients are: finders and writers in few statements for however many rows."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa

from services.appointments.domain import (
    Campus,
    Department,
    NumberType,
    Practitioner,
    Schedule,
    Session,
    windows,
)
from services.appointments.store.tables import (
    HAS_NO_SLOTS,
    booking_rules,
    campuses,
    departments,
    patients,
    practitioners,
    schedules,
    slots,
)
from shared.database import UnitOfWork


def spoken(name: str) -> dict[str, str]:
    """How people type a Chinese name on a phone: whole pinyin and initials, in small letters without spaces."""
    import pypinyin  # noqa: PLC0415 (a large dictionary that only writers of names need)

    syllables = ("".join(filter(str.isalnum, each)).lower() for each in pypinyin.lazy_pinyin(name))
    sounds = [each for each in syllables if each]
    return {"pinyin": "".join(sounds), "initials": "".join(each[0] for each in sounds)}


def add_campuses(uow: UnitOfWork, new: Iterable[Campus]) -> list[UUID]:
    """Write down campuses; gives the ids of those whose code was free."""
    rows = [{"id": each.id, "code": each.code, "name_zh": each.name.zh, "name_en": each.name.en} for each in new]
    return [row.id for row in uow.insert_once(campuses, rows, returning=[campuses.c.id])]


def add_departments(uow: UnitOfWork, new: Iterable[Department]) -> list[UUID]:
    """Write down departments; gives the ids of those whose code was free."""
    rows = [
        {
            "id": each.id,
            "code": each.code,
            "campus_id": each.campus_id,
            "name_zh": each.name.zh,
            "name_en": each.name.en,
            "location_zh": each.location.zh,
            "location_en": each.location.en,
            "min_age": each.audience.min_age,
            "max_age": each.audience.max_age,
            "sex": each.audience.sex,
            **spoken(each.name.zh),
        }
        for each in new
    ]
    return [row.id for row in uow.insert_once(departments, rows, returning=[departments.c.id])]


def add_practitioners(uow: UnitOfWork, new: Iterable[Practitioner]) -> list[UUID]:
    """Write down practitioners; gives the ids of those who were not there."""
    rows = [
        {
            "id": each.id,
            "department_id": each.department_id,
            "title": each.title.value,
            "name_zh": each.name.zh,
            "name_en": each.name.en,
            "speciality_zh": each.speciality.zh if each.speciality else None,
            "speciality_en": each.speciality.en if each.speciality else None,
            **spoken(each.name.zh),
        }
        for each in new
    ]
    return [row.id for row in uow.insert_once(practitioners, rows, returning=[practitioners.c.id])]


_PLAIN = (
    "id",
    "practitioner_id",
    "department_id",
    "date",
    "fee_fen",
    "places",
    "starts_at",
    "ends_at",
    "state",
    "version",
)


def add_schedules(uow: UnitOfWork, new: Iterable[Schedule]) -> set[UUID]:
    """Write down schedules; gives the ids of those whose practitioner had no such session on that day."""
    rows = [
        {name: getattr(each, name) for name in _PLAIN}
        | {
            "session": each.session.value,
            "number_type": each.number_type.value,
            "slots_made": False,
            "last_number": 0,
        }
        for each in new
    ]
    return {row.id for row in uow.insert_once(schedules, rows, returning=[schedules.c.id])}


def _schedule(row: Any) -> Schedule:
    values = {name: getattr(row, name) for name in _PLAIN}
    return Schedule(session=Session(row.session), number_type=NumberType(row.number_type), **values)


def lock_schedule(uow: UnitOfWork, schedule_id: UUID) -> Schedule | None:
    """One schedule under lock."""
    query = sa.select(schedules).where(schedules.c.id == schedule_id).with_for_update(key_share=True)
    row = uow.session.execute(query).first()
    return _schedule(row) if row else None


def suspend(uow: UnitOfWork, schedule: Schedule) -> None:
    """Close a locked schedule and, in id order, its slots: whoever is holding a place right now finishes first."""
    uow.session.execute(
        schedules.update()
        .where(schedules.c.id == schedule.id)
        .values(state="suspended", slots_made=True, version=schedules.c.version + 1)
    )
    of_it = slots.c.schedule_id == schedule.id
    uow.session.execute(sa.select(slots.c.id).where(of_it).order_by(slots.c.id).with_for_update(key_share=True)).all()
    uow.session.execute(slots.update().where(of_it).values(suspended=True))


def lock_schedules_without_slots(uow: UnitOfWork, *, first: date, last: date, limit: int) -> list[Schedule]:
    """Schedules of these days whose slots are not made; those that somebody else is working on are passed over."""
    query = (
        sa.select(schedules)
        .where(HAS_NO_SLOTS, schedules.c.date.between(first, last))
        .order_by(schedules.c.date, schedules.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True, key_share=True)
    )
    return [_schedule(row) for row in uow.session.execute(query)]


def make_slots(uow: UnitOfWork, of: Collection[Schedule]) -> None:
    """Write the slots of locked schedules. A slot exists once for each schedule and time: the database sees to it."""
    if not of:
        return
    rows = [
        {
            "id": uuid4(),
            "schedule_id": each.id,
            "practitioner_id": each.practitioner_id,
            "department_id": each.department_id,
            "date": each.date,
            "starts_at": window.starts_at,
            "ends_at": window.ends_at,
            "capacity": window.capacity,
            "taken": 0,
            "suspended": False,
        }
        for each in of
        for window in windows(each)
    ]
    uow.insert(slots, rows)
    uow.session.execute(schedules.update().where(schedules.c.id.in_([each.id for each in of])).values(slots_made=True))


def campus_ids(uow: UnitOfWork) -> dict[str, UUID]:
    """The campuses by their code."""
    return {row.code: row.id for row in uow.session.execute(sa.select(campuses.c.code, campuses.c.id))}


def has_department(uow: UnitOfWork, department_id: UUID) -> bool:
    """Whether there is such a department."""
    return uow.session.scalar(sa.select(departments.c.id).where(departments.c.id == department_id)) is not None


def department_of(uow: UnitOfWork, practitioner_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """The department of each practitioner that exists."""
    query = sa.select(practitioners.c.id, practitioners.c.department_id).where(practitioners.c.id.in_(practitioner_ids))
    return {row.id: row.department_id for row in uow.session.execute(query)}


def add_rules(uow: UnitOfWork, *, effective_from: datetime, values: dict[str, Any], set_by: str) -> bool:
    """Write booking rules that begin at an instant; False when there are rules that begin then."""
    row = {"effective_from": effective_from, "rules": values, "set_by": set_by}
    return bool(uow.insert_once(booking_rules, [row], returning=[booking_rules.c.effective_from]))


def add_patient(uow: UnitOfWork, *, patient_id: UUID, sex: str | None, birth_on: date | None, verified: bool) -> bool:
    """Keep what is known of a patient; False when the patient is known already."""
    row = {"id": patient_id, "sex": sex, "birth_on": birth_on, "verified": verified, "merged_into": None}
    return bool(uow.insert_once(patients, [row], returning=[patients.c.id]))


def verify_patient(uow: UnitOfWork, *, patient_id: UUID, sex: str | None, birth_on: date | None) -> None:
    """The papers of a known patient were checked; sex and birthday are now as they say."""
    values = {"sex": sex, "birth_on": birth_on, "verified": True}
    uow.session.execute(patients.update().where(patients.c.id == patient_id).values(values))


def known_patients(uow: UnitOfWork, patient_ids: Collection[UUID]) -> set[UUID]:
    """Which of these patients are known here."""
    return set(uow.session.scalars(sa.select(patients.c.id).where(patients.c.id.in_(patient_ids))))


def merge_patient(uow: UnitOfWork, *, patient_id: UUID, merged_into: UUID) -> None:
    """From now on one patient id stands for another; nothing is rewritten, every reader follows it."""
    uow.session.execute(patients.update().where(patients.c.id == patient_id).values(merged_into=merged_into))
