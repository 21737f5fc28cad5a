"""From an HL7 v2 message to the stay it speaks of: PV1 and EVN as sent."""

from __future__ import annotations

from services.records.domain import EncounterClass, SentAct, SentPlace, SentStay
from services.records.hl7_import.fields import DELETED, check_one, facility_of, first_instant, owner_of
from services.records.hl7_import.segments import Hl7Problem, Message

ACTS = {
    "A01": SentAct.ADMIT,
    "A02": SentAct.TRANSFER,
    "A03": SentAct.DISCHARGE,
    "A04": SentAct.REGISTER,
    "A11": SentAct.CANCEL_ADMISSION,
    "A12": SentAct.CANCEL_TRANSFER,
    "A13": SentAct.CANCEL_DISCHARGE,
}
"""What the events of HL7 table 0003 say of a stay."""

CLASSES = {
    "I": EncounterClass.INPATIENT,
    "B": EncounterClass.INPATIENT,
    "E": EncounterClass.EMERGENCY,
    "O": EncounterClass.AMBULATORY,
    "R": EncounterClass.AMBULATORY,
}
"""HL7 table 0004, of PV1-2. Another code, or none, is an outpatient's where a visit is registered (A04), else an
inpatient's: A01 is for who is admitted. PV1-4 says how urgent the admission was, and nothing of the class.
"""

_HAPPENED = {
    SentAct.ADMIT: ("PV1-44", "EVN-6", "EVN-2", "MSH-7"),
    SentAct.REGISTER: ("PV1-44", "EVN-6", "EVN-2", "MSH-7"),
    SentAct.DISCHARGE: ("PV1-45", "EVN-6", "EVN-2", "MSH-7"),
}
_OTHERWISE = ("EVN-6", "EVN-2", "MSH-7")
_LONGEST = 80


def read_stay(message: Message, event: str) -> SentStay | None:
    """The stay of a message, or None for an event that speaks of the person only. Raises Hl7Problem."""
    act = ACTS.get(event)
    if act is None:
        return None
    check_one(message, "PV1")
    at = first_instant(message, *_HAPPENED.get(act, _OTHERWISE))
    if at is None:
        raise Hl7Problem("EVN-2", "nothing says when it happened")
    visit_system, visit_number = visit_of(message)
    return SentStay(
        act=act,
        encounter_class=_class(message, act),
        place=_place(message),
        visit_system=visit_system,
        visit_number=visit_number,
        at=at,
        started_at=first_instant(message, "PV1-44"),
    )


def visit_of(message: Message) -> tuple[str, str | None]:
    """Whose visit number it is, and the number (PV1-19), if the sender gives one."""
    [visit] = message.repetitions("PV1", 19)[:1] or [[]]
    number = message.part("PV1-19", visit, 1, longest=60)
    return owner_of(message, "PV1-19", visit)[:200], number if number not in {"", DELETED} else None


def _class(message: Message, act: SentAct) -> EncounterClass:
    code = message.value("PV1-2", message.field("PV1", 2).split(message.marks.component)[0]).upper()
    otherwise = EncounterClass.AMBULATORY if act is SentAct.REGISTER else EncounterClass.INPATIENT
    return CLASSES.get(code, otherwise)


def _place(message: Message) -> SentPlace | None:
    """PV1-3: ward, room and bed in the sender's codes, of its facility (PV1-3.4) or else of the sender's own."""
    [parts] = message.repetitions("PV1", 3)[:1] or [[]]
    ward, room, bed, name = (_part(message, parts, each) for each in (1, 2, 3, 9))
    if not ward:
        if room or bed:
            raise Hl7Problem("PV1-3", "names a room or bed without its ward")
        return None
    campus = _part(message, parts, 4) or facility_of(message)[:_LONGEST]
    return SentPlace(campus=campus, ward=ward, ward_name=name or ward, room=room, bed=bed)


def _part(message: Message, parts: list[str], number: int) -> str:
    whole = parts[number - 1].split(message.marks.subcomponent)[0] if number <= len(parts) else ""
    text = message.value("PV1-3", whole, longest=_LONGEST)
    return "" if text == DELETED else text
