"""Whatever comes in, the reader of HL7 v2 says where it is wrong, and never fails in another way."""

from __future__ import annotations

from typing import Any

import hl7 as independent_reader
from hypothesis import given
from hypothesis import strategies as st

from services.records.hl7_import.segments import read_message, split_messages
from tests.records.hl7 import message, read_all

_ALPHABET = st.sampled_from(
    ["MSH", "PID", "|", "^", "~", "\\", "&", "\r", "\n", "\x0b", "\x1c", '""', "A01", "1", "张", "\x00"]
)


@given(st.lists(_ALPHABET | st.text(max_size=5), max_size=60).map("".join))
def test_no_text_makes_the_reader_fail_in_another_way(text: str) -> None:
    read_all(text.encode("utf-8", "replace"))


@given(st.binary(max_size=400))
def test_no_bytes_make_the_reader_fail_in_another_way(data: bytes) -> None:
    read_all(data)
    read_all(b"MSH|^~\\&|" + data)
    read_all(message().encode() + b"\rZZZ|" + data)


@given(st.integers(0, 400), st.binary(min_size=1, max_size=4))
def test_no_damaged_message_makes_the_reader_fail_in_another_way(position: int, damage: bytes) -> None:
    data = message(charset="UNICODE UTF-8").encode()
    read_all(data[:position] + damage + data[position + len(damage) :])
    read_all(data[:position])


_WORDS = st.text(st.characters(codec="utf-8", categories=["L", "N", "Zs"]), max_size=8).map(str.strip)


@given(st.lists(st.lists(_WORDS, min_size=1, max_size=4), min_size=1, max_size=4))
def test_fields_and_components_are_where_an_independent_reader_finds_them(fields: list[list[str]]) -> None:
    text = message(segments=("PID|||1", "ZZZ|" + "|".join("^".join(each) for each in fields) + "|end"))
    [raw] = split_messages(text.encode())
    ours = read_message(raw)
    theirs: Any = independent_reader.parse(text)
    segment = theirs.segment("ZZZ")
    for number, components in enumerate(fields, 1):
        assert ours.field("ZZZ", number) == str(segment[number])
        assert ours.field("ZZZ", number).split("^") == components
