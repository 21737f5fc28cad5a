"""`anxin import-hl7`: what messages say of stays comes true once, and what cannot be is named."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from services.records import queries, store
from services.records.domain import BedTaken, SentAct, StayUnknown
from services.records.hl7_import import import_files
from shared.database import Database
from shared.door import Door
from shared.settings import Settings
from tests.records.hl7 import adt, message, read_all
from tests.records.people import everything, facts, register
from tests.records.stays import NURSE, admit, bed, open_ward, stays


@pytest.fixture
def import_hl7(settings: Settings, database: Database, tmp_path: Path) -> Any:
    """Imports messages from a file; gives what became of each."""
    url = database.url.render_as_string(hide_password=False)
    own = replace(settings, database_urls={**settings.database_urls, "records": url})

    def take(*texts: str | Path) -> list[str]:
        files = [each for each in texts if isinstance(each, Path)]
        if len(files) != len(texts):
            file = tmp_path / "adt.hl7"
            file.write_bytes("".join(each for each in texts if isinstance(each, str)).encode())
            files.append(file)
        out = io.StringIO()
        import_files(own, [str(each) for each in files], out=out)
        return [" ".join(line.split()).split(" ", 3)[3] for line in out.getvalue().splitlines()[1:-1]]

    return take


def encounter_facts(door: Door) -> list[tuple[str, str | None]]:
    told = [each for each in facts(door) if "encounter" in each["type"]]
    return [(each["type"].split(".")[1], (each["bed"] or {}).get("label")) for each in told]


def test_a_stay_from_admission_to_discharge(import_hl7: Any, door: Door) -> None:
    rows = import_hl7(
        adt("A01", control_id="1", visit="V1"),
        adt("A02", control_id="2", visit="V1", place="CARD1^02^31^MAIN", at="20261123081000"),
        adt("A08", control_id="3", visit="V1", name="张^三丰"),
        adt("A03", control_id="4", visit="V1", ended="20261123085500"),
    )
    assert [each.split(" ", 1)[1] for each in rows] == [
        "registered, admitted",
        "updated, transferred",
        "updated",
        "updated, discharged",
    ]
    assert encounter_facts(door) == [
        ("encounter_admitted", "07"),
        ("encounter_transferred", "31"),
        ("encounter_discharged", "31"),
    ]
    assert stays(door) == [("IMP", "finished", "31", 3)]
    with door.database.read() as uow:
        row = uow.session.execute(sa.select(store.encounters)).one()
    assert (row.started_at, row.ended_at) == (
        datetime(2026, 11, 23, 0, 0, tzinfo=UTC),
        datetime(2026, 11, 23, 0, 55, tzinfo=UTC),
    )
    assert (row.visit_system, row.visit_number) == ("MAIN", "V1")


def test_the_same_file_twice_changes_nothing(import_hl7: Any, door: Door) -> None:
    texts = (adt("A01", control_id="1"), adt("A02", control_id="2", place="CARD1^02^31^MAIN"))
    import_hl7(*texts)
    before = everything(door)
    assert [each.split(" ", 1)[1] for each in import_hl7(*texts)] == ["repeated", "repeated"]
    assert everything(door) == before


def test_cancellations_take_back_the_last_step(import_hl7: Any, door: Door) -> None:
    rows = import_hl7(
        adt("A01", control_id="1"),
        adt("A02", control_id="2", place="CARD1^02^31^MAIN"),
        adt("A03", control_id="3"),
        adt("A13", control_id="4"),
        adt("A12", control_id="5"),
        adt("A11", control_id="6"),
        adt("A11", control_id="7"),
    )
    assert [each.partition(", ")[2] for each in rows[3:6]] == [
        "discharge cancelled",
        "transfer cancelled",
        "admission cancelled",
    ]
    assert rows[6] == f"not taken: {StayUnknown.__doc__}"
    assert stays(door) == [("IMP", "cancelled", "07", 6)]


def test_a_merge_ends_the_other_record(import_hl7: Any, door: Door) -> None:
    rows = import_hl7(
        adt("A01", control_id="1", number="1", name="张^三"),
        message(control_id="2", number="2", name="李^四"),
        adt("A40", control_id="3", number="2", name="李^四", merged="1"),
        adt("A40", control_id="4", number="2", name="李^四", merged="9"),
        adt("A03", control_id="5", number="1", name="李^四"),
        adt("A40", control_id="6", number="2", name="李^四", merged="1"),
    )
    assert [each.split(" ", 1)[1] for each in rows] == [
        "registered, admitted",
        "registered",
        "updated, merged",
        "unchanged, nothing to merge",
        "updated, discharged",
        "updated, nothing to merge",
    ]
    assert stays(door) == [("IMP", "finished", "07", 2)]
    assert len([each for each in facts(door) if each["type"] == "records.patient_merged.v1"]) == 1


def test_a_visit_begins_and_its_patient_lies_nowhere(import_hl7: Any, door: Door) -> None:
    rows = import_hl7(
        adt("A04", control_id="1", class_="O", visit="V1"),
        adt("A04", control_id="2", class_="O", visit="V1"),
        adt("A04", control_id="3", class_="O", visit="V2"),
        adt("A04", control_id="4", class_="E", visit="V3", place="ER"),
        adt("A03", control_id="5", class_="O", visit="V1"),
    )
    assert [each.rpartition(", ")[2] for each in rows] == [
        "visit begun",
        "visit known",
        "visit begun",
        "visit begun",
        "discharged",
    ]
    assert sorted(stays(door)) == [
        ("AMB", "finished", None, 2),
        ("AMB", "in_progress", None, 1),
        ("EMER", "in_progress", None, 1),
    ]


def test_messages_and_the_desk_mean_the_same_bed(import_hl7: Any, door: Door) -> None:
    open_ward(door)
    admit(door, register(door).id, bed("07"))
    rows = import_hl7(
        adt("A01", control_id="1", place="CARD1^^07^MAIN"),
        adt("A01", control_id="2", place="CARD1^01^07^MAIN"),
        adt("A01", control_id="3", place="CARD1^^08"),
    )
    assert rows[:2] == [f"not taken: {BedTaken.__doc__}"] * 2
    assert rows[2].endswith("registered, admitted")
    with door.database.read() as uow:
        as_sent = sa.select(sa.func.count()).select_from(store.locations).where(store.locations.c.as_sent)
        assert uow.session.scalar(as_sent) == 0


def test_a_bed_that_is_taken_leaves_nothing_of_the_message_and_it_may_come_again(import_hl7: Any, door: Door) -> None:
    import_hl7(adt("A01", control_id="1", number="1"))
    before = everything(door)
    again = adt("A01", control_id="2", number="2")
    assert import_hl7(again) == [f"not taken: {BedTaken.__doc__}"]
    assert everything(door) == before
    import_hl7(adt("A03", control_id="3", number="1"))
    assert import_hl7(again)[0].endswith("registered, admitted")


def test_an_unknown_place_is_opened_as_sent(import_hl7: Any, door: Door) -> None:
    import_hl7(adt("A01", control_id="1", place="W9^R1^B2^NORTH^^^^^Ward nine"))
    with door.database.read() as uow:
        [ward] = queries.list_wards(uow, actor=NURSE, now=door.clock())["items"]
        beds = queries.list_beds(uow, actor=NURSE, now=door.clock(), ward_id=ward["id"])
    assert (ward["campus"]["code"], ward["name"]["zh"], ward["as_sent"]) == ("NORTH", "Ward nine", True)
    assert [(each["room"], each["label"], each["occupant"]["mrn"]) for each in beds["items"]] == [
        ("R1", "B2", "100000016")
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (adt("A01", control_id="1", place=""), "The message does not say in which ward the patient lies."),
        (adt("A01", control_id="1", place="^R1^B1"), "PV1-3: names a room or bed without its ward"),
        (adt("A02", control_id="1"), StayUnknown.__doc__),
        (adt("A11", control_id="1"), StayUnknown.__doc__),
        (adt("A13", control_id="1"), StayUnknown.__doc__),
        (adt("A01", control_id="1", at="2026"), "EVN-6: is no instant"),
        (adt("A01", control_id="1", started="20261323"), "PV1-44: is no instant"),
        (adt("A01", control_id="1", at="29991123120000"), "This lies in the future."),
        (adt("A01", control_id="1", place=f"{'W' * 81}"), "PV1-3: is longer than 80 characters"),
        (adt("A40", control_id="1", merged='""'), "MRG-1: no identifier tells who the person is"),
    ],
)
def test_what_cannot_be_is_named_and_leaves_nothing(import_hl7: Any, door: Door, text: str, reason: str) -> None:
    before = everything(door)
    rows = import_hl7(text, message(control_id="2", number="8", name="李^四"))
    assert rows[0] == f"not taken: {reason}"
    assert rows[1].endswith("registered")
    assert stays(door) == []
    assert len(everything(door)["patients"]) == len(before["patients"]) + 1


def test_another_senders_number_is_no_way_to_another_patients_stay(import_hl7: Any, door: Door) -> None:
    import_hl7(adt("A01", control_id="1", number="1", visit="V1"))
    rows = import_hl7(adt("A03", control_id="2", number="2", visit="V1"))
    assert rows == [f"not taken: {StayUnknown.__doc__}"]
    assert stays(door) == [("IMP", "in_progress", "07", 1)]


@pytest.mark.parametrize(
    ("at", "instant"),
    [
        ("20261123080000", datetime(2026, 11, 23, 0, 0, tzinfo=UTC)),
        ("202611230800", datetime(2026, 11, 23, 0, 0, tzinfo=UTC)),
        ("20261123", datetime(2026, 11, 22, 16, 0, tzinfo=UTC)),
        ("20261123080000.1234-0500", datetime(2026, 11, 23, 13, 0, tzinfo=UTC)),
        ("", datetime(2026, 11, 23, 0, 59, tzinfo=UTC)),
    ],
)
def test_an_instant_without_zone_is_on_the_hospitals_clock(at: str, instant: datetime) -> None:
    [read] = read_all(adt("A01", control_id="1", at=at).encode())
    assert not isinstance(read, str)
    assert read.stay is not None
    assert read.stay.at == instant


@pytest.mark.parametrize(
    ("event", "code", "class_"),
    [
        ("A01", "I", "IMP"),
        ("A01", "E^EMERGENCY", "EMER"),
        ("A01", "", "IMP"),
        ("A01", "b", "IMP"),
        ("A04", "", "AMB"),
        ("A04", "P", "AMB"),
        ("A04", "R", "AMB"),
        ("A01", "X", "IMP"),
    ],
)
def test_the_class_is_as_sent_or_what_the_event_makes_likely(event: str, code: str, class_: str) -> None:
    [read] = read_all(adt(event, control_id="1", class_=code).encode())
    assert not isinstance(read, str)
    assert read.stay is not None
    assert read.stay.encounter_class == class_


def test_the_person_of_the_real_admission_lies_in_a_bed(import_hl7: Any, door: Door, hl7_samples: Path) -> None:
    rows = import_hl7(*(hl7_samples / name for name in ("adt_a01.hl7", "adt_a03.hl7", "omd_o03.hl7")))
    assert rows == [
        "100000016 registered, admitted",
        "100000024 registered, discharged from a stay whose admission was not told",
        "not taken: The stay that the message speaks of is not known here.",
    ]
    assert sorted(stays(door)) == [("IMP", "finished", None, 1), ("IMP", "in_progress", "13", 1)]
    with door.database.read() as uow:
        wards = queries.list_wards(uow, actor=NURSE, now=door.clock())["items"]
        [ward] = [each for each in wards if each["code"] == "ZFAST TRACK"]
        [only] = queries.list_beds(uow, actor=NURSE, now=door.clock(), ward_id=ward["id"])["items"]
    assert (ward["campus"]["code"], ward["taken"], only["room"], only["label"]) == ("W", 1, "WAITING", "13")
    assert (only["occupant"]["name"], only["occupant"]["verified"]) == ("Donald Duck", False)
    assert only["occupant"]["started_at"] == datetime(2001, 5, 23, 11, 27, tzinfo=UTC)
    [other] = [each for each in wards if each["code"] == "6402DH"]
    assert (other["name"]["zh"], other["campus"]["code"]) == ("MED. 1 - ONCOLOGIA", "SANTER")


def test_the_real_discharge_is_read(hl7_samples: Path) -> None:
    [read] = read_all((hl7_samples / "adt_a03.hl7").read_bytes())
    assert not isinstance(read, str)
    stay = read.stay
    assert stay is not None
    assert (stay.act, stay.visit_number, stay.started_at) == (SentAct.DISCHARGE, "2008003369", None)
    assert stay.at == datetime(2008, 3, 3, 7, 8, tzinfo=UTC)
