"""Real-name registration: what was typed becomes an identity, or a refusal that names the field."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from services.records.domain import GuardianGiven, Registration, age, identify
from shared.errors import DomainError
from tests.records.people import GUARDIAN, WANG_NUMBER, child, resident_number, traveller, wang

TODAY = date(2026, 11, 23)
CHILD_NUMBER = resident_number(date(2024, 5, 6), 3)


def test_a_resident_number_tells_birth_date_and_sex() -> None:
    identity = identify(wang(), today=TODAY)
    assert (identity.name, identity.birth_on, identity.sex) == ("王建国", date(1956, 3, 8), "male")
    assert identity.natural_key == ("document:01", WANG_NUMBER)


def test_what_was_typed_beside_a_resident_number_may_only_agree_with_it() -> None:
    assert identify(wang(birth_on=date(1956, 3, 8), sex="male"), today=TODAY) == identify(wang(), today=TODAY)


def test_a_passport_needs_birth_date_and_sex_beside_it() -> None:
    identity = identify(traveller(), today=TODAY)
    assert (identity.birth_on, identity.sex) == (date(1972, 2, 27), "male")
    assert identity.natural_key == ("document:03", "GB1234567")


def test_a_child_without_a_number_is_known_by_its_guardian_its_name_and_its_birthday() -> None:
    identity = identify(child(), today=TODAY)
    assert identity.document is None
    assert identity.natural_key == ("child", f"document:01|{WANG_NUMBER}|王小宝|2024-05-06")
    twin = identify(child(name="王小贝"), today=TODAY)
    assert twin.natural_key != identity.natural_key
    other_paper = replace(GUARDIAN, document_type="02")
    assert identify(child(guardian=other_paper), today=TODAY).natural_key == identity.natural_key


def test_a_child_with_a_number_of_its_own_still_comes_with_a_guardian() -> None:
    identity = identify(child(document_type="02", document_number=CHILD_NUMBER), today=TODAY)
    assert identity.natural_key == ("document:01", CHILD_NUMBER)
    assert identity.guardian is not None
    assert identity.guardian.phone == "19900000001"


REFUSED: list[tuple[str, Registration, str, dict[str, Any]]] = [
    ("a name with digits", wang(name="王2"), "name_invalid", {"member": "name"}),
    ("another birth date", wang(birth_on=date(1956, 3, 9)), "birth_date_mismatch", {"member": "birth_on"}),
    ("another sex", wang(sex="female"), "sex_mismatch", {"member": "sex"}),
    ("no phone number", wang(phone="12"), "phone_invalid", {"member": "phone"}),
    ("no birth date", traveller(birth_on=None), "birth_date_needed", {"member": "birth_on"}),
    ("no sex", traveller(sex=None), "sex_needed", {"member": "sex"}),
    (
        "a birth date to come",
        traveller(birth_on=TODAY + timedelta(days=1)),
        "birth_date_in_future",
        {"member": "birth_on"},
    ),
    (
        "a number without its kind",
        wang(document_type=None),
        "document_number_invalid",
        {"reason": "form", "member": "document_type"},
    ),
    (
        "a kind without a number",
        wang(document_number=None),
        "document_number_invalid",
        {"reason": "form", "member": "document_number"},
    ),
    ("an unknown kind", wang(document_type="77"), "document_type_unknown", {"member": "document_type"}),
    (
        "an adult without a document",
        Registration(name="王建国", birth_on=date(1990, 1, 1), sex="male"),
        "document_needed",
        {"member": "document_number"},
    ),
    ("a child alone", child(guardian=None), "guardian_needed", {"member": "guardian"}),
    (
        "a child alone with a passport",
        traveller(birth_on=date(2020, 1, 1)),
        "guardian_needed",
        {"member": "guardian"},
    ),
    ("an adult with a guardian", traveller(guardian=GUARDIAN), "guardian_for_children_only", {"member": "guardian"}),
    (
        "a child under its guardian's passport",
        child(
            document_type="03",
            document_number="E12345678",
            guardian=replace(GUARDIAN, document_type="03", document_number="E12345678"),
        ),
        "guardian_identity_used",
        {"member": "document_number"},
    ),
    (
        "a child under its guardian's identity card",
        child(document_type="01", document_number=WANG_NUMBER),
        "birth_date_mismatch",
        {"member": "birth_on"},
    ),
    (
        "a guardian of seventeen",
        child(guardian=replace(GUARDIAN, document_number=resident_number(date(2008, 11, 24)))),
        "guardian_too_young",
        {"member": "guardian.document_number"},
    ),
    (
        "a guardian whose number is wrong",
        child(guardian=replace(GUARDIAN, document_number=WANG_NUMBER[:-1] + "0")),
        "document_number_invalid",
        {"reason": "check_character", "member": "guardian.document_number"},
    ),
    (
        "a guardian without a phone",
        child(guardian=replace(GUARDIAN, phone="1")),
        "phone_invalid",
        {"member": "guardian.phone"},
    ),
    (
        "a guardian without a name",
        child(guardian=GuardianGiven(name="1", document_type="01", document_number=WANG_NUMBER, phone="19900000001")),
        "name_invalid",
        {"member": "guardian.name"},
    ),
]


@pytest.mark.parametrize(("person", "code", "facts"), [each[1:] for each in REFUSED], ids=[each[0] for each in REFUSED])
def test_a_person_is_refused_by_the_rule_that_was_broken(
    person: Registration, code: str, facts: dict[str, Any]
) -> None:
    with pytest.raises(DomainError) as refusal:
        identify(person, today=TODAY)
    assert (refusal.value.code, refusal.value.facts) == (code, facts)


@pytest.mark.parametrize(
    ("birth_on", "is_child"), [(date(2012, 11, 24), True), (date(2012, 11, 23), False), (date(2012, 11, 22), False)]
)
def test_the_guardian_ends_on_the_fourteenth_birthday(birth_on: date, is_child: bool) -> None:
    person = Registration(
        name="王小宝",
        document_type="01",
        document_number=resident_number(birth_on),
        guardian=GUARDIAN if is_child else None,
    )
    identify(person, today=TODAY)
    other = replace(person, guardian=None if is_child else GUARDIAN)
    with pytest.raises(DomainError) as refusal:
        identify(other, today=TODAY)
    assert refusal.value.code == ("guardian_needed" if is_child else "guardian_for_children_only")


@pytest.mark.parametrize(
    ("birth_on", "today", "years"),
    [
        (date(2012, 2, 29), date(2026, 2, 28), 13),
        (date(2012, 2, 29), date(2026, 3, 1), 14),
        (date(2000, 12, 31), date(2026, 12, 30), 25),
        (date(2026, 11, 23), date(2026, 11, 23), 0),
    ],
)
def test_age_counts_full_years(birth_on: date, today: date, years: int) -> None:
    assert age(birth_on, today) == years
