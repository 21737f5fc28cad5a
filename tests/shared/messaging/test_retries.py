"""Facts that failed: tried again with growing delay, parked where a person sees them, sent again or set aside."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from shared.database import Database
from shared.messaging import retries
from shared.messaging.batches import to_bytes
from shared.messaging.inbox import receive, retry_due
from shared.messaging.retries import NothingParked, ReasonMissing, StillBeingTried
from tests.shared.messaging import hospital
from tests.shared.messaging.hospital import ADMITTED, BROKEN_BED, KITCHEN, UNKNOWN_BED, message
from tests.support.clock import StandingClock


def take(kitchen: Database, clock: StandingClock, *beds: int, first: int = 1) -> None:
    receive(KITCHEN, kitchen, to_bytes(message(*beds, first=first)), clock=clock)


def next_try(kitchen: Database) -> datetime | None:
    with kitchen.read() as uow:
        return uow.session.scalar(sa.select(kitchen.toolbox.inbox.c.next_try_at))


def content(kitchen: Database) -> Any:
    with kitchen.read() as uow:
        return uow.session.scalar(sa.select(kitchen.toolbox.inbox.c.envelope))


def try_until_parked(kitchen: Database, clock: StandingClock) -> list[float]:
    """Move the clock to each next try; gives the seconds between the tries."""
    waits = []
    while (due := next_try(kitchen)) is not None:
        waits.append((due - clock.now).total_seconds())
        clock.now = due - timedelta(seconds=0.1)
        assert retry_due(KITCHEN, kitchen, clock=clock) == 0
        clock.now = due
        assert retry_due(KITCHEN, kitchen, clock=clock) == 1
    return waits


def test_an_error_in_the_code_parks_after_eight_tries_in_about_ten_minutes(
    kitchen: Database, clock: StandingClock
) -> None:
    take(kitchen, clock, BROKEN_BED)
    assert try_until_parked(kitchen, clock) == [5, 10, 20, 40, 80, 160, 320]
    assert hospital.inbox(kitchen) == [(ADMITTED, 1, "parked", "ZeroDivisionError", 8)]
    clock.advance(days=30)
    assert retry_due(KITCHEN, kitchen, clock=clock) == 0
    assert hospital.laid(kitchen) == []


def test_what_is_kept_of_an_error_holds_no_name(kitchen: Database, clock: StandingClock) -> None:
    take(kitchen, clock, BROKEN_BED)
    with kitchen.read() as uow:
        rows = uow.session.execute(sa.text("SELECT error FROM inbox")).scalars().all()
    assert rows == ["ZeroDivisionError"]


def test_a_parked_fact_that_is_sent_again_after_the_repair_has_its_effect_once(
    kitchen: Database, clock: StandingClock, mood: dict[str, bool]
) -> None:
    take(kitchen, clock, BROKEN_BED, 2)
    for _ in range(7):
        clock.advance(minutes=10)
        retry_due(KITCHEN, kitchen, clock=clock)
    with kitchen.read() as uow:
        [seen] = retries.parked(uow)
    assert (seen["type"], seen["sequence"], seen["error"], seen["tries"]) == (ADMITTED, 1, "ZeroDivisionError", 8)
    assert "envelope" not in seen
    mood["broken"] = False
    with kitchen.write() as uow:
        retries.send_again(uow, type_=ADMITTED, sequence=1, now=clock())
    assert retry_due(KITCHEN, kitchen, clock=clock) == 1
    assert [who.int % 1000 for who in hospital.laid(kitchen)] == [2, BROKEN_BED]
    assert [row[2] for row in hospital.inbox(kitchen)] == ["done", "done"]
    take(kitchen, clock, BROKEN_BED, 2)  # and the same message from the queue once more
    assert len(hospital.laid(kitchen)) == 2


def test_a_fact_sent_again_has_all_its_tries_anew(kitchen: Database, clock: StandingClock) -> None:
    take(kitchen, clock, BROKEN_BED)
    try_until_parked(kitchen, clock)
    with kitchen.write() as uow:
        retries.send_again(uow, type_=ADMITTED, sequence=1, now=clock())
    assert try_until_parked(kitchen, clock) == [0, 5, 10, 20, 40, 80, 160, 320]


def test_a_fact_about_an_unknown_thing_waits_until_it_is_known(
    kitchen: Database, clock: StandingClock, mood: dict[str, bool]
) -> None:
    take(kitchen, clock, UNKNOWN_BED)
    assert hospital.inbox(kitchen) == [(ADMITTED, 1, "failed", "NotYet", 1)]
    for seconds in (1, 2, 4):
        assert next_try(kitchen) == clock.now + timedelta(seconds=seconds)
        clock.advance(seconds=seconds)
        assert retry_due(KITCHEN, kitchen, clock=clock) == 1
    assert hospital.laid(kitchen) == []
    mood["known"] = True
    clock.advance(seconds=8)
    assert retry_due(KITCHEN, kitchen, clock=clock) == 1
    assert [who.int % 1000 for who in hospital.laid(kitchen)] == [UNKNOWN_BED]
    assert hospital.inbox(kitchen) == [(ADMITTED, 1, "done", None, 4)]
    assert content(kitchen) is None  # what was kept for the tries is gone


def test_a_fact_about_an_unknown_thing_is_parked_after_three_days(kitchen: Database, clock: StandingClock) -> None:
    started = clock.now
    take(kitchen, clock, UNKNOWN_BED)
    waits = []
    for _ in range(11):
        due = next_try(kitchen) or started
        waits.append((due - clock.now).total_seconds())
        clock.now = due
        retry_due(KITCHEN, kitchen, clock=clock)
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]
    clock.now = started + timedelta(days=3) - timedelta(seconds=1)
    retry_due(KITCHEN, kitchen, clock=clock)
    assert hospital.inbox(kitchen) == [(ADMITTED, 1, "failed", "NotYet", 13)]
    clock.advance(seconds=300)
    retry_due(KITCHEN, kitchen, clock=clock)
    assert hospital.inbox(kitchen) == [(ADMITTED, 1, "parked", "NotYet", 14)]


def test_two_timers_at_once_try_each_fact_once(kitchen: Database, clock: StandingClock, mood: dict[str, bool]) -> None:
    take(kitchen, clock, *[UNKNOWN_BED] * 20)
    mood["known"] = True
    clock.advance(seconds=1)
    start = threading.Barrier(2)

    def run() -> None:
        start.wait()
        retry_due(KITCHEN, kitchen, clock=clock)

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(hospital.laid(kitchen)) == 20
    assert {row[2] for row in hospital.inbox(kitchen)} == {"done"}


def test_a_try_takes_no_more_than_its_portion(kitchen: Database, clock: StandingClock, mood: dict[str, bool]) -> None:
    take(kitchen, clock, *[UNKNOWN_BED] * 5)
    mood["known"] = True
    clock.advance(seconds=1)
    assert [retry_due(KITCHEN, kitchen, clock=clock, limit=2) for _ in range(4)] == [2, 2, 1, 0]


def test_a_parked_fact_is_set_aside_with_a_reason(kitchen: Database, clock: StandingClock) -> None:
    take(kitchen, clock, BROKEN_BED)
    try_until_parked(kitchen, clock)
    with kitchen.write() as uow:
        retries.set_aside(uow, type_=ADMITTED, sequence=1, reason="The bed was sold.")
    with kitchen.read() as uow:
        table = kitchen.toolbox.inbox
        assert uow.session.execute(sa.select(table.c.state, table.c.reason)).one() == ("set_aside", "The bed was sold.")
        assert retries.parked(uow) == []
    clock.advance(days=1)
    assert retry_due(KITCHEN, kitchen, clock=clock) == 0
    take(kitchen, clock, BROKEN_BED)
    assert hospital.laid(kitchen) == []


@pytest.mark.parametrize("reason", ["", "   ", "no", "x" * 501])
def test_nothing_is_set_aside_without_a_reason(kitchen: Database, clock: StandingClock, reason: str) -> None:
    take(kitchen, clock, BROKEN_BED)
    try_until_parked(kitchen, clock)
    with pytest.raises(ReasonMissing), kitchen.write() as uow:
        retries.set_aside(uow, type_=ADMITTED, sequence=1, reason=reason)
    assert hospital.inbox(kitchen)[0][2] == "parked"


def test_only_parked_facts_can_be_sent_again_or_set_aside(kitchen: Database, clock: StandingClock) -> None:
    take(kitchen, clock, 1, BROKEN_BED)
    before = hospital.inbox(kitchen)
    for sequence, refusal in ((1, NothingParked), (2, StillBeingTried), (3, NothingParked)):
        with pytest.raises(refusal), kitchen.write() as uow:
            retries.send_again(uow, type_=ADMITTED, sequence=sequence, now=clock())
        with pytest.raises(refusal), kitchen.write() as uow:
            retries.set_aside(uow, type_=ADMITTED, sequence=sequence, reason="Because.")
    assert hospital.inbox(kitchen) == before


def test_whoever_looks_sees_how_much_waits_and_what_needs_a_hand(kitchen: Database, clock: StandingClock) -> None:
    take(kitchen, clock, BROKEN_BED)
    try_until_parked(kitchen, clock)
    take(kitchen, clock, 1, UNKNOWN_BED, first=2)
    receive(KITCHEN, kitchen, b"?", clock=clock)
    with kitchen.write() as uow:
        uow.insert(kitchen.toolbox.inbox_floors, [{"type": ADMITTED, "floor": 0, "alarm": "1 to 2 are missing"}])
    with kitchen.read() as uow:
        assert retries.counts(uow) == {
            "waiting_to_leave": 1, "failed": 1, "parked": 1, "unreadable": 1, "alarms": 1,
        }  # fmt: skip


def test_a_unit_of_work_that_cannot_end_counts_as_a_failed_try(
    kitchen: Database, clock: StandingClock, mood: dict[str, bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    take(kitchen, clock, UNKNOWN_BED)
    mood["known"] = True
    clock.advance(seconds=1)
    original = retries.conclude

    def conclude(uow: Any, row: Any, error: Any, *, now: Any) -> None:
        original(uow, row, error, now=now)
        if error is None:
            uow.publish(hospital.TrayLaid(person_id="\ud800"), actor=hospital.DOCTOR, now=now)  # type: ignore[arg-type]

    monkeypatch.setattr(retries, "conclude", conclude)
    assert retry_due(KITCHEN, kitchen, clock=clock) == 1
    [(_, _, state, error, tries)] = hospital.inbox(kitchen)
    assert (state, tries) == ("failed", 2)
    assert error != "NotYet"
    assert hospital.laid(kitchen) == []


def test_what_somebody_else_has_concluded_meanwhile_stays_so(
    kitchen: Database, clock: StandingClock, mood: dict[str, bool]
) -> None:
    take(kitchen, clock, UNKNOWN_BED)
    mood["known"] = True
    clock.advance(seconds=1)
    with kitchen.write() as uow:
        slow = retries.take_due(uow, now=clock())
    assert slow is not None
    assert retry_due(KITCHEN, kitchen, clock=clock) == 1
    before = hospital.inbox(kitchen)
    with kitchen.write() as uow:
        retries.conclude(uow, slow, ZeroDivisionError(), now=clock())
    assert hospital.inbox(kitchen) == before == [(ADMITTED, 1, "done", None, 1)]
