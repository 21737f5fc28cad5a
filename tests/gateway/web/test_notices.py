"""Every notice can be told in both languages."""

from __future__ import annotations

import uuid

import pytest

from gateway.notifications.domain import Kind, Notice
from gateway.web.notices import in_words
from tests.support.clock import MONDAY_MORNING

VISIT = {
    "appointment_id": str(uuid.UUID(int=1)),
    "starts_at": "2026-11-24T01:30:00Z",
    "department": {"zh": "心血管内科", "en": "Cardiology"},
    "practitioner": {"zh": "陈思远", "en": "Chen Siyuan"},
}


def notice(kind: Kind, **parameters: object) -> Notice:
    return Notice(
        id=uuid.UUID(int=2),
        patient_id=uuid.UUID(int=3),
        kind=kind,
        about=uuid.UUID(int=1),
        parameters=parameters,
        created_at=MONDAY_MORNING,
        read_at=None,
    )


@pytest.mark.parametrize(
    ("told", "zh", "en"),
    [
        (
            notice(Kind.APPOINTMENT_BOOKED, **VISIT, number=7),
            "预约成功|11 月 24 日 周二 09:30 心血管内科 · 陈思远，7 号。",
            "Appointment confirmed|Tue 24 Nov, 09:30 Cardiology, Chen Siyuan, number 7.",
        ),
        (
            notice(Kind.APPOINTMENT_PAYABLE, held_until="2026-11-23T01:15:00Z"),
            "请付挂号费|号保留到 09:15，请在这之前付费。",
            "Please pay|The place is kept until 09:15. Please pay before then.",
        ),
        (
            notice(Kind.REFUND_SUCCEEDED, amount_fen=1500),
            "已退款|¥15.00 已原路退回。",
            "Money returned|¥15.00 went back the way it came.",
        ),
    ],
)
def test_a_notice_is_told_in_the_reader_s_language(told: Notice, zh: str, en: str) -> None:
    for lang, words in (("zh-CN", zh), ("en", en)):
        spoken = in_words(told, lang)
        assert f"{spoken.title}|{spoken.text}" == words


@pytest.mark.parametrize("reason", ["expired", "by_patient", "by_hospital"])
@pytest.mark.parametrize("kind", [Kind.APPOINTMENT_HELD, Kind.APPOINTMENT_CANCELLED])
def test_whom_where_and_when_stand_in_every_notice_of_a_visit(kind: Kind, reason: str) -> None:
    told = notice(kind, **VISIT, reason=reason)
    assert "11 月 24 日 周二 09:30 心血管内科 · 陈思远" in in_words(told, "zh-CN").text
    assert "Tue 24 Nov, 09:30 Cardiology, Chen Siyuan" in in_words(told, "en").text
