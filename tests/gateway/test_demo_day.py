"""The demo hospital's day: people lie in the wards from the seed on, and each step of the day is lived once."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from gateway.clients import Clients
from gateway.demo_day import DemoDay, NotHeard, Step, live
from gateway.demo_day.steps import STEPS
from shared.cli import load
from shared.door import Door
from shared.settings import SERVICES, Settings
from tests.support.clock import StandingClock
from tests.support.in_process import in_process_session
from tests.support.whole_hospital import OpenDatabase, WholeHospital, open_hospital


@pytest.fixture
def hospital(open_database: OpenDatabase, settings: Settings, clock: StandingClock) -> Iterator[WholeHospital]:
    """The demo hospital right after its seed."""
    made = open_hospital(open_database, settings, clock, "sqlite")
    for name in (*SERVICES, "gateway"):
        if name != "appointments":  # its slots take long, and nobody books here
            seed = load(name).seed
            assert seed is not None
            seed(Door(made.databases[name], clock), settings)
    yield made
    made.close()


@pytest.fixture
def day(hospital: WholeHospital, settings: Settings, clock: StandingClock) -> DemoDay:
    """Its day; a pause lets what is due happen."""
    session = in_process_session(hospital.network)
    clients = Clients.make(settings, clock=clock, sessions=dict.fromkeys(SERVICES, session))
    return DemoDay(clients, hospital.databases["gateway"], clock, hospital.turn)


@dataclass
class Lived:
    """A step that writes down how often it was lived."""

    times: int = 0
    failing: list[Exception] = field(default_factory=list)

    def __call__(self, _day: DemoDay) -> None:
        self.times += 1
        if self.failing:
            raise self.failing.pop()


def test_forty_people_lie_in_four_wards_and_the_familys_father_is_one_of_them(day: DemoDay) -> None:
    assert Counter(each["ward"]["name"]["zh"] for each in day.stays) == {
        "心内一病区": 12,
        "内分泌一病区": 10,
        "胃肠外一病区": 10,
        "儿科一病区": 8,
    }
    father = day.father
    assert father is not None
    [stay] = [each for each in day.stays if each["patient_id"] == str(father.patient_id)]
    assert (stay["ward"]["name"]["zh"], stay["bed"]["label"], stay["sex"]) == ("内分泌一病区", "12", "male")
    assert stay["started_at"] == "2026-11-20T01:00:00+00:00"
    now, before = day.stays_of(father.patient_id)
    assert (now["state"], before["state"], before["ended_at"]) == (
        "in_progress",
        "finished",
        "2026-10-15T01:00:00+00:00",
    )


def test_everybody_hears_of_the_inpatients(day: DemoDay, hospital: WholeHospital) -> None:
    nurse = day.staff("nurse")

    def known() -> list[Any]:
        wards = [each["ward"]["id"] for each in day.stays]
        return [day.clients.meals.read(nurse, "inpatients", ward_id=each)["items"] for each in set(wards)]

    assert [len(each) for each in known()] == [0, 0, 0, 0]
    found = day.heard(lambda: known() if all(known()) else None)
    assert sorted(len(each) for each in found) == [8, 10, 10, 12]


def test_the_family_acts_for_its_own_only(day: DemoDay) -> None:
    assert [str(link.relation) for link in day.family] == ["self", "child", "parent"]
    own = day.acting_for(day.family[0].patient_id)
    assert (own.roles, own.scopes, own.patient_id) == (("patient",), ("see", "pay", "sign"), day.family[0].patient_id)
    with pytest.raises(NotHeard):
        day.acting_for(day.stays[0]["patient_id"])


def test_keys_repeat_for_the_same_thing_and_differ_for_others(day: DemoDay) -> None:
    assert day.key("charges", "a", 1) == day.key("charges", "a", 1)
    assert len({day.key("charges", "a", 1), day.key("charges", "a", 2), day.key("deposit", "a", 1)}) == 3


def test_a_step_is_lived_once_and_a_daily_one_on_each_day(day: DemoDay, tmp_path: Path, clock: StandingClock) -> None:
    once, daily = Lived(), Lived()
    steps = (Step("once", once), Step("daily", daily, daily=True))
    for _ in range(2):
        assert live(day, steps, tmp_path / "done.json") == []
    assert (once.times, daily.times) == (1, 1)
    clock.advance(hours=24)
    assert live(day, steps, tmp_path / "done.json") == []
    assert (once.times, daily.times) == (1, 2)


def test_a_step_that_failed_keeps_no_other_back_and_is_tried_again(day: DemoDay, tmp_path: Path) -> None:
    broken, whole = Lived(failing=[NotHeard("nobody heard")]), Lived()
    steps = (Step("broken", broken), Step("whole", whole))
    done = tmp_path / "done.json"
    assert live(day, steps, done) == ["The demo day could not do broken: NotHeard nobody heard"]
    assert list(json.loads(done.read_text())) == ["whole"]
    assert live(day, steps, done) == []
    assert (broken.times, whole.times) == (2, 1)


def test_waiting_for_what_nobody_will_ever_hear_ends(day: DemoDay, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.demo_day.day.PATIENCE", 3)
    asked: list[int] = []

    def nothing() -> None:
        asked.append(1)

    with pytest.raises(NotHeard):
        day.heard(nothing)
    assert len(asked) == 3


def test_the_whole_day_is_lived_and_living_it_again_changes_nothing(
    day: DemoDay, hospital: WholeHospital, tmp_path: Path
) -> None:
    assert live(day, STEPS, tmp_path / "first.json") == []
    hospital.turn()
    before = rows_of(hospital)
    assert live(day, STEPS, tmp_path / "second.json") == []  # as if the note of what was done were lost
    hospital.turn()
    assert rows_of(hospital) == before


def rows_of(hospital: WholeHospital) -> dict[str, int]:
    """How many rows every table of the services has, but for what reading, travelling and keys leave behind."""
    passing = ("access_log", "outbox", "inbox", "idempotency_keys", "sequences", "jobs")
    found = {}
    for name in SERVICES:
        with hospital.databases[name].engine.connect() as connection:
            for table in sa.inspect(connection).get_table_names():
                if not table.startswith(passing):
                    query = sa.select(sa.func.count()).select_from(sa.table(table))
                    found[f"{name}.{table}"] = int(connection.scalar(query) or 0)
    return found
