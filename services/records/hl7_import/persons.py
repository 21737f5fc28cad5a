"""From an HL7 v2 message to the person it is about: PID as sent, and in a merge MRG."""

from __future__ import annotations

from datetime import date
from typing import Any

from services.records.domain import SentIdentifier, SentMessage, SentPerson, name_key
from services.records.hl7_import.diets import read_diet
from services.records.hl7_import.fields import DELETED, TIME, check_one, owner_of
from services.records.hl7_import.segments import Hl7Problem, Message
from services.records.hl7_import.stays import ACTS, read_stay

_MERGE = "A40"
_ADT_EVENTS = (*ACTS, "A05", "A08", "A28", "A31", _MERGE)
_DIET_ORDER = "OMD^O03"
KINDS = {("OMD", "O03"), *(("ADT", event) for event in _ADT_EVENTS)}
"""Messages that are taken: who a person is, what of their stay `stays.py` says, and what `diets.py` of their food."""

_SEXES = {"M": "male", "F": "female", "O": "other", "A": "other", "U": "unknown", "N": "other"}
_NAME_PARTS = ("family", "given", "middle", "suffix", "prefix", "degree", "type")
_LEGAL = "L"
_TYPE_COMPONENT = 7


def read_person(message: Message) -> SentMessage:
    """The person and the stay of a message, with what tells it from others. Raises Hl7Problem."""
    kind = _kind(message)
    sender = _sender(message)
    control_id = message.value("MSH-10", message.field("MSH", 10))
    if not control_id:
        raise Hl7Problem("MSH-10", "the control id is missing")
    check_one(message, "PID")
    event = kind.partition("^")[2]
    merged: tuple[SentIdentifier, ...] = ()
    if event == _MERGE:
        check_one(message, "MRG")
        merged = _identifiers(message, "MRG", (1,))
    return SentMessage(
        sender=sender,
        control_id=control_id,
        kind=kind,
        text=message.text,
        person=_person(message, kind),
        stay=read_stay(message, event),
        diet=read_diet(message) if kind == _DIET_ORDER else None,
        merged=merged,
    )


def _kind(message: Message) -> str:
    [components] = message.repetitions("MSH", 9)[:1] or [[]]
    type_ = message.part("MSH-9", components, 1)
    event = message.part("MSH-9", components, 2) or message.value("EVN-1", message.field("EVN", 1))
    if not type_:
        raise Hl7Problem("MSH-9", "the message type is missing")
    if (type_, event) not in KINDS:
        raise Hl7Problem("MSH-9", "messages of this type are not taken")
    return f"{type_}^{event}"


def _sender(message: Message) -> str:
    """MSH-3 and MSH-4, by which control ids and local numbers are told apart."""
    application, facility = (message.value(f"MSH-{each}", message.field("MSH", each), longest=90) for each in (3, 4))
    if not application and not facility:
        raise Hl7Problem("MSH-4", "neither the sending application (MSH-3) nor the facility is named")
    return f"{application}|{facility}"


def _person(message: Message, kind: str) -> SentPerson:
    names = [_name(message, each) for each in message.repetitions("PID", 5) if each[0] != DELETED]
    name = next((each for each in names if each.get("type") == _LEGAL), names[0] if names else {})
    birth = message.value("PID-7", message.field("PID", 7).split(message.marks.component)[0])
    sex = message.value("PID-8", message.field("PID", 8).split(message.marks.component)[0])
    deleted = {"name": message.field("PID", 5), "birth_on": birth, "sex": sex}
    words: dict[str, Any] = {"message": kind}
    words.update({member: each for member, each in (("name", name), ("birth", birth), ("sex", sex)) if each})
    return SentPerson(
        identifiers=_identifiers(message, "PID", (3, 2, 4)),
        name=_shown(name) or None,
        search_key=_searched(name),
        sex=_sex(sex),
        birth_on=_birth_date(birth),
        cleared=frozenset(member for member, text in deleted.items() if text == DELETED),
        words=words,
    )


def _name(message: Message, components: list[str]) -> dict[str, str]:
    parts = {part: message.part("PID-5", components, number) for number, part in enumerate(_NAME_PARTS, 1)}
    family = components[0].split(message.marks.subcomponent)[0]
    parts["family"] = message.value("PID-5", family)
    return {part: text for part, text in parts.items() if text and text != DELETED}


def _shown(name: dict[str, str]) -> str:
    """Given name first, as in the sender's country; Chinese names family first and without a space."""
    family, given, middle = (name.get(part, "") for part in ("family", "given", "middle"))
    if _is_han(family + given):
        return family + given
    return " ".join(each for each in (given, middle, family) if each)[:200]


def _is_han(text: str) -> bool:
    return bool(text) and all("\u4e00" <= each <= "\u9fff" for each in text)


def _searched(name: dict[str, str]) -> str:
    """What finds the person: a Chinese name as it is, any other with its given name on either side of the family's."""
    family, given = name_key(name.get("family", "")), name_key(name.get("given", ""))
    return (family + given if _is_han(family + given) else given + family + given)[:400]


def _birth_date(text: str) -> date | None:
    """A whole day; a year or a month alone stays as sent and is no date of birth."""
    if text in {"", DELETED}:
        return None
    found = TIME.fullmatch(text)
    if found is None:
        raise Hl7Problem("PID-7", "is no date")
    year, month, day = (int(each) if each else None for each in found.group(1, 2, 3))
    try:
        whole = date(year or 0, month or 1, day or 1)
    except ValueError as error:
        raise Hl7Problem("PID-7", "is no date") from error
    return whole if day else None


def _sex(code: str) -> str | None:
    """HL7 table 0001; a code of the sender's own stays as sent and says as little as "unknown"."""
    return None if code in {"", DELETED} else _SEXES.get(code.upper(), "unknown")


def _identifiers(message: Message, segment: str, fields: tuple[int, ...]) -> tuple[SentIdentifier, ...]:
    """The first of these fields that holds numbers; senders of old versions put PID-3's into PID-2 or PID-4 alone."""
    for number in fields:
        place = f"{segment}-{number}"
        found = [_identifier(message, place, each) for each in message.repetitions(segment, number)]
        identifiers = tuple(dict.fromkeys(each for each in found if each is not None))
        if identifiers:
            return identifiers
    raise Hl7Problem(f"{segment}-{fields[0]}", "no identifier tells who the person is")


def _identifier(message: Message, place: str, components: list[str]) -> SentIdentifier | None:
    value = message.part(place, components, 1, longest=60)
    if value in {"", DELETED}:
        return None
    owner = owner_of(message, place, components)
    return SentIdentifier(owner, value, message.part(place, components, 5, longest=20) or None)
