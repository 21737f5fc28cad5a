"""A crowd that is served together."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from shared import together
from shared.together import Together


def all_at_once(work: Callable[[int], int], people: int) -> dict[int, int | str]:
    """What each of them got, or the name of what was raised."""
    start = threading.Barrier(people)
    ends: dict[int, int | str] = {}

    def run(number: int) -> None:
        start.wait()
        try:
            ends[number] = work(number)
        except ZeroDivisionError as error:
            ends[number] = type(error).__name__

    threads = [threading.Thread(target=run, args=(number,)) for number in range(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ends


class Hall:
    """Doubles what it is asked; the first round waits until everybody else has come."""

    def __init__(self, people: int, limit: int) -> None:
        self.together: Together[int, int] = Together(self.serve, limit)
        self.rounds: list[list[int]] = []
        self.people = people
        self.all_here = threading.Event()
        self.came = 0
        self.lock = threading.Lock()

    def ask(self, number: int) -> int:
        with self.lock:
            self.came += 1
            if self.came == self.people:
                self.all_here.set()
        return self.together.ask(number)

    def serve(self, asked: list[int]) -> list[int]:
        self.all_here.wait(10)
        self.rounds.append(asked)
        if 13 in asked:
            raise ZeroDivisionError
        return [2 * each for each in asked]


def test_each_gets_their_own_result_and_no_round_is_larger_than_the_limit() -> None:
    hall = Hall(people=12, limit=5)
    assert all_at_once(hall.ask, 12) == {number: 2 * number for number in range(12)}
    assert sorted(each for asked in hall.rounds for each in asked) == list(range(12))
    assert max(len(asked) for asked in hall.rounds) <= 5


def test_what_fails_together_is_tried_for_each_alone() -> None:
    hall = Hall(people=20, limit=64)
    expected: dict[int, int | str] = {number: 2 * number for number in range(20)} | {13: "ZeroDivisionError"}
    assert all_at_once(hall.ask, 20) == expected
    assert [13] in hall.rounds


def test_what_took_long_to_fail_is_not_tried_for_each_one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(together, "QUICK_SECONDS", 0.0)
    hall = Hall(people=20, limit=64)
    ends = all_at_once(hall.ask, 20)
    failed = {number for asked in hall.rounds if 13 in asked for number in asked}
    assert ends == {number: "ZeroDivisionError" if number in failed else 2 * number for number in range(20)}
    assert sorted(each for asked in hall.rounds for each in asked) == list(range(20))


def test_after_a_failure_the_next_is_served() -> None:
    hall = Hall(people=1, limit=64)
    with pytest.raises(ZeroDivisionError):
        hall.ask(13)
    assert hall.ask(4) == 8
    assert hall.rounds == [[13], [4]]
