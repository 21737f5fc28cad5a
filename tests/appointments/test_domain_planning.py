"""How a session is divided into slots, and the hospital's own rules."""

from __future__ import annotations

import uuid
from dataclasses import asdict, replace
from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.appointments import domain
from services.appointments.domain import (
    BookingRules,
    NumberType,
    Schedule,
    Session,
    check_rules,
    session_hours,
    windows,
)
from shared.errors import DomainError
from tests.appointments.plain import RULES, TUESDAY, minutes, wall


def schedule(session: Session, places: int, day: date = TUESDAY) -> Schedule:
    starts_at, ends_at = session_hours(day, session)
    return Schedule(
        id=uuid.uuid4(),
        practitioner_id=uuid.uuid4(),
        department_id=uuid.uuid4(),
        date=day,
        session=session,
        number_type=NumberType.GENERAL,
        fee_fen=1500,
        places=places,
        starts_at=starts_at,
        ends_at=ends_at,
    )


@pytest.mark.parametrize(
    ("session", "day", "begins", "ends"),
    [
        (Session.MORNING, TUESDAY, (8, 0), (12, 0)),
        (Session.AFTERNOON, TUESDAY, (13, 30), (17, 0)),
        (Session.AFTERNOON, date(2026, 9, 30), (14, 0), (17, 30)),
        (Session.AFTERNOON, date(2026, 10, 1), (13, 30), (17, 0)),
        (Session.AFTERNOON, date(2026, 4, 30), (13, 30), (17, 0)),
        (Session.AFTERNOON, date(2026, 5, 1), (14, 0), (17, 30)),
        (Session.EVENING, TUESDAY, (17, 30), (20, 0)),
    ],
)
def test_sessions_have_the_hospitals_hours(session: Session, day: date, begins: Any, ends: Any) -> None:
    assert session_hours(day, session) == (wall(day, *begins), wall(day, *ends))


@given(st.sampled_from(list(Session)), st.integers(min_value=1, max_value=200))
def test_every_place_of_a_session_is_in_one_of_its_half_hours(session: Session, places: int) -> None:
    planned = schedule(session, places)
    made = list(windows(planned))
    capacities = [each.capacity for each in made]
    assert sum(capacities) == places
    assert max(capacities) - min(capacities) <= 1
    assert capacities == sorted(capacities, reverse=True)
    assert made[0].starts_at == planned.starts_at
    assert made[-1].ends_at <= planned.ends_at
    assert all(each.ends_at - each.starts_at == 30 * minutes for each in made)
    assert all(one.ends_at == two.starts_at for one, two in pairwise(made))


def test_a_morning_of_twenty_is_divided_into_eight_half_hours() -> None:
    assert [each.capacity for each in windows(schedule(Session.MORNING, 20))] == [3, 3, 3, 3, 2, 2, 2, 2]


# ------------------------------------------------------------------------------------------------------------ rules


@pytest.mark.parametrize(
    ("rule", "value"),
    [
        ("release_days", -1),
        ("release_minute", 1440),
        ("hold_minutes", 0),
        ("invoice_wait_minutes", 4),
        ("extension_minutes", 61),
        ("cancel_minutes", -1),
        ("open_limit", 0),
        ("day_limit", 0),
        ("department_day_limit", 21),
        ("slots_days_ahead", 121),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused_by_name(rule: str, value: int) -> None:
    with pytest.raises(domain.RuleNotValid) as refusal:
        check_rules(replace(RULES, **{rule: value}))
    assert refusal.value.facts["rule"] == rule


def test_stored_rules_come_back_and_unknown_ones_are_passed_over() -> None:
    check_rules(RULES)
    assert BookingRules.of({**asdict(BookingRules(open_limit=3)), "of_a_later_version": 1}) == BookingRules(
        open_limit=3
    )


def test_each_refusal_has_a_code_of_its_own() -> None:
    kinds = [each for each in vars(domain).values() if isinstance(each, type) and issubclass(each, DomainError)]
    codes = [each.code for each in kinds]
    assert sorted(codes) == sorted(set(codes))
    assert "slot_taken" in codes
