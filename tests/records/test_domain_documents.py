"""Identity documents, names, phone numbers and medical record numbers."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.records.domain import (
    TYPES,
    DocumentNumberInvalid,
    DocumentTypeUnknown,
    Holder,
    NameInvalid,
    PhoneInvalid,
    mask,
    mask_phone,
    mrn_of,
    name_key,
    person_name,
    phone_number,
    read_document,
    read_mrn,
    search_key,
)
from tests.records.people import resident_number

TODAY = date(2026, 11, 23)

ACCEPTED = [
    ("01", resident_number(), Holder(date(1956, 3, 8), "male")),
    ("01", resident_number(date(1988, 2, 15), 2), Holder(date(1988, 2, 15), "female")),
    ("01", "320302195603080019", Holder(date(1956, 3, 8), "male")),
    ("02", resident_number(date(2019, 1, 1), 3), Holder(date(2019, 1, 1), "male")),
    ("03", "E12345678", Holder()),
    ("03", "GB1234567", Holder()),
    ("04", "军字第1234567号", Holder()),
    ("04", "01234567", Holder()),
    ("05", resident_number(), Holder(date(1956, 3, 8), "male")),
    ("05", "320300123456", Holder()),
    ("06", "H12345678", Holder()),
    ("06", "M1234567801", Holder()),
    ("07", "12345678", Holder()),
    ("07", "1234567890B", Holder()),
    ("51", "810000199408230021", Holder(date(1994, 8, 23), "female")),
    ("51", "83000019940823001" + "0", Holder(date(1994, 8, 23), "male")),
    ("52", "CAN110108010101", Holder()),
    ("52", "911124198108030024", Holder(date(1981, 8, 3), "female")),
    ("53", "P320123456", Holder()),
    ("54", "士字第20201234号", Holder()),
    ("99", "难民证A1234", Holder()),
]

REFUSED = [
    ("01", "320302560308001", "form"),  # fifteen digits
    ("01", resident_number()[:-1], "form"),
    ("01", resident_number() + "1", "form"),
    ("01", "99" + resident_number()[2:], "form"),
    ("01", "810000199408230021", "form"),  # a residence permit is not an identity card
    ("01", "１２３" + resident_number()[3:-1] + "é", "form"),
    ("01", "320302195613080011", "check_character"),
    ("01", "32030219560308001X", "check_character"),
    ("01", "329900195602300019", "birth_date"),
    ("01", resident_number(date(2026, 11, 24)), "birth_date"),
    ("01", resident_number(date(1879, 12, 31)), "birth_date"),
    ("02", "no number", "form"),
    ("03", "ABCDEFG", "form"),
    ("03", "E123", "form"),
    ("03", "E1234567-8", "form"),
    ("04", "第", "form"),
    ("05", "12345", "form"),
    ("06", "A12345678", "form"),
    ("06", "H1234567", "form"),
    ("07", "1234567", "form"),
    ("51", "840000199408230021", "form"),
    ("51", "810000199408230022", "check_character"),
    ("52", "CA1110108010101", "form"),
    ("53", "320123456", "form"),
    ("54", "!", "form"),
    ("99", "abc", "form"),
    ("99", "<script>1", "form"),
]


def with_check_character(number: str) -> str:
    from stdnum.cn import ric

    return number[:-1] + ric.calc_check_digit(number)


@pytest.mark.parametrize(("type_", "number", "holder"), ACCEPTED)
def test_a_document_is_accepted_and_tells_what_it_can(type_: str, number: str, holder: Holder) -> None:
    if holder.birth_on is not None:
        number = with_check_character(number)
    document = read_document(type_, number, today=TODAY)
    assert (document.type, document.number, document.holder) == (type_, number, holder)


@pytest.mark.parametrize(("type_", "number", "reason"), REFUSED)
def test_a_number_that_its_kind_of_document_cannot_have_is_refused(type_: str, number: str, reason: str) -> None:
    if reason == "birth_date":
        number = with_check_character(number)
    with pytest.raises(DocumentNumberInvalid) as refusal:
        read_document(type_, number, today=TODAY)
    assert refusal.value.facts == {"reason": reason, "member": "document_number"}


def test_every_kind_of_document_has_an_example_on_both_sides() -> None:
    assert {type_ for type_, *_ in ACCEPTED} == set(TYPES)
    assert {type_ for type_, *_ in REFUSED} == set(TYPES)


@pytest.mark.parametrize("type_", ["00", "1", "08", "100", ""])
def test_a_kind_of_document_that_nobody_knows_is_refused(type_: str) -> None:
    with pytest.raises(DocumentTypeUnknown):
        read_document(type_, "E12345678", today=TODAY)


def test_a_number_is_kept_in_upper_case_half_width_and_without_spaces() -> None:
    assert read_document("03", " e1234 ５６78 ", today=TODAY).number == "E12345678"
    with_x = next(
        number for number in (resident_number(date(1990, 1, 1), order) for order in range(1, 99)) if number[-1] == "X"
    )
    assert read_document("01", with_x.lower(), today=TODAY).number == with_x


def test_register_licence_and_identity_card_are_unique_together_but_not_with_a_passport() -> None:
    systems = {type_: read_document(type_, resident_number(), today=TODAY).system for type_ in ("01", "02", "05")}
    assert set(systems.values()) == {"document:01"}
    assert read_document("05", "320300123456", today=TODAY).system == "document:05"
    assert read_document("03", "E12345678", today=TODAY).system == "document:03"


def test_a_renewed_travel_permit_is_of_the_same_person() -> None:
    first, second = (read_document("06", f"H12345678{count}", today=TODAY) for count in ("01", "02"))
    assert (first.identity, second.identity) == ("H12345678", "H12345678")


@pytest.mark.parametrize("position", range(17))
def test_every_wrong_digit_of_a_resident_number_is_found(position: int) -> None:
    right = resident_number()
    for digit in set("0123456789") - {right[position]}:
        with pytest.raises(DocumentNumberInvalid):
            read_document("01", right[:position] + digit + right[position + 1 :], today=TODAY)


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("320302195603080019", "320302********0019"),
        ("CAN110108010101", "CAN110*****0101"),
        ("E12345678", "E******78"),
        ("A123456", "A****56"),
        ("军12345", "****45"),
        ("A1", "A1"),
    ],
)
def test_lists_show_a_number_with_its_middle_hidden(number: str, masked: str) -> None:
    assert mask(number) == masked


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("王建国", "王建国"),
        ("  王 建国 ", "王 建国"),
        ("买买提•艾力", "买买提·艾力"),
        ("买买提・艾力", "买买提·艾力"),
        ("买买提·艾力", "买买提·艾力"),
        ("王某某之子", "王某某之子"),
        ("Jean-Luc  Moreau", "Jean-Luc Moreau"),
        ("O'Neill, Jr.", "O'Neill, Jr."),
        ("Ｄｏｎａｌｄ", "Donald"),
        ("Ngô Thị Ánh", "Ngô Thị Ánh"),
        ("प्रिया शर्मा", "प्रिया शर्मा"),
    ],
)
def test_a_name_is_written_as_in_the_document(typed: str, kept: str) -> None:
    assert person_name(typed) == kept


@pytest.mark.parametrize(
    "typed", ["", " ", "王", "王2", "·艾力", "艾力·", "<b>王</b>", "王@国", "Al_ice", "A" * 61, "-Anna"]
)
def test_what_is_no_name_is_refused(typed: str) -> None:
    with pytest.raises(NameInvalid):
        person_name(typed)


def test_names_are_compared_by_their_letters_alone() -> None:
    assert name_key("买买提·艾力") == "买买提艾力"
    assert name_key("Jean-Luc MOREAU") == "jeanlucmoreau"
    assert "duckdonald" in search_key("Donald Duck")
    assert search_key("王建国") == "王建国"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("19900000001", "19900000001"),
        ("+86 199-0000-0001", "19900000001"),
        ("008619900000001", "19900000001"),
        ("+44 7700 900123", "+447700900123"),
    ],
)
def test_a_phone_number_is_kept_in_one_form(typed: str, kept: str) -> None:
    assert phone_number(typed) == kept


@pytest.mark.parametrize("typed", ["", "1990000", "29900000001", "+8612345", "+0441234567", "phone", "199000000012"])
def test_what_is_no_phone_number_is_refused(typed: str) -> None:
    with pytest.raises(PhoneInvalid):
        phone_number(typed)


def test_lists_show_a_phone_number_with_its_middle_hidden() -> None:
    assert mask_phone("13812341234") == "138****1234"


def test_medical_record_numbers_have_nine_digits_and_differ() -> None:
    assert [mrn_of(count) for count in (1, 2, 89_999_999)] == ["100000016", "100000024", "999999995"]
    for count in (0, 90_000_000):
        with pytest.raises(ValueError, match="run out"):
            mrn_of(count)


@given(st.integers(1, 89_999_999), st.integers(0, 8), st.integers(1, 9))
def test_a_slip_in_a_medical_record_number_is_noticed(count: int, position: int, step: int) -> None:
    mrn = mrn_of(count)
    wrong = str((int(mrn[position]) + step) % 10)
    assert read_mrn(mrn) == mrn
    assert read_mrn(mrn[:position] + wrong + mrn[position + 1 :]) is None


@pytest.mark.parametrize(("typed", "read"), [("100 000 016", "100000016"), ("100-000-016", "100000016"), ("王", None)])
def test_a_medical_record_number_may_be_typed_in_groups(typed: str, read: str | None) -> None:
    assert read_mrn(typed) == read
