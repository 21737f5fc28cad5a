"""Who may have a place, when, and how many."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date, timedelta

import pytest

from services.appointments import domain, events
from services.appointments.domain import (
    Audience,
    BookingRules,
    Sex,
    State,
    age_on,
)
from tests.appointments.plain import NOW, RULES, TUESDAY, hold, hours, minutes, person, slot, wall


def test_a_held_place_keeps_what_was_promised() -> None:
    where, who = slot(), person()
    mine = uuid.uuid4()

    held, fact = domain.hold(
        appointment_id=mine,
        slot=where,
        person=who,
        patient_id=who.id,
        others=[],
        rules=RULES,
        client_reference="phone-1",
        now=NOW,
    )

    assert (held.state, held.number, held.payable, held.extended) == (State.PENDING, None, False, False)
    assert (held.held_at, held.held_until) == (NOW, NOW + 2 * hours)
    assert (held.fee_fen, held.cancellable_until) == (3500, wall(TUESDAY, 7, 30))
    assert (held.person_id, held.nth_open) == (who.id, 1)
    assert fact == events.AppointmentHeld(
        appointment_id=mine,
        patient_id=who.id,
        slot_id=where.id,
        fee_fen=3500,
        starts_at=wall(TUESDAY, 8),
        department={"zh": "心血管内科", "en": "Cardiology"},
        practitioner={"zh": "陈思远", "en": "Chen Siyuan"},
        client_reference="phone-1",
    )


# ------------------------------------------------------------------------------------------------- slot and release


def test_the_last_place_goes_and_no_further() -> None:
    assert hold(slot(taken=1)).state is State.PENDING
    with pytest.raises(domain.SlotTaken):
        hold(slot(taken=2))


def test_a_suspended_slot_is_refused() -> None:
    with pytest.raises(domain.SlotSuspended):
        hold(slot(suspended=True))


def test_a_slot_can_be_held_until_the_moment_it_begins() -> None:
    where = slot()
    held = hold(where, now=where.starts_at - timedelta(seconds=1))
    assert held.held_until == where.ends_at
    with pytest.raises(domain.SlotBegan):
        hold(where, now=where.starts_at)


def test_the_seventh_day_opens_at_seven_in_the_morning() -> None:
    where = slot()
    seven_days_before = wall(TUESDAY - timedelta(days=7), 7)
    with pytest.raises(domain.SlotNotReleased):
        hold(where, now=seven_days_before - timedelta(seconds=1))
    assert hold(where, now=seven_days_before).date == TUESDAY


def test_release_follows_the_hospitals_rules() -> None:
    rules = BookingRules(release_days=14, release_minute=12 * 60 + 30)
    assert rules.last_open_day(wall(TUESDAY, 12, 29)) == TUESDAY + timedelta(days=13)
    assert rules.last_open_day(wall(TUESDAY, 12, 30)) == TUESDAY + timedelta(days=14)


def test_a_day_ends_at_midnight_in_shanghai_not_in_greenwich() -> None:
    rules = BookingRules(release_minute=0)
    assert rules.last_open_day(wall(TUESDAY, 0)) == TUESDAY + timedelta(days=7)
    assert rules.last_open_day(wall(TUESDAY, 0) - timedelta(seconds=1)) == TUESDAY + timedelta(days=6)


# --------------------------------------------------------------------------------------------------- whom it may be


def test_papers_that_nobody_has_seen_book_nothing_unless_the_hospital_allows_it() -> None:
    unseen = person(verified=False)
    with pytest.raises(domain.PatientNotVerified):
        hold(slot(), unseen)
    assert hold(slot(), unseen, rules=BookingRules(verified_only=False)).person_id == unseen.id


CHILDREN = Audience(max_age=14)
OLD_PEOPLE = Audience(min_age=60)
BABIES = Audience(max_age=0)


@pytest.mark.parametrize(
    ("audience", "birth_on", "served"),
    [
        (CHILDREN, date(2011, 11, 25), True),  # fifteen the day after the visit
        (CHILDREN, date(2011, 11, 24), False),  # fifteen on the day of the visit
        (CHILDREN, None, False),
        (OLD_PEOPLE, date(1966, 11, 24), True),
        (OLD_PEOPLE, date(1966, 11, 25), False),
        (OLD_PEOPLE, None, False),
        (BABIES, date(2025, 11, 25), True),
        (BABIES, date(2025, 11, 24), False),
        (Audience(), None, True),
    ],
)
def test_a_department_sees_its_ages_on_the_day_of_the_visit(
    audience: Audience, birth_on: date | None, served: bool
) -> None:
    where, who = slot(audience=audience), person(birth_on=birth_on)
    if served:
        assert hold(where, who).person_id == who.id
    else:
        with pytest.raises(domain.AgeNotServed) as refusal:
            hold(where, who)
        assert refusal.value.facts == {"min_age": audience.min_age, "max_age": audience.max_age}


@pytest.mark.parametrize("served", [Sex.FEMALE, Sex.MALE])
@pytest.mark.parametrize("sex", [*Sex, None])
def test_a_department_for_one_sex_sees_that_sex(served: Sex, sex: Sex | None) -> None:
    where, who = slot(audience=Audience(sex=served)), person(sex=sex)
    if sex is served:
        assert hold(where, who).person_id == who.id
    else:
        with pytest.raises(domain.SexNotServed):
            hold(where, who)


def test_somebody_born_on_a_leap_day_grows_older_on_the_first_of_march() -> None:
    born = date(2012, 2, 29)
    assert (age_on(born, date(2027, 2, 28)), age_on(born, date(2027, 3, 1))) == (14, 15)


# ----------------------------------------------------------------------------------------------------------- limits


def test_one_person_has_one_place_in_a_session_whatever_the_limits() -> None:
    early = slot()
    late = replace(early, id=uuid.uuid4(), starts_at=early.ends_at, ends_at=early.ends_at + 30 * minutes)
    generous = BookingRules(department_day_limit=20, day_limit=20)
    for where in (early, late):
        with pytest.raises(domain.AlreadyInSession):
            hold(where, others=[hold(early)], rules=generous)


def test_one_visit_a_day_in_a_department() -> None:
    first = slot()
    another_doctor = slot(department_id=first.department_id)
    another_day = replace(another_doctor, date=TUESDAY + timedelta(days=1))
    with pytest.raises(domain.DepartmentDayLimit) as refusal:
        hold(another_doctor, others=[hold(first)])
    assert refusal.value.facts == {"limit": 1}
    assert hold(another_day, others=[hold(first)]).nth_open == 2
    assert hold(another_doctor, others=[hold(first)], rules=BookingRules(department_day_limit=2)).nth_open == 2


def test_two_departments_on_one_day_and_no_third() -> None:
    two = [hold(slot()), replace(hold(slot()), nth_open=2)]
    with pytest.raises(domain.DayLimit) as refusal:
        hold(slot(), others=two)
    assert refusal.value.facts == {"limit": 2}


def ahead(count: int) -> list[domain.Appointment]:
    """So many visits, each on a day of its own."""
    return [replace(hold(slot()), date=TUESDAY - timedelta(days=nth), nth_open=nth) for nth in range(1, count + 1)]


def test_five_visits_ahead_and_no_sixth() -> None:
    assert hold(slot(), others=ahead(4)).nth_open == 5
    with pytest.raises(domain.OpenLimit) as refusal:
        hold(slot(), others=ahead(5))
    assert refusal.value.facts == {"limit": 5}


def test_a_visit_that_is_over_does_not_count_as_ahead() -> None:
    over = [replace(each, ends_at=NOW) for each in ahead(5)]
    assert hold(slot(), others=over).nth_open == 6


def test_a_number_that_became_free_is_used_again_for_the_next_open_visit() -> None:
    first, second, third = ahead(3)
    assert hold(slot(), others=[first, third]).nth_open == second.nth_open
