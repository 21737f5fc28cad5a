"""`anxin import-hl7`: persons of messages become patients, bad messages are named, nothing is taken twice."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from services.records import store, usecases
from services.records.domain import ControlIdReused
from services.records.hl7_import import import_files
from shared import cli
from shared.database import Database
from shared.door import Door
from shared.sealing import Sealer
from shared.settings import Settings, SettingsError
from tests.records.hl7 import framed, message
from tests.records.people import ACCOUNT, DESK, do, facts, traveller
from tests.support.clock import StandingClock


@pytest.fixture
def own_settings(settings: Settings, database: Database) -> Settings:
    """Settings that name the test's own database of records."""
    url = database.url.render_as_string(hide_password=False)
    return replace(settings, database_urls={**settings.database_urls, "records": url})


def write(folder: Path, name: str, data: bytes) -> str:
    path = folder / name
    path.write_bytes(data)
    return str(path)


def take_files(settings: Settings, *files: str) -> tuple[int, str]:
    out = io.StringIO()
    return import_files(settings, files, out=out), out.getvalue()


def patients(database: Database) -> list[tuple[str, str | None, bool]]:
    columns = (store.patients.c.mrn, store.patients.c.name, store.patients.c.verified)
    with database.read() as uow:
        return [(row[0], row[1], row[2]) for row in uow.session.execute(sa.select(*columns).order_by("mrn"))]


def test_good_messages_are_taken_and_bad_ones_named(own_settings: Settings, database: Database, tmp_path: Path) -> None:
    texts = [
        message(control_id="C1", number="1", name="张^三"),
        message(control_id="C2", number="2", birth="19800431"),
        message(control_id="C3", number="1", name="张^三丰"),
        message(control_id="C3", number="4"),
        message(control_id="C4", number="5", birth="29990101"),
        message(control_id="C1", number="1", name="张^三"),
    ]
    several = write(tmp_path, "several.hl7", "".join(texts).encode())
    framed_one = write(tmp_path, "framed.hl7", framed(message(control_id="C5", number="6", name="李^四")))
    code, out = take_files(own_settings, several, framed_one)
    assert code == 1
    assert out.splitlines() == [
        "message         control id  MRN        result",
        "several.hl7 #1  C1          100000016  registered",
        "several.hl7 #2  C2                     not taken: PID-7: is no date",
        "several.hl7 #3  C3          100000016  updated",
        f"several.hl7 #4  C3                     not taken: {ControlIdReused.__doc__}",
        "several.hl7 #5  C4                     not taken: The date of birth lies in the future.",
        "several.hl7 #6  C1          100000016  repeated",
        "framed.hl7 #1   C5          100000024  registered",
        "4 taken, 3 not taken",
    ]
    assert patients(database) == [("100000016", "张三丰", False), ("100000024", "李四", False)]


def test_the_same_file_again_changes_nothing(own_settings: Settings, door: Door, tmp_path: Path) -> None:
    file = write(tmp_path, "one.hl7", message().encode())
    assert take_files(own_settings, file)[0] == 0
    before = (patients(door.database), facts(door))
    code, out = take_files(own_settings, file, file)
    assert (code, out.count("repeated")) == (0, 2)
    assert (patients(door.database), facts(door)) == before


def test_a_report_holds_no_personal_data(own_settings: Settings, tmp_path: Path) -> None:
    bad = message(control_id="C2", name="Müller^Zoë", number="7654321", birth="x")
    _, out = take_files(own_settings, write(tmp_path, "some.hl7", (message(name="Duck^Don") + bad).encode()))
    for word in ("Duck", "Don", "Müller", "Zoë", "7001", "7654321", "1980"):
        assert word not in out


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (None, "not taken: the file cannot be read (No such file or directory)"),
        (b"", "not taken: the file holds no message"),
        (b"\x89PNG\r\n\x1a\n", "not taken: segment: stands before any MSH segment"),
    ],
)
def test_a_file_that_is_none_of_ours_is_named(
    own_settings: Settings, database: Database, tmp_path: Path, data: bytes | None, reason: str
) -> None:
    file = str(tmp_path / "other.hl7") if data is None else write(tmp_path, "other.hl7", data)
    code, out = take_files(own_settings, file)
    assert (code, out.splitlines()[1].endswith(reason)) == (1, True)
    assert patients(database) == []


def test_a_database_that_is_not_set_up_is_said_so(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="anxin migrate records"):
        import_files(settings, [write(tmp_path, "one.hl7", message().encode())])


def test_the_command_line_answers_with_the_same_codes(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ANXIN_DATA_DIR", str(settings.data_dir))
    file = write(tmp_path, "one.hl7", message().encode())
    assert cli.main(["import-hl7", file]) == 2
    assert cli.main(["migrate", "records"]) == 0
    assert cli.main(["import-hl7", file]) == 0
    assert cli.main(["import-hl7", file, str(tmp_path / "none")]) == 1
    assert "1 taken, 1 not taken" in capsys.readouterr().out


def test_the_persons_of_the_real_messages_become_patients(
    own_settings: Settings, door: Door, database: Database, hl7_samples: Path, clock: StandingClock
) -> None:
    files = [str(hl7_samples / name) for name in ("adt_a01.hl7", "adt_a03.hl7", "omd_o03.hl7")]
    code, out = take_files(own_settings, *files)
    assert (code, out.splitlines()[-1]) == (1, "2 taken, 1 not taken")
    assert out.splitlines()[-2].endswith("not taken: The stay that the message speaks of is not known here.")
    assert patients(database) == [("100000016", "Donald Duck", False), ("100000024", "ZZZ ZZZ", False)]
    with database.read() as uow:
        patient_id = uow.session.scalar(sa.select(store.patients.c.id).where(store.patients.c.mrn == "100000016"))
    sealer = Sealer(own_settings.secrets["document_key"])
    person = traveller(name="", birth_on=None, sex=None)
    verify = usecases.verify_patient
    patient = do(door, verify, actor=DESK, sealer=sealer, patient_id=patient_id, person=person)
    assert (patient.name, patient.verified, patient.birth_on) == ("Donald Duck", True, date(1972, 2, 27))
    code_ = do(door, usecases.issue_link_code, actor=DESK, sealer=sealer, patient_id=patient.id)
    linked = do(door, usecases.redeem_link_code, actor=ACCOUNT, sealer=sealer, code=usecases.code_of(sealer, code_.id))
    assert linked.id == patient.id
    assert take_files(own_settings, *files)[1].count("repeated") == 2
