"""The crash-point machine itself: it passes over a sound POST, and finds a planted defect at exactly its two points."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from shared.database import Database
from shared.settings import Settings
from shared.web import create_app
from tests.support import toy
from tests.support.callers import Caller, patient
from tests.support.clock import StandingClock
from tests.support.crashes import CallCounter, Crash, crash_points, watched

IN_PROCESS = True
Send = Callable[[Database], Any]


@pytest.fixture
def fresh(tmp_path: Path) -> Callable[[], Database]:
    """Opens a new, empty toy database each time."""
    made = iter(range(10_000))
    url = f"sqlite:///{tmp_path}/template.sqlite3"
    template = Database(url, toy.toolbox)
    toy.make_tables(template)
    template.close()

    def open_one() -> Database:
        copy = tmp_path / f"toy-{next(made)}.sqlite3"
        shutil.copyfile(tmp_path / "template.sqlite3", copy)
        return Database(f"sqlite:///{copy}", toy.toolbox)

    return open_one


def lost_points(fresh: Callable[[], Database], send: Send) -> tuple[int, list[tuple[int, bool]]]:
    """How many calls a request makes, and at which crash points a retry does not end as the undisturbed one."""
    database = fresh()
    with watched(CallCounter(), database) as counter:
        expected = send(database)
    expected_state = toy.state_of(database)
    lost = []
    for number, after in crash_points(counter.calls):
        database = fresh()
        with pytest.raises(Crash), watched(CallCounter(number, after=after), database):
            send(database)
        database.close()
        reborn = Database(database.url.render_as_string(), toy.toolbox)
        if send(reborn) != expected or toy.state_of(reborn) != expected_state:
            lost.append((number, after))
        reborn.close()
    return counter.calls, lost


def test_a_post_survives_a_crash_at_every_point(
    fresh: Callable[[], Database], settings: Settings, clock: StandingClock
) -> None:
    def send(database: Database) -> int:
        http = create_app(toy.SERVICE, settings, database=database, clock=clock).test_client()
        actor = patient(toy.UUID(int=1))
        return Caller(http, actor, clock).post("/v1/numbers", {"number": 7}, key="the-same-key").status_code

    calls, lost = lost_points(fresh, send)
    assert calls == 9
    assert lost == []


def test_effect_and_key_in_two_transactions_are_caught_at_exactly_the_two_points_between_them(
    fresh: Callable[[], Database], clock: StandingClock
) -> None:
    keys = toy.toolbox.idempotency_keys

    def send(database: Database) -> int:
        name = {"subject": "account:one", "key": "the-same-key"}
        with database.write() as uow:
            known = uow.session.execute(keys.select().filter_by(**name)).first()
            if known:
                return int(known.status)
            try:
                toy.keep_number(uow, actor=patient(toy.UUID(int=1)), now=clock(), number=7)
                status = 201
            except toy.NumberTaken:
                status = 409
        with database.write() as uow:  # the planted defect: the answer is kept in a second transaction
            uow.insert(keys, [{**name, "fingerprint": "f", "status": status, "created_at": clock()}])
        return status

    _, lost = lost_points(fresh, send)
    commits = [number for number, _after in lost]
    assert len(lost) == 2 * (max(commits) - min(commits))
    assert lost[0][1], "the first lost point is just after the first commit"
    assert not lost[-1][1], "the last is just before the second commit"
