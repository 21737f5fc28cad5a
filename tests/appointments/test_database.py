"""Behind every lock stands the database itself: what a forgotten lock would let through is refused here."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.exc import IntegrityError

from services.appointments import domain, store
from services.appointments.store.tables import appointments, schedules, slots
from shared.database import append_only_tables
from tests.appointments.hospital import Hospital


def test_the_migrations_make_what_the_code_describes(hospital: Hospital) -> None:
    with hospital.database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, store.metadata) == []
        assert append_only_tables(connection) == {"access_log"}


def copy_of(hospital: Hospital, appointment_id: uuid.UUID, **changes: Any) -> dict[str, Any]:
    """The row of an appointment under a new id, changed."""
    with hospital.database.read() as uow:
        row = uow.session.execute(sa.select(appointments).where(appointments.c.id == appointment_id)).mappings().one()
    return {**row, "id": uuid.uuid4(), **changes}


def insert(hospital: Hospital, row: dict[str, Any]) -> None:
    with hospital.database.write() as uow:
        uow.insert(appointments, [row])


def test_one_person_twice_in_a_slot_is_refused(hospital: Hospital) -> None:
    held = hospital.hold(hospital.slot(), hospital.patient())
    with pytest.raises(IntegrityError):
        insert(hospital, copy_of(hospital, held.id, schedule_id=uuid.uuid4(), nth_open=2))
    assert hospital.count() == 1


def test_one_person_twice_in_a_session_is_refused(hospital: Hospital) -> None:
    first, second = hospital.slots()[:2]
    held = hospital.hold(first, hospital.patient())
    with pytest.raises(IntegrityError):
        insert(hospital, copy_of(hospital, held.id, slot_id=second, nth_open=2))
    assert hospital.count() == 1


def test_two_holds_of_one_person_that_did_not_see_each_other_are_refused(hospital: Hospital) -> None:
    held = hospital.hold(hospital.slot(), hospital.patient())
    elsewhere = hospital.slot(days=2)
    with pytest.raises(IntegrityError):
        insert(hospital, copy_of(hospital, held.id, slot_id=elsewhere, schedule_id=uuid.uuid4()))
    assert hospital.count() == 1


def test_a_cancelled_place_stands_in_nobodys_way(hospital: Hospital) -> None:
    held = hospital.hold(hospital.slot(), hospital.patient())
    insert(hospital, copy_of(hospital, held.id, state="cancelled", cancel_reason="by_patient"))
    assert hospital.count() == 2


@pytest.mark.parametrize("taken", [9, -1])
def test_a_slot_above_its_capacity_or_below_nothing_is_refused(hospital: Hospital, taken: int) -> None:
    slot_id = hospital.slot(places=64)
    with pytest.raises(IntegrityError), hospital.database.write() as uow:
        uow.session.execute(slots.update().where(slots.c.id == slot_id).values(taken=taken))
    assert hospital.taken(slot_id) == 0


def test_one_number_twice_in_a_session_is_refused(hospital: Hospital) -> None:
    booked = hospital.booked(hospital.slot(), hospital.patient())
    with pytest.raises(IntegrityError):
        insert(hospital, copy_of(hospital, booked.id, person_id=uuid.uuid4()))
    assert hospital.count() == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"state": "booked", "number": None},
        {"state": "cancelled", "cancel_reason": None},
        {"cancel_reason": "by_patient"},
        {"state": "arrived"},
    ],
)
def test_a_state_that_cannot_be_is_refused(hospital: Hospital, changes: dict[str, Any]) -> None:
    held = hospital.hold(hospital.slot(), hospital.patient())
    with pytest.raises(IntegrityError):
        insert(hospital, copy_of(hospital, held.id, person_id=uuid.uuid4(), **changes))
    assert hospital.count() == 1


def test_a_slot_and_a_session_exist_once(hospital: Hospital) -> None:
    slot_id = hospital.slot()
    for table, changes in ((slots, {}), (schedules, {})):
        with hospital.database.read() as uow:
            row = uow.session.execute(sa.select(table).limit(1)).mappings().one()
        with pytest.raises(IntegrityError), hospital.database.write() as uow:
            uow.insert(table, [{**row, "id": uuid.uuid4(), **changes}])
    assert hospital.taken(slot_id) == 0


def test_an_appointment_changed_by_somebody_else_meanwhile_is_not_overwritten(hospital: Hospital) -> None:
    held = hospital.hold(hospital.slot(), hospital.patient())
    hospital.about_invoice("issued", held.id)
    changed, _ = domain.cancel(held, at_the_desk=True, now=hospital.clock())
    before = hospital.everything()
    with pytest.raises(store.Stale), hospital.database.write() as uow:
        store.change_appointments(uow, [changed])
    assert hospital.everything() == before


def test_holding_takes_the_same_few_statements_for_one_and_for_many(hospital: Hospital) -> None:
    slot_id, people = hospital.slot(places=200), [hospital.patient() for _ in range(16)]
    counts = []
    for crowd in (people[:1], people[1:]):
        statements: list[str] = []

        def note(_c: Any, _cursor: Any, statement: str, *_: Any, into: list[str] = statements) -> None:
            into.append(statement)

        sa.event.listen(hospital.database.engine, "before_cursor_execute", note)
        for_all = [hospital.request(slot_id, who) for who in crowd]
        hospital.hold_all(*for_all)
        sa.event.remove(hospital.database.engine, "before_cursor_execute", note)
        counts.append(len([each for each in statements if not each.startswith("BEGIN")]))
    assert counts == [7, 7]


@pytest.mark.parametrize(
    ("index", "sql"),
    [
        ("appointments_nth_open", "person_id = '{id}' AND appointments.state IN ('pending', 'booked')"),
        ("appointments_one_a_session", "schedule_id = '{id}' AND appointments.state IN ('pending', 'booked')"),
        (
            "appointments_due",
            "appointments.state = 'pending' AND appointments.lapsed_at IS NULL AND held_until <= '2026-11-23 01:00:00'",
        ),
    ],
)
def test_what_the_clock_and_the_crowd_look_for_is_found_by_an_index(hospital: Hospital, index: str, sql: str) -> None:
    query = f"SELECT id FROM appointments WHERE {sql.format(id=uuid.uuid4().hex)}"
    with hospital.database.read() as uow:
        connection = uow.session.connection()
        if uow.dialect == "postgresql":
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
            plan = connection.exec_driver_sql(f"EXPLAIN {query}").all()
        else:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}").all()
    assert index in str(plan)
