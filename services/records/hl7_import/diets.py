"""From an HL7 v2 diet order (OMD^O03) to what it orders: ORC, TQ1, ODS, AL1 and NTE as sent.

Codes are handed on word for word: what they mean is for the kitchen to say.
"""

from __future__ import annotations

from services.records.domain import SentCode, SentDietOrder
from services.records.hl7_import.fields import DELETED, check_one, first_instant
from services.records.hl7_import.segments import Hl7Problem, Message
from services.records.hl7_import.stays import visit_of

_KINDS = {"D": "diet", "S": "supplement", "P": "preference"}
"""HL7 table 0159."""
_FOOD_ALLERGY = "FA"
_WITHDRAWALS = frozenset({"CA", "DC", "OC", "OD"})
_MOST = 50
_LONGEST = 80
_LONGEST_TEXT = 1000


def read_diet(message: Message) -> SentDietOrder:
    """What a message orders for whom. Raises Hl7Problem for one that names no order, or no diet."""
    check_one(message, "ORC")
    check_one(message, "PV1")
    control = message.value("ORC-1", message.field("ORC", 1), longest=10).upper()
    codes = (*_ordered(message), *_allergies(message))
    if not codes and control not in _WITHDRAWALS:
        raise Hl7Problem("ODS", "the segment is missing")
    if len(codes) > _MOST:
        raise Hl7Problem("ODS", f"there are more than {_MOST} codes")
    visit_system, visit_number = visit_of(message)
    placer = message.value("ORC-2", message.field("ORC", 2).split(message.marks.component)[0], longest=_LONGEST)
    return SentDietOrder(
        control=control,
        placer_number="" if placer == DELETED else placer,
        codes=codes,
        text=_text(message),
        visit_system=visit_system,
        visit_number=visit_number,
        starts_at=first_instant(message, "TQ1-7", "ORC-15"),
    )


def _ordered(message: Message) -> list[SentCode]:
    """ODS-1 tells what it is, ODS-3 holds codes, repeated where the sender likes."""
    found = []
    for segment in message.find("ODS"):
        kind = message.value("ODS-1", _cell(segment, 1), longest=10).upper()
        repetitions = _cell(segment, 3).split(message.marks.repetition)
        found += [_code(message, "ODS-3", _KINDS.get(kind, "diet"), each) for each in repetitions]
    return [each for each in found if each is not None]


def _allergies(message: Message) -> list[SentCode]:
    """Food allergies that the order brings along (AL1-2 FA, AL1-3)."""
    found = []
    for segment in message.find("AL1"):
        kind = message.value("AL1-2", _cell(segment, 2).split(message.marks.component)[0], longest=10).upper()
        if kind == _FOOD_ALLERGY:
            found.append(_code(message, "AL1-3", "allergy", _cell(segment, 3)))
    return [each for each in found if each is not None]


def _cell(segment: list[str], number: int) -> str:
    return segment[number] if number < len(segment) else ""


def _code(message: Message, place: str, kind: str, whole: str) -> SentCode | None:
    components = whole.split(message.marks.component)
    code, text = (message.part(place, components, number, longest=_LONGEST) for number in (1, 2))
    code, text = ("" if each == DELETED else each for each in (code, text))
    return SentCode(kind, code, text) if code or text else None


def _text(message: Message) -> str:
    """What the sender adds in words: of the diet (ODS-4) and beside the order (NTE-3)."""
    added = [
        message.value(f"{name}-{number}", _cell(segment, number), longest=_LONGEST_TEXT)
        for name, number in (("ODS", 4), ("NTE", 3))
        for segment in message.find(name)
    ]
    return "; ".join(each for each in added if each and each != DELETED)[:_LONGEST_TEXT]
