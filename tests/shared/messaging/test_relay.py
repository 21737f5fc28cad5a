"""The relay: gapless numbers in the order of sending, and nothing lost when it, the broker or a unit of work fails."""

from __future__ import annotations

import contextlib
import json
import threading
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from shared.database import Database
from shared.messaging.broker import BrokerDown
from shared.messaging.relay import KEPT_FOR, begin_new_epoch, forget_sent_facts, relay_once, waiting_facts
from tests.shared.messaging import hospital
from tests.shared.messaging.lossy import Sent
from tests.support.clock import StandingClock

ADMITTED, MOVED = hospital.ADMITTED, hospital.MOVED


@pytest.fixture
def way() -> Any:
    return Sent()


def waiting(database: Database) -> int:
    with database.read() as uow:
        return waiting_facts(uow)


def test_each_type_is_numbered_from_one_without_gaps(ward: Database, way: Any, clock: StandingClock) -> None:
    hospital.admit(ward, clock(), 1, 2)
    hospital.admit(ward, clock(), 3, moved=True)
    hospital.admit(ward, clock(), 4)
    assert relay_once(ward, way, clock=clock) == 4
    hospital.admit(ward, clock(), 5)
    assert relay_once(ward, way, clock=clock) == 1
    assert way.numbers() == [(ADMITTED, [1, 2, 3]), (MOVED, [1]), (ADMITTED, [4])]
    assert waiting(ward) == 0


def test_a_unit_of_work_that_rolls_back_takes_no_number(ward: Database, way: Any, clock: StandingClock) -> None:
    hospital.admit(ward, clock(), 1)
    with contextlib.suppress(ZeroDivisionError), ward.write() as uow:
        uow.publish(hospital.PersonAdmitted(person_id=hospital.person(), bed=2), actor=hospital.DOCTOR, now=clock())
        raise ZeroDivisionError
    hospital.admit(ward, clock(), 3)
    relay_once(ward, way, clock=clock)
    assert way.numbers() == [(ADMITTED, [1, 2])]


def test_the_number_travels_as_text_that_sorts(ward: Database, way: Any, clock: StandingClock) -> None:
    hospital.admit(ward, clock(), 1)
    relay_once(ward, way, clock=clock)
    assert json.loads(way.queue[0])[0]["sequence"] == "0000000000000000001"


def test_a_message_holds_at_most_a_hundred_events_of_one_type(ward: Database, way: Any, clock: StandingClock) -> None:
    hospital.admit(ward, clock(), *[1] * 250)
    assert relay_once(ward, way, clock=clock) == 250
    assert [len(numbers) for _, numbers in way.numbers()] == [100, 100, 50]


def test_the_relay_takes_no_more_than_its_portion(ward: Database, way: Any, clock: StandingClock) -> None:
    hospital.admit(ward, clock(), 1, 2, 3)
    assert [relay_once(ward, way, clock=clock, limit=2) for _ in range(3)] == [2, 1, 0]
    assert way.numbers() == [(ADMITTED, [1, 2]), (ADMITTED, [3])]


def test_with_the_broker_away_nothing_is_numbered_and_nothing_lost(
    ward: Database, way: Any, clock: StandingClock
) -> None:
    hospital.admit(ward, clock(), 1)
    way.is_down = True
    with pytest.raises(BrokerDown):
        relay_once(ward, way, clock=clock)
    assert hospital.numbers(ward) == [None]
    assert waiting(ward) == 1
    way.is_down = False
    assert relay_once(ward, way, clock=clock) == 1


def test_what_was_confirmed_before_the_broker_went_is_not_sent_again(
    ward: Database, way: Any, clock: StandingClock
) -> None:
    hospital.admit(ward, clock(), 1)
    hospital.admit(ward, clock(), 2, moved=True)
    way.dies_after = 1
    with pytest.raises(BrokerDown):
        relay_once(ward, way, clock=clock)
    assert waiting(ward) == 1
    way.dies_after = None
    assert relay_once(ward, way, clock=clock) == 1  # at once, under the number it has
    assert way.numbers() == [(ADMITTED, [1]), (MOVED, [1])]


def test_what_a_killed_relay_had_in_hand_is_sent_again_under_its_number(
    ward: Database, way: Any, clock: StandingClock
) -> None:
    hospital.admit(ward, clock(), 1, 2)
    table = ward.toolbox.outbox
    relay_once(ward, way, clock=clock)
    with ward.write() as uow:  # as if it had died between sending and marking
        uow.session.execute(table.update().values(published_at=None))
    assert relay_once(ward, way, clock=clock) == 0  # perhaps it still lives
    clock.advance(seconds=5)
    assert relay_once(ward, way, clock=clock) == 2
    assert way.numbers() == [(ADMITTED, [1, 2]), (ADMITTED, [1, 2])]


def test_a_full_folder_makes_the_relay_wait(ward: Database, way: Any, clock: StandingClock) -> None:
    hospital.admit(ward, clock(), 1)
    way.is_full = True
    assert relay_once(ward, way, clock=clock) == 0
    assert hospital.numbers(ward) == [None]


def test_two_relays_at_once_give_every_number_once_and_send_every_fact_once(
    ward: Database, clock: StandingClock
) -> None:
    for _ in range(20):
        hospital.admit(ward, clock(), 1, 2, 3)
    ways: list[Any] = [Sent(), Sent()]
    start = threading.Barrier(2)

    def relay(way: Any) -> None:
        start.wait()
        while relay_once(ward, way, clock=clock, limit=4):
            pass

    threads = [threading.Thread(target=relay, args=[way]) for way in ways]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    relay_once(ward, ways[0], clock=clock)  # a relay that found all rows locked has ended early
    sent = [number for way in ways for _, numbers in way.numbers() for number in numbers]
    assert sorted(sent) == list(range(1, 61))
    assert sorted(number or 0 for number in hospital.numbers(ward)) == list(range(1, 61))
    assert waiting(ward) == 0


def test_facts_are_kept_thirty_days_after_they_were_sent(ward: Database, way: Any, clock: StandingClock) -> None:
    hospital.admit(ward, clock(), 1)
    relay_once(ward, way, clock=clock)
    clock.advance(days=1)
    hospital.admit(ward, clock(), 2)
    relay_once(ward, way, clock=clock)
    hospital.admit(ward, clock(), 3)  # not sent: never forgotten
    sent_first = clock.now - timedelta(days=1)
    with ward.write() as uow:
        assert forget_sent_facts(uow, now=sent_first + KEPT_FOR, limit=100) == 0
        assert forget_sent_facts(uow, now=sent_first + KEPT_FOR + timedelta(seconds=1), limit=100) == 1
    assert hospital.numbers(ward) == [2, None]
    with ward.write() as uow:
        assert forget_sent_facts(uow, now=clock.now + timedelta(days=400), limit=100) == 1
    assert hospital.numbers(ward) == [None]


def test_after_a_restore_all_numbers_jump_ahead(ward: Database, way: Any, clock: StandingClock) -> None:
    hospital.admit(ward, clock(), 1)
    hospital.admit(ward, clock(), 1, moved=True)
    relay_once(ward, way, clock=clock)
    with ward.write() as uow:
        begin_new_epoch(uow)
    hospital.admit(ward, clock(), 2)
    relay_once(ward, way, clock=clock)
    assert way.numbers()[-1] == (ADMITTED, [1_000_000_002])
    with ward.read() as uow:
        table = ward.toolbox.sequences
        rows = [tuple(row) for row in uow.session.execute(sa.select(table.c.first, table.c.last).order_by("type"))]
    assert rows == [(1_000_000_002, 1_000_000_002), (1_000_000_002, 1_000_000_001)]
