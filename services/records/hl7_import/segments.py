"""Reading HL7 v2: from the bytes of a file to messages, segments, fields and their parts.

Written for what real senders send: any line ending, MLLP framing, byte order marks, batches, missing fields. A value
that cannot be used is an Hl7Problem with its place; nothing else is ever raised.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

_BLOCK_START, _BLOCK_END = b"\x0b", b"\x1c"
_TOKENS = re.compile(rb"([\x0b\x1c])|[\r\n]+")
_ENVELOPES = (b"FHS", b"BHS", b"BTS", b"FTS")
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_PADDING = b" \t\x00\x1a"
_LARGEST = 1 << 20
_DEFAULT_MARKS = "^~\\&"
_SEGMENT_NAME = re.compile(r"[A-Z][A-Z0-9]{2}", re.ASCII)

CHARSETS = {
    "ASCII": "ascii",
    **{f"8859/{part}": f"iso8859-{part}" for part in (1, 2, 3, 4, 5, 6, 7, 8, 9, 15)},
    "UNICODE": "utf-8",
    "UNICODE UTF-8": "utf-8",
    "UTF-8": "utf-8",
    "UTF8": "utf-8",
    "GB 18030-2000": "gb18030",
    "GB18030": "gb18030",
    "GB2312": "gb18030",
    "GBK": "gb18030",
    "BIG-5": "big5",
}
"""HL7 table 0211 and what senders write in its place."""


class Hl7Problem(Exception):
    """What is wrong with a message, and where: `place` is a segment and field like PID-7. Never holds personal data."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(f"{place}: {reason}")
        self.place, self.reason = place, reason


@dataclass
class RawMessage:
    """The lines of one message of a file; `problem` says what is wrong with its frame."""

    lines: list[bytes] = field(default_factory=list)
    is_framed: bool = False
    problem: Hl7Problem | None = None


@dataclass(frozen=True)
class Marks:
    """The separators that a message declares in MSH-1 and MSH-2, and its character set."""

    field: str
    component: str
    repetition: str
    escape: str
    subcomponent: str
    charset: str


@dataclass(frozen=True)
class Message:
    """A message as text: its segments in order, each a list whose n-th member is field n."""

    segments: list[list[str]]
    marks: Marks
    text: str

    def find(self, name: str) -> list[list[str]]:
        """All segments of this name."""
        return [each for each in self.segments if each[0] == name]

    def field(self, name: str, number: int) -> str:
        """Field `number` of the first segment of this name, as sent; empty when either is missing."""
        segment = next(iter(self.find(name)), [])
        return segment[number] if number < len(segment) else ""

    def repetitions(self, name: str, number: int) -> list[list[str]]:
        """The repetitions of a field, each as its components; those that hold nothing are left out."""
        found = [each.split(self.marks.component) for each in self.field(name, number).split(self.marks.repetition)]
        return [each for each in found if any(each)]

    def value(self, place: str, text: str, *, longest: int = 200) -> str:
        """A component as people read it, without escapes. Raises Hl7Problem for control characters and over-length."""
        plain = unicodedata.normalize("NFC", _unescaped(text, self.marks)).strip()
        if any(unicodedata.category(each) in {"Cc", "Cs"} for each in plain):
            raise Hl7Problem(place, "holds control characters")
        if len(plain) > longest:
            raise Hl7Problem(place, f"is longer than {longest} characters")
        return plain

    def part(self, place: str, components: list[str], number: int, *, longest: int = 200) -> str:
        """Component `number` (from 1) of a repetition, read; empty when it is missing."""
        return self.value(place, components[number - 1], longest=longest) if number <= len(components) else ""


def split_messages(data: bytes) -> Iterator[RawMessage]:
    """The messages of a file in their order. Lines that belong to none are handed out as a message with a problem."""
    current: RawMessage | None = None
    in_frame = False
    for token in filter(None, (_cleaned(each or b"") for each in _TOKENS.split(data))):
        is_mark = token in {_BLOCK_START, _BLOCK_END}
        if current is not None and (is_mark or token.startswith(b"MSH")):
            yield _closed(current, is_ended=token == _BLOCK_END)
            current = None
        if is_mark:
            in_frame = token == _BLOCK_START
        elif current is None:
            current = _opened(token, in_frame)
        else:
            current.lines.append(token)
    if current is not None:
        yield _closed(current, is_ended=False)


def _cleaned(line: bytes) -> bytes:
    """A line without what surrounds it; a file's or a batch's own header and trailer say nothing of persons."""
    text = line.strip(_PADDING).removeprefix(_BYTE_ORDER_MARK).lstrip(_PADDING)
    return b"" if text[:3] in _ENVELOPES else text


def _opened(line: bytes, in_frame: bool) -> RawMessage:
    is_header = line.startswith(b"MSH")
    return RawMessage(
        [line], in_frame, None if is_header else Hl7Problem(_name_of(line), "stands before any MSH segment")
    )


def _closed(message: RawMessage, *, is_ended: bool) -> RawMessage:
    if message.is_framed and not is_ended and message.problem is None:
        message.problem = Hl7Problem(_name_of(message.lines[-1]), "is the last segment: the message is cut off")
    return message


def _name_of(line: bytes) -> str:
    name = line[:3].decode("ascii", "replace")
    return name if _SEGMENT_NAME.fullmatch(name) else "segment"


def read_message(raw: RawMessage) -> Message:
    """The message as text, in the character set it declares (or UTF-8, or else Latin-1). Raises Hl7Problem."""
    if raw.problem is not None:
        raise raw.problem
    if sum(map(len, raw.lines)) > _LARGEST:
        raise Hl7Problem("MSH", f"the message is larger than {_LARGEST} bytes")
    marks = _read_marks(raw.lines[0])
    lines = _decoded(raw.lines, marks.charset)
    segments = [line.split(marks.field) for line in lines]
    segments[0].insert(1, marks.field)  # MSH-1 is the separator itself
    for number, segment in enumerate(segments, 1):
        if not _SEGMENT_NAME.fullmatch(segment[0]):
            raise Hl7Problem(f"segment {number}", "does not begin with the name of a segment")
    return Message(segments, marks, "\r".join(lines))


def _read_marks(header: bytes) -> Marks:
    separator = header[3:4].decode("latin-1")
    if not separator.isascii() or not separator.isprintable() or separator.isalnum() or separator in {"", " "}:
        raise Hl7Problem("MSH-1", "is no field separator")
    fields = header.decode("latin-1").split(separator)
    given = fields[1] if len(fields) > 1 else ""
    marks = [*(given[:4] + _DEFAULT_MARKS[len(given) :])]
    if len({separator, *marks}) != 1 + len(marks) or any(each.isalnum() or not each.isprintable() for each in marks):
        raise Hl7Problem("MSH-2", "does not declare four different encoding characters")
    component, repetition, escape, subcomponent = marks
    declared = fields[17].split(repetition)[0].strip().upper() if len(fields) > 17 else ""  # noqa: PLR2004 (MSH-18)
    if declared and declared not in CHARSETS:
        raise Hl7Problem("MSH-18", "names a character set that is not known")
    return Marks(separator, component, repetition, escape, subcomponent, CHARSETS.get(declared, ""))


def _decoded(lines: list[bytes], charset: str) -> list[str]:
    name = "segment"
    try:
        decoded = []
        for line in lines:
            name = _name_of(line)
            decoded.append(line.decode(charset or "utf-8"))
        return decoded
    except UnicodeDecodeError as error:
        if not charset:
            return [line.decode("latin-1") for line in lines]
        raise Hl7Problem(name, f"is not in the character set that MSH-18 names (byte {error.start + 1})") from error


def _unescaped(text: str, marks: Marks) -> str:
    if marks.escape not in text:
        return text
    known = {
        "F": marks.field,
        "S": marks.component,
        "T": marks.subcomponent,
        "R": marks.repetition,
        "E": marks.escape,
        ".br": " ",
        "H": "",
        "N": "",
    }
    mark = re.escape(marks.escape)

    def plain(found: re.Match[str]) -> str:
        code = found[1]
        if code.startswith("X"):
            return _from_hexadecimal(code[1:], marks.charset) or found[0]
        return known.get(code, found[0])

    return re.sub(f"{mark}([^{mark}]*){mark}", plain, text)


def _from_hexadecimal(digits: str, charset: str) -> str:
    try:
        return bytes.fromhex(digits).decode(charset or "utf-8")
    except ValueError:
        return ""
