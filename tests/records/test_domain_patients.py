"""Patients: what a message changes, what merging allows; and link codes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.records.domain import (
    LinkCode,
    LinkTries,
    MergeChain,
    MergeNeedsRecordsOfficer,
    MergeWithItself,
    Patient,
    PatientMergedAway,
    SentPerson,
    TooManyTries,
    code_from,
    identify_at_desk,
    read_code,
)
from services.records.events import PatientMerged
from shared.errors import DomainError
from tests.records.people import resident_number, traveller

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)
IDS = [UUID(int=number) for number in (1, 2, 3)]


def known_patient(number: int = 0, **changes: Any) -> Patient:
    members: dict[str, Any] = {
        "id": IDS[number],
        "mrn": "100000016",
        "name": "Donald Duck",
        "search_key": "donaldduckdonald",
        "sex": "male",
        "birth_on": date(1972, 2, 27),
        "verified": False,
        "as_sent": {"sex": "M"},
        "registered_by": "system:hl7-import",
        "registered_at": NOW,
    }
    return Patient(**{**members, **changes})


def state(patient: Patient) -> tuple[Any, ...]:
    return patient.name, patient.search_key, patient.sex, patient.birth_on, patient.as_sent, patient.version


@pytest.mark.parametrize(
    ("person", "name", "sex", "birth_on"),
    [
        (SentPerson(identifiers=()), "Donald Duck", "male", date(1972, 2, 27)),
        (SentPerson(identifiers=(), name="Daisy", search_key="daisy"), "Daisy", "male", date(1972, 2, 27)),
        (SentPerson(identifiers=(), sex="female"), "Donald Duck", "female", date(1972, 2, 27)),
        (SentPerson(identifiers=(), birth_on=date(1970, 1, 1)), "Donald Duck", "male", date(1970, 1, 1)),
        (SentPerson(identifiers=(), cleared=frozenset({"sex", "birth_on", "name"})), None, None, None),
    ],
)
def test_a_message_changes_what_it_says_and_leaves_the_rest(
    person: SentPerson, name: str | None, sex: str | None, birth_on: date | None
) -> None:
    patient = known_patient()
    changed = patient.take_as_sent(person)
    assert (patient.name, patient.sex, patient.birth_on) == (name, sex, birth_on)
    assert changed == (patient.version == 2)


def test_a_message_never_changes_what_stands_in_a_document() -> None:
    patient = known_patient(verified=True)
    assert patient.take_as_sent(SentPerson(identifiers=(), name="Daisy", sex="female", words={"sex": "F"}))
    assert state(patient) == ("Donald Duck", "donaldduckdonald", "male", date(1972, 2, 27), {"sex": "F"}, 2)


def test_one_record_ends_in_another() -> None:
    patient, survivor = known_patient(), known_patient(1, verified=True)
    fact = patient.merge_into(survivor, absorbed=0, by_records_officer=False)
    assert fact == PatientMerged(patient_id=IDS[0], merged_into=IDS[1])
    assert (patient.merged_into, patient.version, survivor.merged_into, survivor.version) == (IDS[1], 2, None, 1)


@pytest.mark.parametrize(
    ("patient", "into", "absorbed", "refusal"),
    [
        (known_patient(), known_patient(), 0, MergeWithItself),
        (known_patient(merged_into=IDS[2]), known_patient(1), 0, PatientMergedAway),
        (known_patient(), known_patient(1, merged_into=IDS[2]), 0, PatientMergedAway),
        (known_patient(), known_patient(1, merged_into=IDS[0]), 1, PatientMergedAway),
        (known_patient(), known_patient(1), 1, MergeChain),
        (known_patient(verified=True), known_patient(1, verified=True), 0, MergeNeedsRecordsOfficer),
    ],
)
def test_a_merge_that_would_lose_a_person_is_refused(
    patient: Patient, into: Patient, absorbed: int, refusal: type[DomainError]
) -> None:
    before = (state(patient), patient.merged_into, state(into), into.merged_into)
    with pytest.raises(refusal):
        patient.merge_into(into, absorbed=absorbed, by_records_officer=False)
    assert (state(patient), patient.merged_into, state(into), into.merged_into) == before


def test_the_records_office_may_merge_two_patients_who_both_have_documents() -> None:
    patient, into = known_patient(verified=True), known_patient(1, verified=True)
    assert patient.merge_into(into, absorbed=0, by_records_officer=True).merged_into == IDS[1]


def test_the_document_on_the_desk_decides_whatever_was_sent() -> None:
    number = resident_number(date(1980, 4, 5), 2)
    given = replace(traveller(), name="", document_type="01", document_number=number, birth_on=None, sex=None)
    identity, document = identify_at_desk(known_patient(), given, today=TODAY)
    assert (identity.name, identity.birth_on, identity.sex) == ("Donald Duck", date(1980, 4, 5), "female")
    assert document.number == number


def test_what_a_passport_does_not_tell_is_taken_from_what_was_sent() -> None:
    given = replace(traveller(), name="Donald Fauntleroy Duck", birth_on=None, sex=None)
    identity, _ = identify_at_desk(known_patient(), given, today=TODAY)
    assert (identity.name, identity.birth_on, identity.sex) == ("Donald Fauntleroy Duck", date(1972, 2, 27), "male")


@pytest.mark.parametrize(
    ("patient", "code"),
    [
        (known_patient(name=None), "name_invalid"),
        (known_patient(birth_on=None), "birth_date_needed"),
        (known_patient(sex=None), "sex_needed"),
        (known_patient(sex="unknown"), "sex_needed"),
    ],
)
def test_what_neither_document_nor_message_tells_is_asked_for(patient: Patient, code: str) -> None:
    with pytest.raises(DomainError) as refusal:
        identify_at_desk(patient, replace(traveller(), name="", birth_on=None, sex=None), today=TODAY)
    assert refusal.value.code == code


def link_code(**changes: Any) -> LinkCode:
    members: dict[str, Any] = {"fingerprint": "f", "issued_at": NOW, "issued_by": "staff:front-desk"}
    return LinkCode(
        **{"id": IDS[0], "patient_id": IDS[1], **members, "valid_until": NOW + timedelta(minutes=30), **changes}
    )


@pytest.mark.parametrize(
    ("code", "minutes", "opens"),
    [
        (link_code(), 0, True),
        (link_code(), 29.99, True),
        (link_code(), 30, False),
        (link_code(withdrawn_at=NOW), 1, False),
        (link_code(redeemed_by="account:one", redeemed_at=NOW), 1, True),
        (link_code(redeemed_by="account:two", redeemed_at=NOW), 1, False),
        (link_code(redeemed_by="account:one", redeemed_at=NOW), 30, False),
    ],
)
def test_a_link_code_opens_once_within_thirty_minutes(code: LinkCode, minutes: float, opens: bool) -> None:
    assert code.opens_for("account:one", NOW + timedelta(minutes=minutes)) is opens


def test_five_wrong_codes_close_the_door_for_thirty_minutes() -> None:
    tries = LinkTries(subject="account:one", wrong=0)
    left = [tries.count_wrong(NOW).facts["tries_left"] for _ in range(5)]
    assert left == [4, 3, 2, 1, 0]
    with pytest.raises(TooManyTries) as refusal:
        tries.check(NOW + timedelta(minutes=29, seconds=59))
    assert refusal.value.facts == {"locked_until": NOW + timedelta(minutes=30)}
    tries.check(NOW + timedelta(minutes=30))
    assert tries.count_wrong(NOW + timedelta(minutes=30)).facts == {"tries_left": 4}


def test_a_right_code_makes_the_wrong_ones_forgotten() -> None:
    tries = LinkTries(subject="account:one", wrong=4)
    tries.forgive()
    assert tries.count_wrong(NOW).facts == {"tries_left": 4}


def test_a_code_has_eight_characters_that_nobody_confuses() -> None:
    codes = {code_from(bytes([number] * 8)) for number in range(256)}
    assert {len(code) for code in codes} == {8}
    assert {code[0] for code in codes} == set("ABCDEFGHJKLMNPQRSTUVWXYZ23456789")


@pytest.mark.parametrize("typed", ["ABCD2345", "abcd 2345", " abcd-2345 ", "ＡＢＣＤ２３４５"])
def test_a_code_may_be_typed_in_small_letters_and_groups(typed: str) -> None:
    assert read_code(typed) == "ABCD2345"
