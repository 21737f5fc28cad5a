"""Whatever is lost, doubled, shuffled or wiped on the way: in the end every fact has had its effect exactly once."""

from __future__ import annotations

import os
import random
from collections import Counter
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from shared.database import Database
from shared.messaging import heartbeat
from shared.messaging.inbox import receive
from shared.messaging.relay import relay_once
from shared.service import Service
from tests.shared.messaging import hospital
from tests.shared.messaging.lossy import Lossy
from tests.support.clock import StandingClock

SEEDS = range(int(os.environ.get("ANXIN_TEST_SEEDS", "8")))


class Killed(BaseException):
    """The process ends here."""


class Sea:
    """A ward, a kitchen and bad weather between them."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.dice = random.Random(seed)
        self.clock = StandingClock()
        self.way: Any = Lossy(self.dice)
        self.ward, self.kitchen = _open(folder, hospital.WARD), _open(folder, hospital.KITCHEN)
        self.expected: list[str] = []
        self.weather: Counter[str] = Counter()

    def write(self) -> None:
        beds = [1] * self.dice.randrange(6)
        if beds:
            people = hospital.admit(self.ward, self.clock(), *beds, moved=self.dice.random() < 0.5)
            self.expected += map(str, people)

    def relay(self) -> None:
        self.clock.advance(seconds=self.dice.randrange(4))
        if self.dice.random() < 0.1:
            with pytest.raises(Killed):
                relay_once(self.ward, self.way, clock=self._deadly_clock(), limit=7)
        else:
            relay_once(self.ward, self.way, clock=self.clock, limit=7, again_after=timedelta(seconds=2))

    def _deadly_clock(self) -> Any:
        """The relay reads it a second time when it has sent and wants to mark: there it is killed."""
        times = iter([self.clock()])

        def read() -> datetime:
            for now in times:
                return now
            self.weather["killed"] += 1
            raise Killed

        # There has to be something to send.
        self.expected += map(str, hospital.admit(self.ward, self.clock(), 1))
        return read

    def wipe(self) -> None:
        self.weather["wiped"] += len(self.way.queue) > 0
        self.way.queue.clear()

    def deliver(self, most: int = 10_000) -> None:
        self.dice.shuffle(self.way.queue)
        while self.way.queue and most > 0:
            receive(hospital.KITCHEN, self.kitchen, self.way.queue.pop(), clock=self.clock)
            most -= 1

    def beat(self) -> bool:
        """A heartbeat reaches the kitchen; what it asks for is sent again. Gives whether it asked for anything."""
        with self.ward.read() as uow:
            statement = heartbeat.heartbeat(uow, "ward", now=self.clock())
        with self.kitchen.write() as uow:
            letter = heartbeat.hear(uow, "kitchen", hospital.KITCHEN.subscriptions, statement, now=self.clock())
        if letter is None:
            return False
        with self.ward.write() as uow:
            wishes = heartbeat.hear_request(uow, letter.envelope)
        for wish in wishes:
            with self.ward.read() as uow:
                facts, rest = heartbeat.page(uow, wish)
            assert rest is None
            for each in facts:
                self.way.send_to("kitchen", [each])
        return True

    def calm_down(self) -> None:
        for _ in range(100):
            self.clock.advance(seconds=10)
            while relay_once(self.ward, self.way, clock=self.clock):
                pass
            self.deliver()
            if not self.beat():
                return
        pytest.fail("it never becomes quiet")


def _open(folder: Path, service: Service) -> Database:
    database = Database(f"sqlite:///{folder}/{service.name}.sqlite3", service.toolbox)
    hospital.make_tables(database, service)
    return database


def storm(folder: Path, seed: int) -> Counter[str]:
    """Sail through 25 rounds of bad weather, then look; gives how bad it was."""
    folder.mkdir()
    sea = Sea(folder, seed)
    with closing(sea.ward), closing(sea.kitchen):
        for _ in range(25):
            sea.write()
            sea.relay()
            if sea.dice.random() < 0.05:
                sea.wipe()
            sea.deliver(most=sea.dice.randrange(6))
            if sea.dice.random() < 0.1:
                sea.beat()
        sea.calm_down()
        assert sorted(map(str, hospital.laid(sea.kitchen))) == sorted(sea.expected)
        for type_ in (hospital.ADMITTED, hospital.MOVED):
            numbers = [number or 0 for number in hospital.numbers(sea.ward, type_)]
            assert sorted(numbers) == list(range(1, len(numbers) + 1))
        assert hospital.inbox(sea.kitchen) == []  # everything lies below the floor and was cleared away
    return sea.weather + Counter(lost=sea.way.lost, doubled=sea.way.doubled)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_kitchen_lays_one_tray_for_everybody_in_any_weather(tmp_path: Path, seed: int) -> None:
    storm(tmp_path / "sea", seed)


def test_the_weather_is_bad_enough_to_show_anything(tmp_path: Path) -> None:
    seen: Counter[str] = Counter()
    for seed in range(1000, 1004):
        seen += storm(tmp_path / f"sea-{seed}", seed)
    assert set(seen) == {"lost", "doubled", "wiped", "killed"}
