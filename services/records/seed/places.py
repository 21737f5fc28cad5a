"""The demo hospital's wards: 55 with 40 beds each on the two campuses that have any, four beds to a room.

Codes and names of campuses are those of the demo's clinics; the other two campuses see outpatients only.
"""

from __future__ import annotations

from collections.abc import Iterator

from services.records import usecases
from services.records.domain import RoomPlan, WardPlan
from shared.door import Door

ROOMS, BEDS_IN_A_ROOM = 10, 4
_CAMPUSES = {"MAIN": ("本部", "Main Campus"), "THIRD": ("三院院区", "Third Hospital Campus")}
_NUMERALS = "一二三四五六七八九"

# code, short name, English name, building, lowest floor, number of wards (one to a floor)
_MAIN = """
CARD|心内|Cardiology|1|12|3
RESP|呼吸|Respiratory|1|11|2
GI|消化|Gastroenterology|1|10|2
NEUR|神内|Neurology|1|9|3
ENDO|内分泌|Endocrinology|1|8|1
NEPH|肾内|Nephrology|1|7|1
HEMA|血液|Haematology|1|6|1
RHEU|风湿|Rheumatology|1|5|1
GERI|老年|Geriatrics|2|8|2
INFE|感染|Infectious Diseases|7|2|1
ONCO|肿瘤|Oncology|3|6|3
RADT|放疗|Radiotherapy|3|4|1
REHA|康复|Rehabilitation|2|5|2
TCM|中医|Chinese Medicine|2|4|1
DERM|皮肤|Dermatology|2|3|1
GIS|胃肠外|Gastrointestinal Surgery|4|12|2
HPB|肝胆|Hepatobiliary Surgery|4|11|1
THBR|甲乳|Thyroid and Breast|4|10|1
VASC|血管外|Vascular Surgery|4|9|1
CSUR|心外|Cardiac Surgery|4|8|1
THOR|胸外|Thoracic Surgery|4|7|1
NSUR|神外|Neurosurgery|4|6|2
UROL|泌尿|Urology|4|5|1
JOIN|关节|Joint Surgery|5|9|1
SPIN|脊柱|Spine Surgery|5|8|1
TRAU|创伤|Trauma Surgery|5|7|1
PLAS|烧伤|Burns|5|6|1
GYNE|妇科|Gynaecology|6|8|1
OBST|产科|Obstetrics|6|6|2
PEDI|儿科|Paediatrics|6|4|1
OPHT|眼科|Ophthalmology|5|4|1
"""
_THIRD = """
CARD3|三院心内|Cardiology (Third Hospital)|1|8|2
NEUR3|三院神内|Neurology (Third Hospital)|1|6|2
ORTH3|三院骨科|Orthopaedics (Third Hospital)|1|4|2
GYNE3|三院妇科|Gynaecology (Third Hospital)|2|4|1
PEDI3|三院儿科|Paediatrics (Third Hospital)|2|3|1
GENP3|三院医养|Medical and Elderly Care (Third Hospital)|2|5|3
"""


def open_demo_wards(door: Door) -> None:
    """Open the wards that are not there yet."""
    with door.database.write() as uow:
        usecases.open_wards(uow, wards=demo_wards(), now=door.clock())


def demo_wards() -> list[WardPlan]:
    """Every ward of the demo hospital; its code says building, floor and number, like 1号楼-12F-CARD1."""
    return [*_wards("MAIN", _MAIN), *_wards("THIRD", _THIRD)]


def _wards(campus: str, table: str) -> Iterator[WardPlan]:
    campus_zh, campus_en = _CAMPUSES[campus]
    for line in table.strip().splitlines():
        code, zh, en, building, floor, wards = line.split("|")
        for number in range(1, int(wards) + 1):
            yield WardPlan(
                campus=campus,
                campus_zh=campus_zh,
                campus_en=campus_en,
                code=f"{building}号楼-{int(floor) + number - 1}F-{code}{'-' if code[-1].isdigit() else ''}{number}",
                name_zh=f"{zh}{_NUMERALS[number - 1]}病区",
                name_en=f"{en}, Ward {number}",
                rooms=tuple(_room(each) for each in range(ROOMS)),
            )


def _room(number: int) -> RoomPlan:
    """Rooms 01 to 10 hold beds 01 to 40, four to a room: a label is once in a ward."""
    first = number * BEDS_IN_A_ROOM + 1
    beds = tuple(f"{label:02d}" for label in range(first, first + BEDS_IN_A_ROOM))
    return RoomPlan(code=f"{number + 1:02d}", beds=beds)
