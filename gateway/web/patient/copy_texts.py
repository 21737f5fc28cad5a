"""What an applicant agrees to with a request for copies, and the words of a mandate; each text has a version.

The law asks for separate consent to the use of identity photos, and for a record that copies are made without the
patient being present (handbook 5.5, 6.2). A changed text gets the next version here and in records.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gateway.identity.consents import ConsentText
from gateway.web.copying import coded

_PHOTOS_ZH = (
    "您拍的证件照片只用来核对这一次病历复印申请。照片加密保存，只有审核的人能看，每看一次都有记录，看的时候带水印。",
    "申请办完 30 天后照片自动删除；撤回申请，照片马上删除。不同意也可以带证件到病案室窗口办。",
)
_PHOTOS_EN = (
    (
        "Your photos of documents are used only to check this request. They are encrypted, only the officers who "
        "review the request can see them, with a watermark, and each look is recorded."
    ),
    (
        "They are deleted 30 days after the request has ended, or at once when you withdraw it. If you do not agree, "
        "bring the documents to the window of the records office."
    ),
)
_ABSENT_ZH = (
    "法规要求复印病历时病人或近亲属在场。您申请不到现场、由医院代为复印，并对申请的内容和地址负责。",
    "您随时可以改成到窗口办，在场看着复印。",
)
_ABSENT_EN = (
    (
        "By law the patient or a near relative is present while a record is copied. You ask the hospital to copy it "
        "without you being present, and you answer for what is asked for and for the address."
    ),
    "You can change your mind and come to the window, and be present.",
)

TEXTS: Mapping[str, ConsentText] = {
    each.code: each
    for each in (
        ConsentText(
            code="identity_photos",
            version=1,
            title={"zh": "证件照片使用同意书", "en": "Consent to the use of photos of documents"},
            paragraphs={"zh": _PHOTOS_ZH, "en": _PHOTOS_EN},
        ),
        ConsentText(
            code="copying_without_presence",
            version=1,
            title={"zh": "不到场复印申请", "en": "Request to copy without being present"},
            paragraphs={"zh": _ABSENT_ZH, "en": _ABSENT_EN},
        ),
    )
}

_MANDATE = {
    "zh": "本人{patient}委托{agent}代我向医院申请复印我的住院病历：{parts}。用途：{purpose}。只限这一次申请。",
    "en": "I, {patient}, authorise {agent} to ask the hospital for copies of my inpatient record: {parts}. "
    "Purpose: {purpose}. For this one request only.",
}


def mandate_text(request: Mapping[str, Any], catalogue: Mapping[str, Any], lang: str) -> str:
    """The words that the patient signs: who, for whom, which parts, for what."""
    joint = ", " if lang == "en" else "、"
    return _MANDATE["en" if lang == "en" else "zh"].format(
        patient=request["patient"]["name"],
        agent=(request["applicant"] or {"name": ""})["name"],
        parts=joint.join(coded(each, catalogue["parts"], lang) for each in request["parts"]),
        purpose=coded(request["purpose"], catalogue["purposes"], lang),
    )
