"""Why the records office says no or not yet: the standard list (handbook 5.8), each with what may follow from it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from services.records.domain.copy_refusals import CopyReasonUnknown


class Decision(StrEnum):
    """What an officer decides: formal review only, whether papers are complete, consistent and legible."""

    APPROVE = "approve"
    ASK_CORRECTION = "ask_correction"
    REFUSE = "refuse"


@dataclass(frozen=True)
class Reason:
    """A reason; `mendable` says that the applicant may supplement (补正) without a new request."""

    code: str
    zh: str
    en: str
    mendable: bool


_LIST = (
    Reason("photo_unreadable", "照片看不清", "A photo cannot be read", True),
    Reason("document_expired", "证件过期", "The document has expired", True),
    Reason("corners_missing", "证件边角没拍全", "Corners of the document are missing", True),
    Reason(
        "holding_photo_differs", "手持照和证件不是同一个人", "The photo with the document shows somebody else", True
    ),
    Reason("name_differs", "姓名或证件号和住院登记的不一样", "Name or number differs from the admission record", True),
    Reason("mandate_missing", "没有授权书或者没签名", "The mandate is missing or not signed", True),
    Reason("mandate_out_of_date", "授权书过期", "The mandate is out of date", True),
    Reason("mandate_too_narrow", "授权的范围不够", "The mandate does not cover what is asked for", True),
    Reason("address_incomplete", "地址不完整", "The address is incomplete", True),
    Reason("applicant_not_qualified", "申请人不在可以申请的范围", "The applicant is not a person who may apply", False),
    Reason(
        "relation_proof_missing",
        "缺关系证明，请到窗口办",
        "Proof of the relation is missing: come to the window",
        False,
    ),
    Reason("part_does_not_exist", "这次住院没有要的内容", "The record has no such part", False),
    Reason("original_film_needed", "这个用途要原片，请到窗口办", "This purpose needs the original film", False),
    Reason("sealed_or_disputed", "病历封存或有争议，请找医务处", "The record is sealed or disputed", False),
    Reason("restricted_record", "这类病历要当面办", "This kind of record is handed out in person only", False),
    Reason("duplicate", "已经有一样的申请", "There is such a request already", False),
)
REASONS = {each.code: each for each in _LIST}
OBJECTED = "patient_objected"
"""Not an officer's reason: the patient has stopped an agent's request."""
UNANSWERED = "correction_unanswered"
"""Not an officer's reason: nobody answered a correction in time."""


def check_reason(decision: Decision, code: str) -> Reason:
    """The reason for a decision. A correction needs one that can be mended. Raises CopyReasonUnknown."""
    reason = REASONS.get(code)
    if reason is None or (decision is Decision.ASK_CORRECTION and not reason.mendable):
        raise CopyReasonUnknown(member="reason")
    return reason
