"""Stays without a database: every action in every state."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.records.domain import (
    Encounter,
    EncounterClass,
    Place,
    Recorded,
    RoomPlan,
    StepKind,
    WardPlan,
    location_id,
    locations_of,
)
from shared.errors import DomainError
from tests.records.stays import WARD
from tests.support.clock import MONDAY_MORNING

NOW = MONDAY_MORNING
BY = Recorded(by="staff:nurse", now=NOW)
_LOCATIONS = {each.id: each for each in locations_of(WARD)}


def place(room: str, bed: str) -> Place:
    ids = [location_id("MAIN"), *(location_id("MAIN", "CARD1", *more) for more in ((), (room,), (room, bed)))]
    campus, ward, room_, bed_ = (_LOCATIONS[each] for each in ids)
    return Place(campus=campus, ward=ward, room=room_, bed=bed_)


FIRST, SECOND = place("01", "07"), place("02", "31")


def hours_ago(hours: int) -> datetime:
    return NOW - timedelta(hours=hours)


def admitted() -> Encounter:
    stay = Encounter(id=UUID(int=1), patient_id=UUID(int=2), encounter_class=EncounterClass.INPATIENT)
    stay.admit(FIRST, hours_ago(10), BY)
    return stay


def moved() -> Encounter:
    stay = admitted()
    stay.transfer(SECOND, hours_ago(5), BY)
    return stay


def discharged() -> Encounter:
    stay = moved()
    stay.discharge(hours_ago(1), BY)
    return stay


def taken_back() -> Encounter:
    stay = admitted()
    stay.cancel(StepKind.ADMISSION, FIRST, BY)
    return stay


def untold() -> Encounter:
    stay = Encounter(id=UUID(int=1), patient_id=UUID(int=2), encounter_class=EncounterClass.INPATIENT)
    stay.begin_untold(FIRST, None)
    stay.discharge(hours_ago(1), BY)
    return stay


def look(stay: Encounter) -> tuple[Any, ...]:
    label = stay.bed.label if stay.bed else None
    return (stay.state, label, stay.started_at, stay.ended_at, stay.version, [each.cancelled for each in stay.steps])


ACTIONS: dict[str, Callable[[Encounter], Any]] = {
    "transfer": lambda stay: stay.transfer(place("01", "08"), hours_ago(1), BY),
    "discharge": lambda stay: stay.discharge(hours_ago(1), BY),
    "cancel admission": lambda stay: stay.cancel(StepKind.ADMISSION, FIRST, BY),
    "cancel transfer": lambda stay: stay.cancel(StepKind.TRANSFER, FIRST, BY),
    "cancel discharge": lambda stay: stay.cancel(StepKind.DISCHARGE, stay.place, BY),
}
ADMITTED, MOVED, DISCHARGED, TAKEN_BACK, UNTOLD = admitted, moved, discharged, taken_back, untold
CELLS: list[tuple[Callable[[], Encounter], str, str]] = [
    (ADMITTED, "transfer", "in_progress 08"),
    (ADMITTED, "discharge", "finished 07"),
    (ADMITTED, "cancel admission", "cancelled 07"),
    (ADMITTED, "cancel transfer", "step_not_last"),
    (ADMITTED, "cancel discharge", "step_not_last"),
    (MOVED, "transfer", "in_progress 08"),
    (MOVED, "discharge", "finished 31"),
    (MOVED, "cancel admission", "step_not_last"),
    (MOVED, "cancel transfer", "in_progress 07"),
    (MOVED, "cancel discharge", "step_not_last"),
    (DISCHARGED, "transfer", "not_admitted"),
    (DISCHARGED, "discharge", "not_admitted"),
    (DISCHARGED, "cancel admission", "step_not_last"),
    (DISCHARGED, "cancel transfer", "step_not_last"),
    (DISCHARGED, "cancel discharge", "in_progress 31"),
    (TAKEN_BACK, "transfer", "not_admitted"),
    (TAKEN_BACK, "discharge", "not_admitted"),
    (TAKEN_BACK, "cancel admission", "step_not_last"),
    (TAKEN_BACK, "cancel transfer", "step_not_last"),
    (TAKEN_BACK, "cancel discharge", "step_not_last"),
    (UNTOLD, "transfer", "not_admitted"),
    (UNTOLD, "discharge", "not_admitted"),
    (UNTOLD, "cancel admission", "step_not_last"),
    (UNTOLD, "cancel transfer", "step_not_last"),
    (UNTOLD, "cancel discharge", "in_progress 07"),
]


@pytest.mark.parametrize(("make", "action", "end"), CELLS, ids=[f"{c[0].__name__} {c[1]}" for c in CELLS])
def test_every_action_in_every_state(make: Callable[[], Encounter], action: str, end: str) -> None:
    stay = make()
    before = look(stay)
    if "_" in end.split(maxsplit=1)[0] and " " not in end:
        with pytest.raises(DomainError) as refusal:
            ACTIONS[action](stay)
        assert refusal.value.code == end
        assert look(stay) == before
        return
    fact = ACTIONS[action](stay)
    assert f"{stay.state} {stay.bed.label if stay.bed else None}" == end
    assert (stay.version, fact.version, fact.state) == (before[4] + 1, stay.version, stay.state)
    assert fact.bed["label"] == end.split()[1]


def test_the_table_has_a_cell_for_every_state_and_action() -> None:
    assert {(make, action) for make, action, _ in CELLS} == {
        (make, action) for make in (ADMITTED, MOVED, DISCHARGED, TAKEN_BACK, UNTOLD) for action in ACTIONS
    }


def test_a_stay_can_be_taken_back_step_by_step_and_stays_on_record() -> None:
    stay = discharged()
    for kind, where in ((StepKind.DISCHARGE, SECOND), (StepKind.TRANSFER, FIRST), (StepKind.ADMISSION, FIRST)):
        stay.cancel(kind, where, BY)
    assert look(stay) == ("cancelled", "07", hours_ago(10), None, 6, [True, True, True])
    assert [each.kind for each in stay.steps] == ["admission", "transfer", "discharge"]


def test_a_cancelled_transfer_leads_back_to_where_the_patient_lay_before() -> None:
    stay = moved()
    assert stay.place_before_last() == (FIRST.ward.id, FIRST.bed.id if FIRST.bed else None)
    stay.cancel(StepKind.TRANSFER, FIRST, BY)
    assert stay.place_before_last() == (None, None)


@pytest.mark.parametrize(
    ("act", "code"),
    [
        (lambda stay: stay.discharge(hours_ago(11), BY), "discharge_before_admission"),
        (lambda stay: stay.discharge(hours_ago(6), BY), "step_before_previous"),
        (lambda stay: stay.transfer(FIRST, hours_ago(6), BY), "step_before_previous"),
        (lambda stay: stay.transfer(SECOND, hours_ago(1), BY), "same_bed"),
        (lambda stay: stay.transfer(FIRST, hours_ago(-1), BY), "instant_in_future"),
        (lambda stay: stay.discharge(NOW + timedelta(minutes=5, seconds=1), BY), "instant_in_future"),
    ],
)
def test_what_does_not_fit_the_stay_is_refused(act: Callable[[Encounter], Any], code: str) -> None:
    stay = moved()
    before = look(stay)
    with pytest.raises(DomainError) as refusal:
        act(stay)
    assert refusal.value.code == code
    assert look(stay) == before


def test_another_clock_may_be_five_minutes_ahead() -> None:
    stay = moved()
    stay.discharge(NOW + timedelta(minutes=5), BY)
    assert stay.state == "finished"


def test_an_outpatient_lies_nowhere() -> None:
    visit = Encounter(id=UUID(int=1), patient_id=UUID(int=2), encounter_class=EncounterClass.AMBULATORY)
    fact = visit.admit(None, hours_ago(1), BY)
    assert (fact.campus, fact.ward, fact.bed, fact.encounter_class) == (None, None, None, "AMB")


def test_places_are_made_of_their_codes_each_after_what_it_is_part_of() -> None:
    plan = WardPlan(
        campus="A",
        campus_zh="甲",
        campus_en="A",
        code="W",
        name_zh="乙",
        name_en="W",
        rooms=(RoomPlan(code="1", beds=("a", "b")), RoomPlan(code="", beds=("加1",))),
    )
    made = list(locations_of(plan))
    assert [(each.kind, each.code) for each in made] == [
        ("campus", "A"),
        ("ward", "W"),
        ("room", "1"),
        ("bed", "a"),
        ("bed", "b"),
        ("bed", "加1"),
    ]
    known: set[UUID] = set()
    for each in made:
        assert each.part_of is None or each.part_of in known
        known.add(each.id)
    assert made == list(locations_of(plan))
    assert location_id("A", "W", "1", "a") != location_id("A", "W", "", "1a")
