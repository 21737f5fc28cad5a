"""Reading HL7 v2: bytes to messages, messages to persons, and every way in which senders get it wrong."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from services.records.domain import SentIdentifier, SentMessage
from services.records.hl7_import.persons import KINDS
from tests.records.hl7 import PID, framed, message, read_all


def read_one(text: str, charset: str = "utf-8") -> SentMessage:
    [read] = read_all(text.encode(charset))
    assert isinstance(read, SentMessage), read
    return read


def problem_of(data: bytes) -> str:
    [problem] = read_all(data)
    assert isinstance(problem, str), problem
    return problem


def test_a_message_tells_who_the_person_is() -> None:
    read = read_one(message())
    assert (read.sender, read.control_id, read.kind) == ("HIS|MAIN", "C1", "ADT^A28")
    assert read.person.identifiers == (SentIdentifier("ISO:1.2.156.1", "7001", "MR"),)
    assert (read.person.name, read.person.search_key) == ("张三", "张三")
    assert (read.person.birth_on, read.person.sex) == (date(1980, 4, 5), "male")
    assert read.person.words == {
        "message": "ADT^A28",
        "name": {"family": "张", "given": "三"},
        "birth": "19800405",
        "sex": "M",
    }


@pytest.mark.parametrize("ending", ["\r", "\n", "\r\n", "\n\n", "\r\r\n"])
def test_any_line_ending_will_do(ending: str) -> None:
    assert read_one(message().replace("\r", ending)) == read_one(message())


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbf" + message().encode(),
        framed(message()),
        b"  \n" + message().encode() + b"\x1a",
        b"FHS|^~\\&|x\rBHS|^~\\&|x\r" + message().encode() + b"BTS|1\rFTS|1\r",
    ],
)
def test_what_surrounds_a_message_does_not_matter(data: bytes) -> None:
    assert read_all(data) == [read_one(message())]


def test_a_file_may_hold_many_messages() -> None:
    texts = [message(control_id=f"C{number}") for number in range(3)]
    expected = [read_one(each) for each in texts]
    assert read_all("".join(texts).encode()) == expected
    assert read_all(b"".join(map(framed, texts))) == expected
    assert read_all("\n\n".join(texts).encode()) == expected


@pytest.mark.parametrize(
    ("charset", "encoding"),
    [
        ("", "utf-8"),
        ("", "latin-1"),
        ("UNICODE UTF-8", "utf-8"),
        ("8859/1", "latin-1"),
        ("gb 18030-2000", "gb18030"),
        ("ASCII~8859/1", "ascii"),
    ],
)
def test_a_message_is_read_in_its_character_set(charset: str, encoding: str) -> None:
    name = {"gb18030": "欧阳^建国", "ascii": "Mueller^Jan"}.get(encoding, "Müller^Zoë")
    read = read_one(message(name=name, charset=charset), encoding)
    assert read.person.words["name"] == dict(zip(("family", "given"), name.split("^"), strict=True))


def test_escapes_are_read_and_unknown_ones_stay_as_sent() -> None:
    name = r"Smith \T\ Sons^A\S\B\F\\R\\E\\.br\C\X41\\Zq\\XZZ\ "
    assert read_one(message(name=name)).person.words["name"] == {
        "family": "Smith & Sons",
        "given": r"A^B|~\ CA\Zq\\XZZ\ ".strip(),
    }


def test_a_sender_may_choose_its_own_marks() -> None:
    text = message().replace("|", "#").replace("^", "*").replace("MSH#*~\\&", "MSH#*~\\&")
    assert read_one(text).person == read_one(message()).person


@pytest.mark.parametrize(
    ("name", "shown", "search"),
    [
        ("Duck^Donald^^^MR.^MR.", "Donald Duck", "donaldduckdonald"),
        ("DUMAS^VICTOR HUGO", "VICTOR HUGO DUMAS", "victorhugodumasvictorhugo"),
        ("van Beethoven&van&Beethoven^Ludwig^M", "Ludwig M van Beethoven", "ludwigvanbeethovenludwig"),
        ("买买提·艾力", "买买提·艾力", "买买提艾力"),
        ("Zhang^San^^^^^A~张^三^^^^^L", "张三", "张三"),
        ("^Madonna", "Madonna", "madonnamadonna"),
        ("", None, ""),
        ("^^^^", None, ""),
        ('""', None, ""),
        ('""~Duck^Donald', "Donald Duck", "donaldduckdonald"),
    ],
)
def test_a_name_is_shown_as_its_country_writes_it(name: str, shown: str | None, search: str) -> None:
    person = read_one(message(name=name)).person
    assert (person.name, person.search_key) == (shown, search)


@pytest.mark.parametrize(
    ("birth", "birth_on"),
    [
        ("19800405", date(1980, 4, 5)),
        ("198004051230", date(1980, 4, 5)),
        ("19800405123015.1234+0800", date(1980, 4, 5)),
        ("20000229", date(2000, 2, 29)),
        ("198004", None),
        ("1980", None),
        ("", None),
        ('""', None),
    ],
)
def test_a_birth_date_is_a_whole_day_or_stays_as_sent(birth: str, birth_on: date | None) -> None:
    assert read_one(message(birth=birth)).person.birth_on == birth_on


@pytest.mark.parametrize(
    ("code", "sex"),
    [
        ("M", "male"),
        ("F", "female"),
        ("f", "female"),
        ("O", "other"),
        ("A", "other"),
        ("N", "other"),
        ("U", "unknown"),
        ("1", "unknown"),
        ("M^Male", "male"),
        ("", None),
        ('""', None),
    ],
)
def test_a_sex_that_is_no_standard_code_is_unknown_and_stays_as_sent(code: str, sex: str | None) -> None:
    person = read_one(message(sex=code)).person
    assert person.sex == sex
    assert person.words.get("sex") == (code.removesuffix("^Male") or None)


def test_what_the_sender_deletes_is_told_from_what_it_leaves_out() -> None:
    assert read_one(message(name='""', birth='""', sex='""')).person.cleared == {"name", "birth_on", "sex"}
    assert read_one(message(name="", birth="", sex="")).person.cleared == frozenset()


@pytest.mark.parametrize(
    ("pid", "identifiers"),
    [
        ("PID|||1^^^A", [("MAIN/A", "1", None)]),
        ("PID|||1", [("MAIN", "1", None)]),
        ("PID|||1^^^A&1.2&ISO^MR~2^^^B^SS~^^^C", [("ISO:1.2", "1", "MR"), ("MAIN/B", "2", "SS")]),
        ("PID|||1^^^A~1^^^A", [("MAIN/A", "1", None)]),
        ("PID||9^^^OLD|1^^^A", [("MAIN/A", "1", None)]),
        ("PID||9^^^OLD||", [("MAIN/OLD", "9", None)]),
        ('PID|||""|8', [("MAIN", "8", None)]),
    ],
)
def test_numbers_are_kept_with_whose_they_are(pid: str, identifiers: list[tuple[str, str, str | None]]) -> None:
    read = read_one(message(segments=(pid,)))
    assert [(each.authority, each.value, each.kind) for each in read.person.identifiers] == identifiers


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_messages_that_tell_who_somebody_is_are_taken(kind: tuple[str, str]) -> None:
    segments = (
        PID.format(number="7001", name="张^三", birth="", sex=""),
        "MRG|7002",
        "PV1|1|I|W",
        "ORC|NW",
        "ODS|D||SOFT",
    )
    assert read_one(message(kind="^".join(kind), segments=segments)).kind == "^".join(kind)


def test_the_event_may_stand_in_its_own_segment() -> None:
    assert read_one(message(kind="ADT")).kind == "ADT^A28"


BAD: list[tuple[bytes, str]] = [
    (message(segments=()).encode(), "PID: the segment is missing"),
    (message(segments=("PID|||1", "PID|||2")).encode(), "PID: there is more than one"),
    (message(segments=("PID|1",)).encode(), "PID-3: no identifier tells who the person is"),
    (message(number="1" * 61).encode(), "PID-3: is longer than 60 characters"),
    (message(name="x" * 201).encode(), "PID-5: is longer than 200 characters"),
    (message(name="a\x07b").encode(), "PID-5: holds control characters"),
    (message(birth="19800431").encode(), "PID-7: is no date"),
    (message(birth="05.04.1980").encode(), "PID-7: is no date"),
    (message(birth="00000000").encode(), "PID-7: is no date"),
    (message(control_id="").encode(), "MSH-10: the control id is missing"),
    (message(kind="").encode(), "MSH-9: the message type is missing"),
    (message(kind="ADT^A60").encode(), "MSH-9: messages of this type are not taken"),
    (message(kind="ADT^A40").encode(), "MRG: the segment is missing"),
    (message(kind="ADT^A01").encode(), "PV1: the segment is missing"),
    (message(kind="ORU^R01").encode(), "MSH-9: messages of this type are not taken"),
    (message(charset="EBCDIC").encode(), "MSH-18: names a character set that is not known"),
    (
        message(name="Müller^Zoë", charset="UNICODE UTF-8").encode("latin-1"),
        "PID: is not in the character set that MSH-18 names (byte 38)",
    ),
    (
        message(segments=("pid|1",)).encode(),
        "segment 3: does not begin with the name of a segment",
    ),
    (
        message().replace("|HIS|MAIN|", "|||").encode(),
        "MSH-4: neither the sending application (MSH-3) nor the facility is named",
    ),
    (b"MSH", "MSH-1: is no field separator"),
    (b"MSH|", "MSH-9: the message type is missing"),
    (b"MSHx^~\\&x", "MSH-1: is no field separator"),
    (b"MSH|^^~\\|", "MSH-2: does not declare four different encoding characters"),
    (b"MSH|abcd|", "MSH-2: does not declare four different encoding characters"),
    (b"PID|||1", "PID: stands before any MSH segment"),
    (b"\xff\xfeM\x00S\x00H\x00|\x00", "segment: stands before any MSH segment"),
    (b"\x0b" + message().encode(), "PID: is the last segment: the message is cut off"),
    (message(name="x" * (1 << 20)).encode(), "MSH: the message is larger than 1048576 bytes"),
]


@pytest.mark.parametrize(("data", "problem"), BAD, ids=[problem for _, problem in BAD])
def test_a_bad_message_is_named_with_its_place_and_reason(data: bytes, problem: str) -> None:
    assert problem_of(data) == problem


def test_a_bad_message_does_not_stop_the_others() -> None:
    bad = message(control_id="C2", birth="x")
    found = read_all("".join([message(control_id="C1"), bad, message(control_id="C3")]).encode())
    assert [each if isinstance(each, str) else each.control_id for each in found] == ["C1", "PID-7: is no date", "C3"]


def test_a_message_that_is_cut_off_does_not_spoil_the_next() -> None:
    cut = b"\x0b" + message(control_id="C1").encode()[:-3]
    found = read_all(cut + framed(message(control_id="C2")))
    assert [each if isinstance(each, str) else each.control_id for each in found] == [
        "PID: is the last segment: the message is cut off",
        "C2",
    ]


@pytest.mark.parametrize("data", [b"", b"\n\r\n", b"\x0b\x1c\r", b"\xef\xbb\xbf", b"FHS|^~\\&\rFTS|0\r"])
def test_an_empty_file_holds_no_message(data: bytes) -> None:
    assert read_all(data) == []


def test_the_real_messages_are_read(hl7_samples: Path) -> None:
    [admission] = read_all((hl7_samples / "adt_a01.hl7").read_bytes())
    [discharge] = read_all((hl7_samples / "adt_a03.hl7").read_bytes())
    [diet] = read_all((hl7_samples / "omd_o03.hl7").read_bytes())
    assert isinstance(admission, SentMessage)
    assert isinstance(discharge, SentMessage)
    assert isinstance(diet, SentMessage)
    assert (admission.kind, admission.control_id, admission.person.name) == ("ADT^A01", "22139243", "Donald Duck")
    assert admission.person.identifiers == (SentIdentifier("W", "2216506"),)
    assert (admission.person.birth_on, admission.person.sex) == (date(1972, 2, 27), "male")
    assert [each.authority for each in discharge.person.identifiers] == ["SANTER/PK", "SANTER/CF", "SANTER/SSN"]
    assert (discharge.person.birth_on, discharge.person.sex) == (date(1983, 8, 24), "female")
    assert diet.person.identifiers == (SentIdentifier("1^DOMINION/CAEX", "CIPNUM", "CIP"),)
    assert (diet.person.sex, diet.person.words["sex"]) == ("unknown", "1")
