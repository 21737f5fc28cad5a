"""The pump: facts go from outbox to inbox and have their effect, all in one thread."""

from __future__ import annotations

import sqlalchemy as sa

from shared.database import Database
from shared.messaging.pump import Pump
from tests.shared.messaging import hospital
from tests.support.clock import StandingClock


def test_a_fact_of_the_ward_lays_a_tray_in_the_kitchen(
    pump: Pump, ward: Database, kitchen: Database, clock: StandingClock
) -> None:
    people = hospital.admit(ward, clock(), 1, 2)
    pump.run_until_quiet()
    assert hospital.laid(kitchen) == people
    assert hospital.numbers(ward) == [1, 2]
    assert hospital.inbox(kitchen) == [(hospital.ADMITTED, 1, "done", None, 0), (hospital.ADMITTED, 2, "done", None, 0)]


def test_the_tap_that_began_it_can_be_followed_into_the_kitchen(
    pump: Pump, ward: Database, kitchen: Database, clock: StandingClock
) -> None:
    hospital.admit(ward, clock(), 1)
    pump.run_until_quiet()
    with kitchen.read() as uow:
        tray = uow.session.execute(sa.select(hospital.trays.c.actor, hospital.trays.c.request_id)).one()
        fact = uow.session.execute(sa.select(kitchen.toolbox.outbox.c.envelope)).scalar_one()
    assert tuple(tray) == ("system:kitchen", "tap-on-a-phone")
    assert (fact["type"], fact["actor"], fact["correlationid"]) == (hospital.LAID, "system:kitchen", "tap-on-a-phone")


def test_facts_wait_while_the_queue_stands_still_and_then_all_arrive(
    pump: Pump, ward: Database, kitchen: Database, clock: StandingClock
) -> None:
    with pump.standing_queue():
        people = hospital.admit(ward, clock(), 1, 2, 3)
        assert pump.run_until_quiet() == 0
        assert hospital.laid(kitchen) == []
    pump.run_until_quiet()
    assert hospital.laid(kitchen) == people


def test_a_broker_that_lost_everything_is_healed_by_the_next_heartbeat(
    pump: Pump, ward: Database, kitchen: Database, clock: StandingClock
) -> None:
    people = hospital.admit(ward, clock(), 1, 2, 3)
    assert pump.relay() == 3
    assert pump.lose_what_travels() == 1
    pump.run_until_quiet()
    assert hospital.laid(kitchen) == []
    pump.beat()
    pump.run_until_quiet()
    assert hospital.laid(kitchen) == people
