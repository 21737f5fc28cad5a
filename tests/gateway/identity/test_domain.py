"""The rules of identity, on plain values."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from gateway.identity.domain import (
    FamilyLimitReached,
    Limits,
    PhoneInvalid,
    Principal,
    is_alive,
    is_code,
    is_worth_noting,
    masked_phone,
    missing_consents,
    normal_phone,
    place_for,
)
from tests.support.clock import MONDAY_MORNING as NOW

LIMITS = Limits()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("19900000001", "+8619900000001"),
        (" 199 0000 0001 ", "+8619900000001"),
        ("199-0000-0001", "+8619900000001"),
        ("+86 199 0000 0001", "+8619900000001"),
        ("008619900000001", "+8619900000001"),
        ("8619900000001", "+8619900000001"),
        ("+44 7700 900123", "+447700900123"),
    ],
)
def test_a_phone_is_kept_in_one_form_however_it_is_typed(typed: str, kept: str) -> None:
    assert normal_phone(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        *("", "1990000000", "199000000011", "12900000001", "02160000000", "+8602160000000", "abc", "+0123456789"),
        *("１９９００００００１", "19900000001;DROP", "19900000001\n1", "+86", "+1", "+1234567890123456"),
    ],
)
def test_what_is_no_mobile_number_is_refused(typed: str) -> None:
    with pytest.raises(PhoneInvalid):
        normal_phone(typed)


def test_a_masked_phone_shows_three_and_four_digits() -> None:
    assert masked_phone("+8613800001234") == "138****1234"


@pytest.mark.parametrize(
    ("typed", "is_one"), [("123456", True), ("12345", False), ("１２３４５６", False), ("12a456", False)]
)
def test_a_code_is_six_plain_digits(typed: str, is_one: bool) -> None:
    assert is_code(typed) is is_one


def test_the_lowest_free_place_is_taken() -> None:
    assert place_for(set(), 5) == 1
    assert place_for({1, 3}, 5) == 2
    with pytest.raises(FamilyLimitReached):
        place_for({1, 2, 3, 4, 5}, 5)


def test_a_text_is_asked_for_when_it_was_never_given_or_has_changed() -> None:
    in_force = {"service_terms": 2, "sensitive_information": 1}
    assert missing_consents({}, in_force) == ("service_terms", "sensitive_information")
    assert missing_consents({"service_terms": 1, "sensitive_information": 1}, in_force) == ("service_terms",)
    assert missing_consents({"service_terms": 2, "sensitive_information": 1}, in_force) == ()


@pytest.mark.parametrize(
    ("staff", "unused", "age", "alive"),
    [
        (False, timedelta(days=29), timedelta(days=29), True),
        (False, timedelta(days=30), timedelta(days=30), False),
        (False, timedelta(), timedelta(days=179), True),
        (False, timedelta(), timedelta(days=180), False),
        (True, timedelta(minutes=29), timedelta(hours=11), True),
        (True, timedelta(minutes=30), timedelta(hours=1), False),
        (True, timedelta(), timedelta(hours=12), False),
    ],
)
def test_a_session_ends_when_it_is_unused_or_old(staff: bool, unused: timedelta, age: timedelta, alive: bool) -> None:
    assert is_alive(now=NOW, created_at=NOW - age, seen_at=NOW - unused, staff=staff, limits=LIMITS) is alive


def test_the_last_use_is_noted_once_a_day_for_people_and_once_a_minute_for_staff() -> None:
    person = Principal(account_id=uuid.uuid4(), seen_at=NOW)
    nurse = Principal(staff_id=uuid.uuid4(), seen_at=NOW)
    assert is_worth_noting(person, now=NOW + timedelta(hours=23), limits=LIMITS) is False
    assert is_worth_noting(person, now=NOW + timedelta(days=1), limits=LIMITS) is True
    assert is_worth_noting(nurse, now=NOW + timedelta(seconds=59), limits=LIMITS) is False
    assert is_worth_noting(nurse, now=NOW + timedelta(minutes=1), limits=LIMITS) is True


def test_an_empty_list_of_roles_allows_nothing() -> None:
    assert Principal(staff_id=uuid.uuid4(), roles=("admin",)).has() is False
    assert Principal(staff_id=uuid.uuid4()).has("admin") is False
