"""Diet orders by message (OMD^O03): handed on word for word with the stay they are for, once, or named as not taken."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from services.records import store
from services.records.domain import SentCode, SentDietOrder, SentMessage
from shared.door import Door
from tests.records.hl7 import MSH, PID, adt, read_all
from tests.records.people import everything, facts
from tests.records.test_hl7_stays import import_hl7

__all__ = ["import_hl7"]


def omd(
    *lines: str,
    control_id: str = "9",
    control: str = "NW",
    number: str = "7001",
    visit: str = "V1",
    placer: str = "P77",
) -> str:
    """A diet order: ORC-1 control, ORC-2 placer number, PV1-19 visit, and the lines that say what is ordered."""
    return "\r".join(
        [
            MSH.format(control_id=control_id, charset="UNICODE UTF-8", kind="OMD^O03^OMD_O03"),
            PID.format(number=number, name="张^三", birth="19800405", sex="M"),
            "|".join(["PV1", "1", "I", *[""] * 16, visit]),
            f"ORC|{control}|{placer}",
            *lines,
            "",
        ]
    )


SOFT = ("ODS|D||软食^软食^L~LOW_SALT^低盐^L", "TQ1|1||||||20261124070000")
ADMITTED = adt("A01", control_id="1", visit="V1")


def diet_orders(door: Door) -> list[dict[str, Any]]:
    told = [each for each in facts(door) if "codes" in each]
    return [{name: each[name] for name in ("control", "placer_number", "codes", "text", "starts_at")} for each in told]


def read_one(text: str) -> SentDietOrder:
    [read] = read_all(text.encode())
    assert isinstance(read, SentMessage), read
    assert read.diet is not None
    return read.diet


def test_an_order_is_handed_on_word_for_word_with_its_stay(import_hl7: Any, door: Door) -> None:
    rows = import_hl7(ADMITTED, omd(*SOFT, "NTE|1||不要香菜", "AL1|1|FA|PEANUT^花生|MO"))
    assert rows[1].endswith("diet order handed on")
    assert diet_orders(door) == [
        {
            "control": "NW",
            "placer_number": "P77",
            "codes": [
                {"kind": "diet", "code": "软食", "text": "软食"},
                {"kind": "diet", "code": "LOW_SALT", "text": "低盐"},
                {"kind": "allergy", "code": "PEANUT", "text": "花生"},
            ],
            "text": "不要香菜",
            "starts_at": "2026-11-23T23:00:00Z",
        }
    ]
    [fact] = [each for each in facts(door) if "codes" in each]
    with door.database.read() as uow:
        stay = uow.session.execute(sa.select(store.encounters)).one()
    assert (fact["encounter_id"], fact["patient_id"]) == (str(stay.id), str(stay.patient_id))
    assert (fact["encounter_class"], fact["sender"]) == ("IMP", "HIS|MAIN")


def test_a_message_that_comes_again_changes_nothing(import_hl7: Any, door: Door) -> None:
    import_hl7(ADMITTED, omd(*SOFT))
    before = everything(door)
    assert import_hl7(omd(*SOFT))[0].endswith("repeated")
    assert everything(door) == before


@pytest.mark.parametrize(
    "order",
    [
        omd(*SOFT, number="7002"),
        omd(*SOFT, visit="V2"),
    ],
    ids=["another person", "another visit"],
)
def test_an_order_for_an_unknown_stay_is_named_and_nothing_of_it_is_taken(
    import_hl7: Any, door: Door, order: str
) -> None:
    import_hl7(ADMITTED)
    before = everything(door)
    assert import_hl7(order) == ["not taken: The stay that the message speaks of is not known here."]
    assert everything(door) == before


def test_an_order_after_the_end_of_the_stay_is_named(import_hl7: Any, door: Door) -> None:
    ended = adt("A03", control_id="2", visit="V1", ended="20261123085500")
    rows = import_hl7(ADMITTED, ended, omd(*SOFT))
    assert rows[2] == "not taken: The stay that the message speaks of is not known here."
    assert diet_orders(door) == []


def test_an_order_without_visit_number_is_for_the_stay_that_no_sender_has_numbered(import_hl7: Any, door: Door) -> None:
    rows = import_hl7(adt("A01", control_id="1"), omd(*SOFT, visit=""))
    assert rows[1].endswith("diet order handed on")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (omd(), "ODS: the segment is missing"),
        (omd(*SOFT).replace("ORC|NW|P77\r", ""), "ORC: the segment is missing"),
        (omd("ODS|D||" + "~".join(f"C{number}" for number in range(51))), "ODS: there are more than 50 codes"),
        (omd("ODS|D||" + "X" * 81), "ODS-3: is longer than 80 characters"),
        (omd("ODS|D||SOFT", "TQ1|1||||||2026112"), "TQ1-7: is no instant"),
    ],
    ids=["no diet", "no order", "too many codes", "a long code", "no instant"],
)
def test_an_order_that_cannot_be_read_is_named_with_its_place(text: str, problem: str) -> None:
    assert read_all(text.encode()) == [problem]


def test_a_withdrawn_order_needs_no_codes() -> None:
    read = read_one(omd(control="DC"))
    assert (read.control, read.codes, read.starts_at) == ("DC", (), None)


def test_the_real_diet_order_is_read_and_handed_on(import_hl7: Any, door: Door, hl7_samples: Path) -> None:
    real = (hl7_samples / "omd_o03.hl7").read_bytes().decode()
    read = read_one(real)
    assert (read.control, read.visit_number, read.placer_number) == ("XO", "100002739", "")
    assert read.codes == (
        SentCode("diet", "PAN4", "PEDIATRICA 1"),
        SentCode("preference", "EVENTO", "LACT"),
        SentCode("preference", "CARACTERISTICA", "SIN SAL"),
        SentCode("preference", "CARACTERISTICA", "DIABETICO"),
    )
    assert read.starts_at is not None
    assert read.starts_at.isoformat() == "2010-11-16T16:00:00+00:00"
    admission = real.replace("OMD^O03^OMD_O03", "ADT^A01").replace("20101027181706", "20101027181705", 1)
    admission = admission.split("ORC")[0].replace("^^51C302-1", "5DIG^51^C302-1")
    admission = admission.replace("|20101027181706|P|2.5", "|OTHER-ID|P|2.5")
    assert import_hl7(admission.rstrip() + "\r")[0].endswith("registered, admitted")
    assert import_hl7(hl7_samples / "omd_o03.hl7")[0].endswith("diet order handed on")
    [told] = diet_orders(door)
    assert [each["text"] for each in told["codes"]] == ["PEDIATRICA 1", "LACT", "SIN SAL", "DIABETICO"]
    assert import_hl7(hl7_samples / "omd_o03.hl7")[0].endswith("repeated")
    assert len(diet_orders(door)) == 1
