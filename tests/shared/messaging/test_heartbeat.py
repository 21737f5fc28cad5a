"""Heartbeats: what was lost is found, asked for, and sent again to the one who misses it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from shared.database import Database
from shared.messaging import heartbeat
from shared.messaging.batches import to_bytes
from shared.messaging.heartbeat import Wanted
from shared.messaging.inbox import Outcome, receive
from shared.messaging.pump import Pump
from shared.messaging.relay import KEPT_FOR, begin_new_epoch, forget_sent_facts, relay_once
from tests.shared.messaging import hospital
from tests.shared.messaging.hospital import ADMITTED, BROKEN_BED, KITCHEN, MOVED, WARD, message
from tests.shared.messaging.lossy import Sent
from tests.support.clock import StandingClock


@pytest.fixture
def backend() -> str:
    """Nothing here depends on how rows are locked."""
    return "sqlite"


def beat(numbers: dict[str, Any], source: str = "/ward") -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "id": "7d5c9f0e-0000-4000-8000-000000000001",
        "source": source,
        "type": "anxin.heartbeat.v1",
        "time": "2026-11-23T01:00:00Z",
        "data": {"numbers": numbers},
    }


def hear(kitchen: Database, clock: StandingClock, **numbers: Any) -> Outcome:
    named = {
        {"admitted": ADMITTED, "moved": MOVED, "laid": hospital.LAID}[name]: each for name, each in numbers.items()
    }
    return receive(KITCHEN, kitchen, to_bytes([beat(named)]), clock=clock)


def asked(outcome: Outcome) -> Any:
    [letter] = outcome.letters
    assert letter.to == "ward"
    assert letter.envelope["data"]["consumer"] == "kitchen"
    return letter.envelope["data"]["wanted"]


def take(kitchen: Database, clock: StandingClock, *sequences: int) -> None:
    for sequence in sequences:
        receive(KITCHEN, kitchen, to_bytes(message(1, first=sequence)), clock=clock)


def floors(kitchen: Database) -> dict[str, int]:
    table = kitchen.toolbox.inbox_floors
    with kitchen.read() as uow:
        return {row.type: row.floor for row in uow.session.execute(sa.select(table))}


def statement(ward: Database, clock: StandingClock) -> Any:
    with ward.read() as uow:
        return heartbeat.heartbeat(uow, "ward", now=clock())["data"]["numbers"]


# ------------------------------------------------------------------------------------------------------ the producer


def test_a_producer_tells_the_first_number_it_keeps_and_the_last_it_sent(ward: Database, clock: StandingClock) -> None:
    way: Any = Sent()
    assert statement(ward, clock) == {}
    hospital.admit(ward, clock(), 1, 2, 3)
    relay_once(ward, way, clock=clock, limit=2)
    assert statement(ward, clock) == {ADMITTED: [1, 2]}
    relay_once(ward, way, clock=clock)
    assert statement(ward, clock) == {ADMITTED: [1, 3]}
    with ward.write() as uow:
        forget_sent_facts(uow, now=clock() + KEPT_FOR + timedelta(seconds=1), limit=2)
    assert statement(ward, clock) == {ADMITTED: [3, 3]}
    with ward.write() as uow:
        forget_sent_facts(uow, now=clock() + KEPT_FOR + timedelta(seconds=1), limit=2)
    assert statement(ward, clock) == {ADMITTED: [4, 3]}


def test_a_number_that_was_given_but_not_sent_is_not_told(ward: Database, clock: StandingClock) -> None:
    way: Any = Sent()
    hospital.admit(ward, clock(), 1, 2)
    relay_once(ward, way, clock=clock)
    table = ward.toolbox.outbox
    with ward.write() as uow:
        uow.session.execute(table.update().where(table.c.sequence == 2).values(published_at=None))
    assert statement(ward, clock) == {ADMITTED: [1, 1]}


def test_a_wish_is_answered_in_pages_of_five_hundred(ward: Database, clock: StandingClock) -> None:
    way: Any = Sent()
    hospital.admit(ward, clock(), *[1] * 1002)
    while relay_once(ward, way, clock=clock):
        pass
    wish: Wanted | None = Wanted("kitchen", ADMITTED, 2, 1001)
    pages = []
    while wish is not None:
        with ward.read() as uow:
            facts, wish = heartbeat.page(uow, wish)
        pages.append([int(each["sequence"]) for each in facts])
    assert pages == [list(range(2, 502)), list(range(502, 1002))]


# ------------------------------------------------------------------------------------------------------ the consumer


def test_nothing_is_asked_for_when_nothing_is_missing(kitchen: Database, clock: StandingClock) -> None:
    take(kitchen, clock, 1, 2)
    assert hear(kitchen, clock, admitted=[1, 2]) == Outcome(done=1)
    assert floors(kitchen) == {ADMITTED: 2}
    assert hospital.inbox(kitchen) == []


def test_exactly_the_missing_numbers_are_asked_for(kitchen: Database, clock: StandingClock) -> None:
    take(kitchen, clock, 2, 3, 6, 9)
    outcome = hear(kitchen, clock, admitted=[1, 10], moved=[1, 2], laid=[1, 5])
    assert asked(outcome) == [[ADMITTED, 1, 1], [ADMITTED, 4, 5], [ADMITTED, 7, 8], [ADMITTED, 10, 10], [MOVED, 1, 2]]
    assert floors(kitchen) == {ADMITTED: 0, MOVED: 0}


def test_a_late_heartbeat_asks_for_nothing_it_does_not_know(kitchen: Database, clock: StandingClock) -> None:
    take(kitchen, clock, 1, 3, 4)
    assert asked(hear(kitchen, clock, admitted=[1, 2])) == [[ADMITTED, 2, 2]]


def test_failed_facts_count_as_received_and_stay_when_the_others_are_cleared_away(
    kitchen: Database, clock: StandingClock
) -> None:
    receive(KITCHEN, kitchen, to_bytes(message(1, BROKEN_BED, 1)), clock=clock)
    assert hear(kitchen, clock, admitted=[1, 3]).letters == []
    assert floors(kitchen) == {ADMITTED: 3}
    assert hospital.inbox(kitchen) == [(ADMITTED, 2, "failed", "ZeroDivisionError", 1)]


def test_one_request_asks_for_ten_thousand_numbers_at_most(kitchen: Database, clock: StandingClock) -> None:
    take(kitchen, clock, 2)
    assert asked(hear(kitchen, clock, admitted=[1, 50_000])) == [[ADMITTED, 1, 1], [ADMITTED, 3, 10_001]]


def test_a_new_consumer_begins_with_the_first_fact_that_is_kept(kitchen: Database, clock: StandingClock) -> None:
    assert asked(hear(kitchen, clock, admitted=[41, 43])) == [[ADMITTED, 41, 43]]
    assert floors(kitchen) == {ADMITTED: 40}
    with kitchen.read() as uow:
        assert heartbeat.alarms(uow) == {}


def test_facts_that_are_missing_and_no_longer_kept_raise_an_alarm(kitchen: Database, clock: StandingClock) -> None:
    take(kitchen, clock, 1, 2, 5)
    hear(kitchen, clock, admitted=[1, 2])
    outcome = hear(kitchen, clock, admitted=[8, 9])
    assert asked(outcome) == [[ADMITTED, 8, 9]]
    assert floors(kitchen) == {ADMITTED: 7}
    with kitchen.write() as uow:
        assert heartbeat.alarms(uow) == {ADMITTED: "3 to 7 are missing and no longer kept since 2026-11-23T01:00:00Z"}
        heartbeat.end_alarm(uow, ADMITTED)
        assert heartbeat.alarms(uow) == {}


@pytest.mark.parametrize(
    "envelope",
    [
        beat({ADMITTED: [1]}),
        beat({ADMITTED: ["one", "two"]}),
        beat({ADMITTED: None}),
        beat({ADMITTED: [1, 5]}, source="../../etc"),
        {**beat({}), "data": {}},
        {**beat({}), "data": {"numbers": 7}},
        {**beat({}), "type": "anxin.resend_requested.v1", "data": {"consumer": "kitchen"}},
        {**beat({}), "type": "anxin.resend_requested.v1", "data": {"consumer": "a b", "wanted": [], "seen": {}}},
        {**beat({}), "type": "anxin.resend_requested.v1", "data": {"consumer": "ward", "wanted": [[1]], "seen": {}}},
    ],
)
def test_a_heartbeat_or_wish_of_the_wrong_form_is_parked(
    kitchen: Database, clock: StandingClock, envelope: dict[str, Any]
) -> None:
    assert receive(KITCHEN, kitchen, to_bytes([envelope]), clock=clock) == Outcome(unreadable=1)
    assert floors(kitchen) == {}


# ------------------------------------------------------------------------------------------------------ both together


def test_the_answer_comes_to_the_one_who_asked_only(pump: Pump, ward: Database, clock: StandingClock) -> None:
    hospital.admit(ward, clock(), 1, 2)
    pump.relay()
    pump.lose_what_travels()
    pump.beat()
    pump.run_until_quiet()
    # kitchen: a heartbeat and two facts; ward: its own heartbeat and the wish
    assert (pump.received.done, pump.received.unsubscribed, pump.received.duplicates) == (5, 0, 0)


def test_a_kitchen_restored_from_a_backup_hears_everything_again(
    pump: Pump, ward: Database, kitchen: Database, clock: StandingClock
) -> None:
    people = hospital.admit(ward, clock(), 1, 2, 3)
    pump.run_until_quiet()
    pump.beat()
    pump.run_until_quiet()
    with kitchen.write() as uow:  # the backup is older than what happened
        for table in (hospital.trays, kitchen.toolbox.inbox):
            uow.session.execute(table.delete())
        uow.session.execute(kitchen.toolbox.inbox_floors.update().values(floor=1))
    pump.beat()
    pump.run_until_quiet()
    assert hospital.laid(kitchen) == people[1:]


def test_a_ward_restored_from_a_backup_begins_a_new_epoch_by_itself(
    pump: Pump, ward: Database, kitchen: Database, clock: StandingClock
) -> None:
    hospital.admit(ward, clock(), 1, 2, 3)
    pump.run_until_quiet()
    pump.beat()
    pump.run_until_quiet()
    with ward.write() as uow:  # the backup knows only the first fact
        table = ward.toolbox.outbox
        uow.session.execute(table.delete().where(table.c.sequence > 1))
        uow.session.execute(ward.toolbox.sequences.update().values(last=1))
    pump.beat()
    pump.run_until_quiet()
    people = hospital.admit(ward, clock(), 4)
    pump.run_until_quiet()
    assert hospital.numbers(ward) == [1, 1_000_000_004]
    assert hospital.laid(kitchen)[3:] == people
    pump.beat()
    pump.run_until_quiet()
    with kitchen.read() as uow:
        assert set(heartbeat.alarms(uow)) == {ADMITTED}
    assert floors(kitchen)[ADMITTED] == 1_000_000_004


def test_a_wish_that_knows_no_more_than_we_do_begins_no_new_epoch(ward: Database, clock: StandingClock) -> None:
    way: Any = Sent()
    hospital.admit(ward, clock(), 1, 2)
    relay_once(ward, way, clock=clock)
    with ward.write() as uow:
        begin_new_epoch(uow, beyond={ADMITTED: 2, "kitchen.tray_laid.v1": 70})
    assert statement(ward, clock) == {ADMITTED: [1, 2]}


def test_a_service_without_facts_sends_no_heartbeat(pump: Pump) -> None:
    pump.beat()
    assert pump.deliver() == 0


def test_wishes_of_a_service_that_has_none_of_it_are_answered_with_nothing(
    kitchen: Database, clock: StandingClock
) -> None:
    envelope = {
        **beat({}), "type": "anxin.resend_requested.v1",
        "data": {"consumer": "ward", "wanted": [["kitchen.tray_laid.v1", 1, 5]], "seen": {}},
    }  # fmt: skip
    outcome = receive(WARD, kitchen, to_bytes([envelope]), clock=clock)
    assert outcome.wanted == [Wanted("ward", "kitchen.tray_laid.v1", 1, 5)]
    with kitchen.read() as uow:
        assert heartbeat.page(uow, outcome.wanted[0]) == ([], None)
