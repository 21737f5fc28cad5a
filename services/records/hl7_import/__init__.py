"""`anxin import-hl7 FILE...`: takes HL7 v2 messages, persons and stays; a bad one is named and the rest go on."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from services.records import usecases
from services.records.domain import SentMessage
from services.records.hl7_import.persons import read_person
from services.records.hl7_import.segments import Hl7Problem, Message, RawMessage, read_message, split_messages
from shared.actor import Actor
from shared.cli import load
from shared.database import Busy
from shared.door import Door
from shared.errors import DomainError
from shared.sealing import Sealer
from shared.settings import Settings, SettingsError, require_for

_TRIES = 3
_CONTROL_ID = 10


@dataclass(frozen=True)
class Row:
    """One line of the report: which message, and what became of it. Without personal data."""

    position: str
    control_id: str
    result: str
    mrn: str = ""
    is_taken: bool = True


def import_files(settings: Settings, files: Sequence[str], *, out: TextIO | None = None) -> int:
    """Take the messages of these files, print what became of each, and answer 1 if any was not taken.

    Raises SettingsError when the environment or the database is not ready for it.
    """
    require_for(settings, "records")
    database = load("records").open_database(settings)
    try:
        if not sa.inspect(database.engine).has_table("messages"):
            raise SettingsError("import-hl7: the database of records is not set up; run `anxin migrate records` first")
        rows = [row for name in files for row in take_file(Door(database), settings, Path(name))]
    finally:
        database.close()
    (out or sys.stdout).write(report(rows))
    return 0 if all(row.is_taken for row in rows) else 1


def take_file(door: Door, settings: Settings, path: Path) -> Iterator[Row]:
    """Take the messages of one file; a file that cannot be read or holds no message is a row of its own."""
    try:
        data = path.read_bytes()
    except OSError as error:
        yield Row(path.name, "", f"not taken: the file cannot be read ({error.strerror})", is_taken=False)
        return
    number = 0
    for number, raw in enumerate(split_messages(data), 1):
        yield take(door, settings, raw, f"{path.name} #{number}")
    if not number:
        yield Row(path.name, "", "not taken: the file holds no message", is_taken=False)


def take(door: Door, settings: Settings, raw: RawMessage, position: str) -> Row:
    """Take one message in a unit of work of its own."""
    control_id = ""
    try:
        message = read_message(raw)
        control_id = _printable(message)
        taken = _take(door, settings, read_person(message))
    except Hl7Problem as problem:
        return Row(position, control_id, f"not taken: {problem}", is_taken=False)
    except DomainError as refusal:
        return Row(position, control_id, f"not taken: {refusal.detail}", is_taken=False)
    except Busy:
        return Row(position, control_id, "not taken: the database is busy, import the file again", is_taken=False)
    return Row(position, control_id, taken.outcome, taken.mrn)


def _take(door: Door, settings: Settings, message: SentMessage) -> usecases.Taken:
    """The same use case as every door's; when somebody wrote the same person at this moment, look again."""
    sealer = Sealer(settings.secrets["document_key"])
    actor = Actor.system("hl7-import")
    for left in reversed(range(_TRIES)):
        try:
            with door.database.write() as uow:
                return usecases.take_message(uow, actor=actor, now=door.clock(), sealer=sealer, message=message)
        except IntegrityError:
            if not left:
                raise
    raise AssertionError("unreachable")


def _printable(message: Message) -> str:
    control_id = message.field("MSH", _CONTROL_ID)
    return "".join(each for each in control_id if each.isprintable())[:40]


def report(rows: Sequence[Row]) -> str:
    """A table of what became of each message, and a sum below it."""
    head = Row("message", "control id", "result", "MRN")
    cells = [(each.position, each.control_id, each.mrn, each.result) for each in (head, *rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(3)]
    lines = [
        "  ".join([*(text.ljust(width) for text, width in zip(line[:3], widths, strict=True)), line[3]])
        for line in cells
    ]
    taken = sum(row.is_taken for row in rows)
    return "\n".join([*(line.rstrip() for line in lines), f"{taken} taken, {len(rows) - taken} not taken", ""])
