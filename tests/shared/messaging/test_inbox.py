"""The inbox: every fact has its effect once, and what fails harms nobody else."""

from __future__ import annotations

import json
import threading
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from shared.database import Busy, Database
from shared.messaging import inbox
from shared.messaging.batches import to_bytes
from shared.messaging.inbox import InboxUnavailable, Outcome, receive
from shared.service import Heard, Service, Subscription
from tests.shared.messaging import hospital
from tests.shared.messaging.hospital import ADMITTED, BROKEN_BED, KITCHEN, REFUSED_BED, message
from tests.support.clock import StandingClock


def take(kitchen: Database, clock: StandingClock, events: list[dict[str, Any]], service: Service = KITCHEN) -> Outcome:
    return receive(service, kitchen, to_bytes(events), clock=clock)


def beds(kitchen: Database) -> list[int]:
    return [who.int % 1000 for who in hospital.laid(kitchen)]


def parked_bytes(kitchen: Database) -> list[tuple[bytes, str]]:
    table = kitchen.toolbox.unreadable_messages
    with kitchen.read() as uow:
        return [(bytes(row.body), row.error) for row in uow.session.execute(sa.select(table))]


def facts(kitchen: Database) -> int:
    with kitchen.read() as uow:
        return uow.session.scalar(sa.select(sa.func.count()).select_from(kitchen.toolbox.outbox)) or 0


def test_the_same_message_again_changes_nothing(kitchen: Database, clock: StandingClock) -> None:
    events = message(1, 2)
    assert take(kitchen, clock, events) == Outcome(done=2)
    assert take(kitchen, clock, events) == Outcome(duplicates=2)
    assert take(kitchen, clock, events + message(3, first=3)) == Outcome(done=1, duplicates=2)
    assert beds(kitchen) == [1, 2, 3]
    assert facts(kitchen) == 3


def test_the_same_message_in_many_threads_has_one_effect(kitchen: Database, clock: StandingClock) -> None:
    body = to_bytes(message(1, 2, 3))
    start, outcomes = threading.Barrier(4), []

    def run() -> None:
        start.wait()
        outcomes.append(receive(KITCHEN, kitchen, body, clock=clock))

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert beds(kitchen) == [1, 2, 3]
    assert Counter(outcome.done for outcome in outcomes) == {3: 1, 0: 3}
    assert sum(outcome.duplicates for outcome in outcomes) == 9


def test_what_lies_below_the_floor_is_a_duplicate_for_ever(kitchen: Database, clock: StandingClock) -> None:
    with kitchen.write() as uow:
        uow.insert(kitchen.toolbox.inbox_floors, [{"type": ADMITTED, "floor": 2}])
    assert take(kitchen, clock, message(1, 2, 3)) == Outcome(done=1, duplicates=2)
    assert beds(kitchen) == [3]
    assert [row[1] for row in hospital.inbox(kitchen)] == [3]


def test_events_of_a_message_are_handled_in_the_order_of_their_numbers(kitchen: Database, clock: StandingClock) -> None:
    take(kitchen, clock, list(reversed(message(1, 2, 3))))
    assert beds(kitchen) == [1, 2, 3]


def test_one_bad_fact_leaves_the_ninety_nine_others_alone(kitchen: Database, clock: StandingClock) -> None:
    others = [1] * 50
    assert take(kitchen, clock, message(*others, BROKEN_BED, *others[:49])) == Outcome(done=99, failed=1)
    assert beds(kitchen) == [1] * 99
    assert facts(kitchen) == 99
    failed = [row for row in hospital.inbox(kitchen) if row[2] != "done"]
    assert failed == [(ADMITTED, 51, "failed", "ZeroDivisionError", 1)]


def test_a_refusal_is_kept_with_its_code(kitchen: Database, clock: StandingClock) -> None:
    assert take(kitchen, clock, message(REFUSED_BED)) == Outcome(failed=1)
    assert hospital.inbox(kitchen) == [(ADMITTED, 1, "failed", "NoTray: no_tray", 1)]
    assert (beds(kitchen), facts(kitchen)) == ([], 0)


def test_what_the_consumer_cannot_read_is_kept_and_not_acted_upon(kitchen: Database, clock: StandingClock) -> None:
    events = message(1)
    events[0]["data"]["bed"] = "the one by the window"
    assert take(kitchen, clock, events) == Outcome(failed=1)
    assert hospital.inbox(kitchen) == [(ADMITTED, 1, "failed", "ValidationError", 1)]
    assert beds(kitchen) == []


def test_members_the_consumer_does_not_know_are_passed_over(kitchen: Database, clock: StandingClock) -> None:
    events = message(1)
    events[0]["data"]["colour_of_the_walls"] = "green"
    events[0]["partitionkey"] = "7"
    assert take(kitchen, clock, events) == Outcome(done=1)


def test_a_type_without_subscription_is_counted_and_forgotten(kitchen: Database, clock: StandingClock) -> None:
    assert take(kitchen, clock, message(1, 2, type_="ward.window_opened.v1")) == Outcome(unsubscribed=2)
    assert hospital.inbox(kitchen) == []


def event(**members: Any) -> bytes:
    made = message(1)[0] | members
    return to_bytes([{name: value for name, value in made.items() if value is not None}])


UNREADABLE = {
    "nothing": b"",
    "no JSON": b"\xff\x00 trolley",
    "no list": b'{"type": "ward.person_admitted.v1"}',
    "an empty list": b"[]",
    "more than a hundred": to_bytes(message(*[1] * 101)),
    "two types": to_bytes(message(1) + message(2, first=2, type_=hospital.MOVED)),
    "deeply nested": b"[" * 100_000,
    "events that are none": b"[1, null]",
    "no id": event(id=None),
    "an id that is none": event(id="bed 7"),
    "no number": event(sequence=None),
    "number zero": event(sequence="0"),
    "a negative number": event(sequence="-1"),
    "a number beyond the database": event(sequence=str(2**63)),
    "a number in words": event(sequence="first"),
    "no data": event(data=None),
    "data that is text": event(data="bed 7"),
    "another version of CloudEvents": event(specversion="2.0"),
    "a type without end": event(type="w" * 101),
    "a type that is a number": event(type=7),
    "no source": event(source=None),
}


@pytest.mark.parametrize("body", UNREADABLE.values(), ids=UNREADABLE.keys())
def test_a_message_that_cannot_be_read_is_parked_once(kitchen: Database, clock: StandingClock, body: bytes) -> None:
    for _ in range(2):
        assert receive(KITCHEN, kitchen, body, clock=clock) == Outcome(unreadable=1)
    [(kept, error)] = parked_bytes(kitchen)
    assert kept == body
    assert "trolley" not in error
    assert "bed" not in error
    assert (hospital.inbox(kitchen), beds(kitchen)) == ([], [])


def test_text_that_no_database_can_hold_blocks_nobody(kitchen: Database, clock: StandingClock) -> None:
    """A NUL, a lone surrogate and an infinite number: the first cannot be kept by PostgreSQL, the second by none."""
    events = message(1, BROKEN_BED, BROKEN_BED, BROKEN_BED, 5)
    body = json.dumps(events)
    for index, text in enumerate([r"\u0000", r"\ud800", "1e999"], start=1):
        body = body.replace(events[index]["id"] + '"', events[index]["id"] + f'", "remark": "{text}"')
    body = body.replace('"1e999"', "1e999")
    outcome = receive(KITCHEN, kitchen, body.encode(), clock=clock)
    assert outcome.done == 2
    assert outcome.failed + outcome.unreadable == 3
    assert outcome.unreadable >= 1
    assert beds(kitchen) == [1, 5]
    assert [kept for kept, _ in parked_bytes(kitchen)] == [body.encode()]


class Gone:
    """A database that is away."""

    def __init__(self, database: Database, error: Exception) -> None:
        self.toolbox, self._error = database.toolbox, error

    def write(self) -> Any:
        raise self._error

    read = write


@pytest.mark.parametrize(
    "error", [Busy("gone"), sa.exc.OperationalError("", {}, OSError()), sa.exc.InterfaceError("", {}, OSError())]
)
@pytest.mark.parametrize("body", [to_bytes(message(1)), b"unreadable", event(type="anxin.heartbeat.v1")])
def test_with_the_database_away_a_message_is_not_acknowledged(
    kitchen: Database, clock: StandingClock, error: Exception, body: bytes
) -> None:
    gone: Any = Gone(kitchen, error)
    with pytest.raises(InboxUnavailable):
        receive(KITCHEN, gone, body, clock=clock)


def test_a_database_that_is_busy_for_one_fact_counts_no_fault(kitchen: Database, clock: StandingClock) -> None:
    def busy(_uow: Any, **_: Any) -> None:
        raise Busy("a lock was not had in time")

    service = replace(KITCHEN, subscriptions={ADMITTED: Subscription(schema=hospital.BedSchema, use_case=busy)})
    assert take(kitchen, clock, message(1), service) == Outcome(failed=1)
    table = kitchen.toolbox.inbox
    with kitchen.read() as uow:
        assert uow.session.execute(sa.select(table.c.state, table.c.faults)).one() == ("failed", 0)


def test_a_unit_that_cannot_end_falls_apart_into_single_events(
    kitchen: Database, clock: StandingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Something that only the commit notices: every event then gets a unit of work of its own."""
    original = inbox.claim

    def claim(uow: Any, events: Any, *, now: Any) -> Any:
        fresh = original(uow, events, now=now)
        if any(each.sequence == 2 for each in fresh) and not hasattr(claim, "seen_alone"):
            if len(fresh) == 1:
                claim.seen_alone = True  # type: ignore[attr-defined]
            uow.publish(hospital.TrayLaid(person_id="\ud800"), actor=hospital.DOCTOR, now=clock())
        return fresh

    monkeypatch.setattr(inbox, "claim", claim)
    assert take(kitchen, clock, message(1, 2, 3)) == Outcome(done=2, failed=1)
    assert beds(kitchen) == [1, 3]
    assert [row[2] for row in hospital.inbox(kitchen)] == ["done", "failed", "done"]


def lay_trays(uow: Any, *, requests: list[Heard], now: Any) -> None:
    """The list form: how many came together is written into the bed's place."""
    if any(each.data["bed"] == BROKEN_BED for each in requests):
        raise ZeroDivisionError
    for each in requests:
        hospital.lay_tray(uow, data={**each.data, "bed": len(requests)}, actor=each.actor, now=now)


def test_a_list_use_case_gets_all_new_facts_at_once(kitchen: Database, clock: StandingClock) -> None:
    together = Subscription(schema=hospital.BedSchema, use_case=lay_trays, together=True)
    service = replace(KITCHEN, subscriptions={ADMITTED: together})
    events = message(1, 2, 3)
    assert take(kitchen, clock, events[:1], service) == Outcome(done=1)
    assert take(kitchen, clock, events, service) == Outcome(done=2, duplicates=1)
    assert take(kitchen, clock, events, service) == Outcome(duplicates=3)
    assert take(kitchen, clock, message(1, BROKEN_BED, 1, first=4), service) == Outcome(done=2, failed=1)
    with kitchen.read() as uow:
        rows = [tuple(row) for row in uow.session.execute(sa.select(hospital.trays.c.bed, hospital.trays.c.request_id))]
    assert rows == [(came_with, "tap-on-a-phone") for came_with in (1, 2, 2, 1, 1)]
