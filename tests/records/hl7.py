"""HL7 v2 messages for tests, put together from their parts, and what is read from them."""

from __future__ import annotations

from services.records.domain import SentMessage
from services.records.hl7_import.persons import read_person
from services.records.hl7_import.segments import Hl7Problem, read_message, split_messages

MSH = r"MSH|^~\&|HIS|MAIN|ANXIN|HOSPITAL|20261123090000||{kind}|{control_id}|P|2.5|||||CHN|{charset}"
PID = "PID|1||{number}^^^HIS&1.2.156.1&ISO^MR||{name}||{birth}|{sex}"


def message(
    *,
    control_id: str = "C1",
    number: str = "7001",
    name: str = "张^三",
    birth: str = "19800405",
    sex: str = "M",
    charset: str = "",
    kind: str = "ADT^A28^ADT_A05",
    segments: tuple[str, ...] | None = None,
) -> str:
    """A message with one segment to a line, ended by carriage returns as the standard says."""
    header = MSH.format(control_id=control_id, charset=charset, kind=kind)
    person = PID.format(number=number, name=name, birth=birth, sex=sex)
    return "\r".join([header, "EVN|A28|20261123090000", *(segments if segments is not None else (person,)), ""])


def adt(
    event: str,
    *,
    control_id: str,
    number: str = "7001",
    name: str = "张^三",
    class_: str = "I",
    place: str = "CARD1^01^07^MAIN",
    visit: str = "",
    at: str = "20261123080000",
    started: str = "",
    ended: str = "",
    merged: str = "",
) -> str:
    """An ADT message about a stay: PV1-2 class, PV1-3 place, PV1-19 visit number, EVN-6, PV1-44 and PV1-45 instants."""
    pv1 = ["PV1", "1", class_, place, *[""] * 15, visit, *[""] * 24, started, ended]
    lines = [
        MSH.format(control_id=control_id, charset="UNICODE UTF-8", kind=f"ADT^{event}"),
        f"EVN|{event}|20261123085900||||{at}",
        PID.format(number=number, name=name, birth="19800405", sex="M"),
        *([f"MRG|{merged}^^^HIS&1.2.156.1&ISO^MR"] if merged else []),
        "|".join(pv1),
        "",
    ]
    return "\r".join(lines)


def framed(text: str, charset: str = "utf-8") -> bytes:
    """The message as MLLP carries it."""
    return b"\x0b" + text.encode(charset) + b"\x1c\r"


def read_all(data: bytes) -> list[SentMessage | str]:
    """Every message of a file: its person, or its problem as text."""
    found: list[SentMessage | str] = []
    for raw in split_messages(data):
        try:
            found.append(read_person(read_message(raw)))
        except Hl7Problem as problem:
            found.append(str(problem))
    return found
