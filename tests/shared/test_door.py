"""The door: one effect and one answer per key, whatever happens in between."""

from __future__ import annotations

import threading
from typing import Any

import pytest
import sqlalchemy as sa

from shared.actor import Actor
from shared.database import Database
from shared.door import Call, Door, GroupCommit, many
from shared.idempotency import Claim, fingerprint, forget_old_keys
from tests.support import toy
from tests.support.clock import StandingClock

NOTHING = {"numbers": [], "facts": [], "keys": []}


def call(number: int, key: str = "key-0001", subject: str = "account:one") -> Call:
    return Call(
        actor=Actor(subject=subject),
        arguments={"number": number},
        claim=Claim(subject, key, fingerprint("toy.keep", number)),
        render=toy.NumberSchema().dump,
        status=201,
    )


def test_the_same_key_has_one_effect_and_the_same_answer(door: Door, database: Database) -> None:
    first, again = door.run(toy.keep_number, call(7)), door.run(toy.keep_number, call(7))
    assert (first.status, first.replayed, again.replayed) == (201, False, True)
    assert again.body == first.body
    assert toy.state_of(database) == {"numbers": [7], "facts": ["toy.number_kept.v1"], "keys": [201]}


def test_a_refusal_is_undone_and_kept_under_its_key(door: Door, database: Database) -> None:
    first, again = door.run(toy.keep_number, call(13)), door.run(toy.keep_number, call(13))
    assert (first.status, again.replayed, again.body) == (422, True, first.body)
    assert toy.state_of(database) == {"numbers": [], "facts": [], "keys": [422]}


def test_a_key_used_for_another_request_is_refused_and_changes_nothing(door: Door, database: Database) -> None:
    door.run(toy.keep_number, call(7))
    before = toy.state_of(database)
    other = door.run(toy.keep_number, call(8))
    assert other.status == 422
    assert '"code":"idempotency_key_reused"' in other.body
    assert toy.state_of(database) == before


def test_a_stolen_key_tells_and_changes_nothing_of_its_owner(door: Door, database: Database) -> None:
    mine = door.run(toy.keep_number, call(7))
    theirs = door.run(toy.keep_number, call(8, subject="account:two"))
    assert theirs.status == 201
    assert theirs.body != mine.body
    assert toy.state_of(database)["numbers"] == [7, 8]


def test_an_error_undoes_everything_and_keeps_nothing(door: Door, database: Database) -> None:
    def broken(uow: Any, **arguments: Any) -> None:
        toy.keep_number(uow, **arguments)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        door.run(broken, call(7))
    assert toy.state_of(database) == NOTHING
    assert door.run(toy.keep_number, call(7)).status == 201


def test_two_sends_at_once_with_one_key_have_one_effect(door: Door, database: Database) -> None:
    start = threading.Barrier(8)
    answers: list[Any] = []

    def send() -> None:
        start.wait()
        answers.append(door.run(toy.keep_number, call(7)))

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {answer.body for answer in answers} == {answers[0].body}
    assert sorted(answer.replayed for answer in answers) == [False] + [True] * 7
    assert toy.state_of(database)["numbers"] == [7]


def test_a_constraint_that_fires_makes_the_door_look_again(door: Door, database: Database) -> None:
    looked: list[int] = []

    def keep_after_a_rival(uow: Any, **arguments: Any) -> Any:
        looked.append(1)
        if len(looked) == 1:  # what another process would have committed between our look and our write
            uow.insert(toy.numbers, [{"id": toy.uuid4(), "number": arguments["number"]}])
            raise sa.exc.IntegrityError("", {}, Exception("rival"))
        return toy.keep_number(uow, **arguments)

    assert door.run(keep_after_a_rival, call(7)).status == 201
    assert len(looked) == 2


def test_callers_who_come_together_each_get_their_own_answer(door: Door, database: Database) -> None:
    sizes: list[int] = []

    def keep_all(uow: Any, *, requests: Any, now: Any) -> Any:
        sizes.append(len(requests))
        return toy.keep_numbers(uow, requests=requests, now=now)

    group = GroupCommit(door, many(keep_all, dict))
    answers: dict[int, int] = {}
    start = threading.Barrier(20)

    def send(number: int) -> None:
        start.wait()
        answers[number] = group.run(call(number, key=f"key-{number:04}")).status

    threads = [threading.Thread(target=send, args=(number,)) for number in range(1, 21)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == {number: 422 if number == 13 else 201 for number in range(1, 21)}
    assert toy.state_of(database)["numbers"] == [number for number in range(1, 21) if number != 13]
    assert sum(sizes) == 20


def test_a_unit_that_fails_as_a_whole_lets_each_run_alone(door: Door, database: Database) -> None:
    def keep_all(uow: Any, *, requests: Any, now: Any) -> Any:
        if any(each["number"] == 5 for each in requests):
            raise ZeroDivisionError
        return toy.keep_numbers(uow, requests=requests, now=now)

    group = GroupCommit(door, many(keep_all, dict))
    results: dict[int, str] = {}
    start = threading.Barrier(6)

    def send(number: int) -> None:
        start.wait()
        try:
            results[number] = str(group.run(call(number, key=f"key-{number:04}")).status)
        except ZeroDivisionError:
            results[number] = "failed"

    threads = [threading.Thread(target=send, args=(number,)) for number in range(1, 7)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == {number: "failed" if number == 5 else "201" for number in range(1, 7)}
    assert toy.state_of(database)["numbers"] == [1, 2, 3, 4, 6]


def test_one_key_twice_in_one_unit_is_one_request(door: Door, database: Database) -> None:
    perform = many(toy.keep_numbers, dict)
    same = door.run_all(perform, [call(7), call(7)])
    assert [answer.status for answer in same] == [201, 201]
    assert same[0].body == same[1].body
    different = door.run_all(perform, [call(8, "key-0002"), call(9, "key-0002")])
    assert sorted(answer.status for answer in different) == [201, 422]
    assert toy.state_of(database)["numbers"] in ([7, 8], [7, 9])


def test_keys_are_forgotten_after_two_days_and_not_before(door: Door, database: Database, clock: StandingClock) -> None:
    door.run(toy.keep_number, call(7))
    for hours, forgotten in ((48, 0), (0.01, 1)):
        clock.advance(hours=hours)
        with database.write() as uow:
            assert forget_old_keys(uow, now=clock(), limit=100) == forgotten
