"""What many fields of HL7 v2 have in common: whose a number is, when something was, what is deleted."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

from services.records.hl7_import.segments import Hl7Problem, Message
from shared.clock import HOSPITAL_ZONE

DELETED = '""'
"""What a sender writes for: this is not so any more."""

TIME = re.compile(r"(\d{4})(\d{2})?(\d{2})?(?:(\d{2})(?:(\d{2})(?:(\d{2})(?:\.\d{1,4})?)?)?)?([+-]\d{4})?", re.ASCII)
"""HL7's TS: as many digits as the sender knows, and where its clock hangs."""


def check_one(message: Message, segment: str) -> None:
    """Raises Hl7Problem unless the message has exactly one segment of this name."""
    number = len(message.find(segment))
    if number != 1:
        raise Hl7Problem(segment, "the segment is missing" if not number else "there is more than one")


def owner_of(message: Message, place: str, components: list[str]) -> str:
    """Whose number it is (CX.4), or else the sender's."""
    authority = components[3].split(message.marks.subcomponent) if len(components) > 3 else []  # noqa: PLR2004 (CX.4)
    namespace, universal, system = (message.part(place, authority, each, longest=80) for each in (1, 2, 3))
    sender = facility_of(message)
    return f"{system}:{universal}" if universal else f"{sender}/{namespace}" if namespace else sender


def facility_of(message: Message) -> str:
    """The sending facility (MSH-4), or where it is not named the application (MSH-3)."""
    return message.value("MSH-4", message.field("MSH", 4)) or message.value("MSH-3", message.field("MSH", 3))


def first_instant(message: Message, *places: str) -> datetime | None:
    """The first of these fields (`EVN-2`) that says when something was; on the hospital's clock if it names no zone.

    A day alone is its first moment. Raises Hl7Problem for what is no instant.
    """
    for place in places:
        segment, _, number = place.partition("-")
        text = message.value(place, message.field(segment, int(number)).split(message.marks.component)[0])
        if text not in {"", DELETED}:
            return _instant(place, text)
    return None


def _instant(place: str, text: str) -> datetime:
    found = TIME.fullmatch(text)
    if found is None or not found[3]:
        raise Hl7Problem(place, "is no instant")
    parts = [int(each) if each else 0 for each in found.groups()[:6]]
    try:
        wall = datetime(*parts)  # type: ignore[arg-type] # noqa: DTZ001 (the zone comes next)
        zone = _zone(found[7]) if found[7] else HOSPITAL_ZONE
        return wall.replace(tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise Hl7Problem(place, "is no instant") from error


def _zone(offset: str) -> timezone:
    sign = -1 if offset[0] == "-" else 1
    return timezone(sign * timedelta(hours=int(offset[1:3]), minutes=int(offset[3:])))
