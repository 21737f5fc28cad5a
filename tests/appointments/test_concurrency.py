"""Many at once, with real threads and real commits, on both databases."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Sequence
from typing import Any

import pytest
import sqlalchemy as sa

from services.appointments import usecases
from services.appointments.domain import Appointment, Session
from services.appointments.schemas import AppointmentSchema
from services.appointments.store.tables import slots
from services.appointments.timers import TIMERS
from shared.actor import Actor
from shared.database import Database
from shared.door import Call, Door, GroupCommit, many, one
from shared.idempotency import Answer, Claim, fingerprint
from shared.service import Service
from tests.appointments.hospital import Hospital
from tests.support.callers import FRONT_DESK

EXPIRE = next(each for each in TIMERS if each.name == "expire holds")
MAKE_SLOTS = next(each for each in TIMERS if each.name == "make slots")


def at_once(*tasks: Callable[[], Any]) -> list[Any]:
    """Run each task in a thread of its own, all released at the same moment; a result or an exception for each."""
    barrier = threading.Barrier(len(tasks))
    results: list[Any] = [None] * len(tasks)

    def work(nth: int) -> None:
        barrier.wait()
        try:
            results[nth] = tasks[nth]()
        except Exception as error:  # noqa: BLE001 (the test looks at it)
            results[nth] = error

    threads = [threading.Thread(target=work, args=(nth,)) for nth in range(len(tasks))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


class Desk:
    """A front desk of its own: each has a door and a group commit, like a process of its own."""

    def __init__(self, hospital: Hospital, database: Database | None = None) -> None:
        self.hospital = hospital
        self.door = Door(database or hospital.database, hospital.clock)
        self.together = GroupCommit(self.door, many(usecases.hold_places, usecases.HoldRequest))

    def hold(self, slot_id: uuid.UUID, patient_id: uuid.UUID, key: str | None = None) -> Answer:
        return self.together.run(self.call("hold", key, slot_id=slot_id, patient_id=patient_id))

    def cancel(self, appointment_id: uuid.UUID, key: str | None = None) -> Answer:
        call = self.call("cancel", key, appointment_id=appointment_id)
        return self.door.run_all(one(usecases.cancel_appointment), [call])[0]

    @staticmethod
    def call(operation: str, key: str | None, **arguments: Any) -> Call:
        claim = Claim(FRONT_DESK.subject, key or uuid.uuid4().hex, fingerprint(operation, arguments))
        actor: Actor = FRONT_DESK
        return Call(actor=actor, arguments=arguments, claim=claim, render=AppointmentSchema().dump, status=201)


@pytest.fixture
def desks(hospital: Hospital, service: Service) -> Sequence[Desk]:
    """Two desks on the same database, as two processes would be."""
    other = Database(hospital.database.url.render_as_string(hide_password=False), service.toolbox)
    yield (Desk(hospital), Desk(hospital, other))
    other.close()


def test_the_last_places_are_sold_once_to_twenty_who_want_them(hospital: Hospital, desks: Sequence[Desk]) -> None:
    slot_id = hospital.slot(places=24)  # three in each half hour
    people = [hospital.patient() for _ in range(20)]

    answers = at_once(*(lambda nth=nth, who=who: desks[nth % 2].hold(slot_id, who) for nth, who in enumerate(people)))

    assert sorted(each.status for each in answers) == [201] * 3 + [409] * 17
    assert (hospital.taken(slot_id), hospital.count(state="pending"), len(hospital.facts())) == (3, 3, 3)


def test_one_person_at_twenty_counters_gets_one_place(hospital: Hospital, desks: Sequence[Desk]) -> None:
    places, who = hospital.slots(places=160), hospital.patient()

    answers = at_once(*(lambda nth=nth: desks[nth % 2].hold(places[nth % 8], who) for nth in range(20)))

    assert sorted(each.status for each in answers) == [201] + [409] * 19
    assert sum(hospital.taken(each) for each in places) == hospital.count() == len(hospital.facts()) == 1


def test_one_person_does_not_get_past_the_limit_by_asking_everywhere_at_once(
    hospital: Hospital, desks: Sequence[Desk]
) -> None:
    hospital.set_rules(open_limit=2)
    places = [hospital.slot(days=days, session=session) for days in (1, 2, 3) for session in list(Session)[:2]]
    who = hospital.patient()

    answers = at_once(*(lambda nth=nth: desks[nth % 2].hold(places[nth], who) for nth in range(6)))

    assert sorted(each.status for each in answers) == [201] * 2 + [422] * 4
    assert hospital.count() == sum(hospital.taken(each) for each in places) == 2


def test_the_same_request_sent_many_times_at_once_holds_one_place(hospital: Hospital, desks: Sequence[Desk]) -> None:
    slot_id, who, key = hospital.slot(places=160), hospital.patient(), uuid.uuid4().hex

    answers = at_once(*(lambda nth=nth: desks[nth % 2].hold(slot_id, who, key) for nth in range(10)))

    assert {each.status for each in answers} == {201}
    assert len({each.body for each in answers}) == 1
    assert (hospital.taken(slot_id), hospital.count(), hospital.facts()) == (1, 1, ["held"])


def test_a_place_given_back_by_many_taps_comes_back_once(hospital: Hospital, desks: Sequence[Desk]) -> None:
    slot_id = hospital.slot(places=16)
    hospital.hold(slot_id, hospital.patient())
    held = hospital.hold(slot_id, hospital.patient())

    answers = at_once(*(lambda nth=nth: desks[nth % 2].cancel(held.id) for nth in range(8)))

    assert sorted(each.status for each in answers) == [201] + [409] * 7
    assert hospital.taken(slot_id) == 1
    assert hospital.facts() == ["held", "held", "cancelled"]


def test_who_paid_is_booked_even_if_the_time_runs_out_at_the_same_moment(
    hospital: Hospital, desks: Sequence[Desk]
) -> None:
    places, held = eight_to_pay(hospital)
    hospital.clock.advance(minutes=15)
    other = desks[1].door.database

    results = at_once(
        lambda: EXPIRE.fire(hospital.database, hospital.clock),
        lambda: EXPIRE.fire(other, hospital.clock),
        *(lambda each=each: hospital.about_invoice("paid", each.id) for each in held),
    )

    assert [each for each in results if isinstance(each, Exception)] == []
    assert (hospital.count(state="booked"), sum(hospital.taken(each) for each in places)) == (8, 8)
    told = hospital.facts()[16:]
    assert (told.count("booked"), told.count("cancelled"), told.count("lapsed")) == (8, 0, results[0] + results[1])


def test_what_billing_decides_is_done_once_however_often_and_wherever_it_is_heard(
    hospital: Hospital, desks: Sequence[Desk]
) -> None:
    places, held = eight_to_pay(hospital)
    hospital.clock.advance(minutes=15)
    twin = replace_database(hospital, desks[1].door.database)
    handled = at_once(*(lambda desk=desk: EXPIRE.fire(desk.door.database, hospital.clock) for desk in [*desks, *desks]))
    assert (sum(handled), hospital.facts()[16:]) == (8, ["lapsed"] * 8)
    assert sum(hospital.taken(each) for each in places) == 8

    results = at_once(
        *(
            lambda nth=nth, each=each, at=at: at.about_invoice(("paid", "cancelled")[nth % 2], each.id)
            for nth, each in enumerate(held)
            for at in (hospital, twin)
        )
    )

    assert [each for each in results if isinstance(each, Exception)] == []
    assert (hospital.count(state="booked"), hospital.count(cancel_reason="expired")) == (4, 4)
    assert [hospital.taken(each) for each in places] == [1, 0] * 4
    assert sorted(hospital.facts()[24:]) == ["booked"] * 4 + ["cancelled"] * 4


def test_cancelling_and_paying_at_the_same_moment_never_keep_the_place_twice(
    hospital: Hospital, desks: Sequence[Desk]
) -> None:
    places = hospital.slots(places=8)[:6]
    held = [hospital.hold(each, hospital.patient()) for each in places]
    tasks: list[Callable[[], Any]] = []
    for each in held:
        tasks += [lambda each=each: hospital.about_invoice("paid", each.id), lambda each=each: desks[1].cancel(each.id)]

    results = at_once(*tasks)

    assert [each for each in results if isinstance(each, Exception)] == []
    # Paid first and then cancelled, or cancelled first and then paid in vain: the patient's wish stands either way.
    assert hospital.count(cancel_reason="by_patient") == 6
    assert [hospital.taken(each) for each in places] == [0] * 6
    assert hospital.facts().count("cancelled") == 6


def test_two_clocks_at_once_let_each_place_go_once(hospital: Hospital, desks: Sequence[Desk]) -> None:
    places = hospital.slots(places=16)
    for each in places:
        hospital.hold(each, hospital.patient())
    hospital.clock.advance(hours=2)

    handled = at_once(*(lambda desk=desk: EXPIRE.fire(desk.door.database, hospital.clock) for desk in [*desks, *desks]))

    assert sum(handled) == 8
    assert sum(hospital.taken(each) for each in places) == 0
    assert hospital.facts().count("cancelled") == hospital.count(state="cancelled") == 8


def test_two_clocks_at_once_make_each_slot_once(hospital: Hospital, desks: Sequence[Desk]) -> None:
    for days in range(1, 6):
        hospital.plan(days=days)

    handled = at_once(
        *(lambda desk=desk: MAKE_SLOTS.fire(desk.door.database, hospital.clock) for desk in [*desks, *desks])
    )

    assert sum(handled) == 5
    with hospital.database.read() as uow:
        assert uow.session.scalar(sa.select(sa.func.count()).select_from(slots)) == 40


def test_nobody_slips_into_a_session_while_it_is_suspended(hospital: Hospital, desks: Sequence[Desk]) -> None:
    places = hospital.slots(places=160)
    schedule_id = hospital.hold(places[0], hospital.patient()).schedule_id
    people = [hospital.patient() for _ in range(12)]
    cancel = next(each for each in TIMERS if each.name == "cancel suspended")

    answers = at_once(
        lambda: hospital.run(usecases.suspend_schedule, actor=FRONT_DESK, schedule_id=schedule_id),
        *(lambda nth=nth, who=who: desks[nth % 2].hold(places[nth % 8], who) for nth, who in enumerate(people)),
    )
    cancel.fire(hospital.database, hospital.clock)

    assert answers[0].state == "suspended"
    slipped_in_before = sum(each.status == 201 for each in answers[1:])
    assert hospital.count(cancel_reason="by_hospital") == 1 + slipped_in_before
    assert sum(hospital.taken(each) for each in places) == 0


def test_payments_at_the_same_moment_get_numbers_without_gap_or_repeat(
    hospital: Hospital, desks: Sequence[Desk]
) -> None:
    places = hospital.slots(places=8)
    held = [hospital.hold(each, hospital.patient()) for each in places]
    twin = replace_database(hospital, desks[1].door.database)

    at_once(
        *(
            lambda nth=nth, each=each: (hospital, twin)[nth % 2].about_invoice("paid", each.id)
            for nth, each in enumerate(held)
        )
    )

    assert sorted(hospital.appointment(each.id).number or 0 for each in held) == list(range(1, 9))


def eight_to_pay(hospital: Hospital) -> tuple[list[uuid.UUID], list[Appointment]]:
    """Eight places of a session, each held by somebody who has the bill."""
    places = hospital.slots(places=8)
    held = [hospital.hold(each, hospital.patient()) for each in places]
    for each in held:
        hospital.about_invoice("issued", each.id)
    return places, held


def replace_database(hospital: Hospital, database: Database) -> Hospital:
    """The same hospital through another process's connections."""
    twin = object.__new__(Hospital)
    twin.__dict__ = {**hospital.__dict__, "database": database}
    return twin
