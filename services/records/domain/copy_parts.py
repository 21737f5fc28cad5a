"""What can be copied of an inpatient record, why people ask for it, and how many pages to expect: data, not code.

Sources: handbook 5.1, 5.3 (parts, each with the rule that opens it to the patient; purposes with what they usually
need) and 11.6 (pages per stay, figures of the demo hospital). The list of 2013 is too short: since 2018 everything that
belongs to the record may be copied, so each part names its `basis`, and a hospital adds or removes rows here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from services.records.domain.copy_refusals import CopyPartUnknown, CopyPurposeUnknown

RULE_OF_2013 = "medical_records_rule_2013_art_19"
"""医疗机构病历管理规定（2013年版）第十九条."""
REGULATION_OF_2018 = "medical_disputes_regulation_2018_art_16"
"""医疗纠纷预防和处理条例（国务院令第701号）第十六条."""
PRACTICE = "hospital_practice"
_PER_MILLE = 1000


@dataclass(frozen=True)
class RecordPart:
    """A part of the record. `share` is its part of a whole record's pages, in thousandths."""

    code: str
    zh: str
    en: str
    basis: str
    share: int


@dataclass(frozen=True)
class Purpose:
    """What the copy is for, and the parts that are usually needed for it."""

    code: str
    zh: str
    en: str
    parts: tuple[str, ...]


@dataclass(frozen=True)
class StayKind:
    """A kind of stay with the fewest and the most pages that its whole record usually has."""

    code: str
    pages: tuple[int, int]


PARTS = (
    RecordPart("FRONT_SHEET", "住院病案首页", "Front sheet", PRACTICE, 30),
    RecordPart("ADMISSION_NOTE", "入院记录", "Admission record", RULE_OF_2013, 50),
    RecordPart("DISCHARGE", "出院记录", "Discharge record", RULE_OF_2013, 30),
    RecordPart("ORDERS", "医嘱单", "Orders", RULE_OF_2013, 120),
    RecordPart("FEES", "费用清单", "List of fees", REGULATION_OF_2018, 60),
    RecordPart("OP_NOTE", "手术记录", "Operation note", RULE_OF_2013, 40),
    RecordPart("ANAESTHESIA", "麻醉记录", "Anaesthesia record", RULE_OF_2013, 30),
    RecordPart("CONSENT", "知情同意书", "Consent forms", RULE_OF_2013, 80),
    RecordPart("REPORTS", "检验、病理等检查报告", "Laboratory, pathology and other reports", RULE_OF_2013, 140),
    RecordPart("IMAGES", "影像检查资料", "Images", RULE_OF_2013, 20),
    RecordPart("TEMP_CHART", "体温单", "Temperature chart", RULE_OF_2013, 40),
    RecordPart("NURSING", "护理记录", "Nursing record", RULE_OF_2013, 150),
    RecordPart("PROGRESS", "病程记录", "Progress notes", REGULATION_OF_2018, 180),
    RecordPart("CONSULT", "会诊记录", "Consultations", REGULATION_OF_2018, 30),
)

PURPOSES = (
    Purpose("REIMBURSEMENT", "医保报销、异地报销", "Health insurance", ("FRONT_SHEET", "DISCHARGE", "ORDERS", "FEES")),
    Purpose(
        "COMMERCIAL_INSURANCE",
        "商业保险理赔",
        "Commercial insurance",
        ("FRONT_SHEET", "ADMISSION_NOTE", "DISCHARGE", "ORDERS", "FEES", "OP_NOTE", "REPORTS"),
    ),
    Purpose(
        "DISABILITY",
        "伤残、工伤鉴定",
        "Disability or work injury",
        ("FRONT_SHEET", "ADMISSION_NOTE", "DISCHARGE", "ORDERS", "FEES", "OP_NOTE", "REPORTS", "IMAGES"),
    ),
    Purpose("REFERRAL", "转诊、继续治疗", "Further treatment elsewhere", ("DISCHARGE", "OP_NOTE", "REPORTS", "IMAGES")),
    Purpose("LITIGATION", "打官司", "A lawsuit", tuple(each.code for each in PARTS)),
    Purpose("OWN_USE", "自己留着、其他", "Own use, other", ("FRONT_SHEET", "DISCHARGE")),
)

STAY_KINDS = {
    each.code: each
    for each in (
        StayKind("day_surgery", (15, 25)),
        StayKind("medicine", (35, 60)),
        StayKind("surgery", (60, 110)),
        StayKind("obstetrics", (60, 90)),
        StayKind("long", (150, 400)),
    )
}
_SURGERY = (
    "GIS",
    "HPB",
    "THBR",
    "VASC",
    "CSUR",
    "THOR",
    "NSUR",
    "UROL",
    "JOIN",
    "SPIN",
    "TRAU",
    "PLAS",
    "GYNE",
    "ORTH",
)
_ONE_DAY, _LONG = timedelta(hours=24), timedelta(days=30)

OFFICE = {
    "place": {"zh": "病案室（1 号楼 1 层）", "en": "the records office (Building 1, floor 1)"},
    "hours": {"zh": "工作日 8:00–17:00", "en": "working days 8:00–17:00"},
}
"""Where somebody can come instead of using a phone, and when."""

_PARTS = {each.code: each for each in PARTS}
_PURPOSES = {each.code: each for each in PURPOSES}


def purpose_of(code: str) -> Purpose:
    """A purpose by its code. Raises CopyPurposeUnknown."""
    if code not in _PURPOSES:
        raise CopyPurposeUnknown(member="purpose")
    return _PURPOSES[code]


def parts_of(codes: list[str]) -> tuple[RecordPart, ...]:
    """Parts by their codes, each once and in the order of the record. Raises CopyPartUnknown."""
    if not codes or not set(codes) <= _PARTS.keys():
        raise CopyPartUnknown(member="parts")
    return tuple(each for each in PARTS if each.code in codes)


def stay_kind(ward_code: str | None, started_at: datetime | None, ended_at: datetime | None) -> StayKind:
    """The kind of a stay by its last ward and its length; an unknown ward counts as medicine (handbook 11.6)."""
    length = ended_at - started_at if started_at and ended_at else None
    department = (ward_code or "").rpartition("-")[2].strip("0123456789")
    operates = department.startswith(_SURGERY) or (ward_code or "").rpartition("F-")[2].startswith(_SURGERY)
    if length is not None and length > _LONG:
        return STAY_KINDS["long"]
    if "OBST" in (ward_code or ""):
        return STAY_KINDS["obstetrics"]
    if operates:
        return STAY_KINDS["day_surgery" if length is not None and length <= _ONE_DAY else "surgery"]
    return STAY_KINDS["medicine"]


def pages_expected(kind: StayKind, parts: tuple[RecordPart, ...]) -> tuple[int, int]:
    """The fewest and the most pages of one copy of these parts, rounded up; at least one page for each part."""
    share = sum(each.share for each in parts)
    fewest, most = (-(-pages * share // _PER_MILLE) for pages in kind.pages)
    return max(fewest, len(parts)), max(most, len(parts))
