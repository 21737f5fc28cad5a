"""Every notice can be told in both languages."""

from __future__ import annotations

import uuid

import pytest

from gateway.notifications.consumers import TELLINGS
from gateway.notifications.domain import Notice
from gateway.web.notices import KINDS, in_words, stays
from gateway.web.notices.saying import Words
from tests.support.clock import MONDAY_MORNING

VISIT = {
    "appointment_id": str(uuid.UUID(int=1)),
    "starts_at": "2026-11-24T01:30:00Z",
    "department": {"zh": "心血管内科", "en": "Cardiology"},
    "practitioner": {"zh": "陈思远", "en": "Chen Siyuan"},
}


def notice(kind: str, **parameters: object) -> Notice:
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
            notice("appointment_booked", **VISIT, number=7),
            "预约成功|11 月 24 日 周二 09:30 心血管内科 · 陈思远，7 号。",
            "Appointment confirmed|Tue 24 Nov, 09:30 Cardiology, Chen Siyuan, number 7.",
        ),
        (
            notice("appointment_payable", appointment_id="x", held_until="2026-11-23T01:15:00Z"),
            "请付挂号费|号保留到 09:15，请在这之前付费。",
            "Please pay|The place is kept until 09:15. Please pay before then.",
        ),
        (
            notice("refund_succeeded", amount_fen=1500, billed_kind="deposit"),
            "已退款|住院押金 ¥15.00 已原路退回。",
            "Money returned|A deposit for the stay: ¥15.00 went back the way it came.",
        ),
    ],
)
def test_a_notice_is_told_in_the_reader_s_language(told: Notice, zh: str, en: str) -> None:
    for lang, words in (("zh-CN", zh), ("en", en)):
        spoken = in_words(told, lang)
        assert f"{spoken.title}|{spoken.text}" == words


@pytest.mark.parametrize("reason", ["expired", "by_patient", "by_hospital"])
@pytest.mark.parametrize("kind", ["appointment_held", "appointment_cancelled"])
def test_whom_where_and_when_stand_in_every_notice_of_a_visit(kind: str, reason: str) -> None:
    told = notice(kind, **VISIT, reason=reason)
    assert "11 月 24 日 周二 09:30 心血管内科 · 陈思远" in in_words(told, "zh-CN").text
    assert "Tue 24 Nov, 09:30 Cardiology, Chen Siyuan" in in_words(told, "en").text


STAY = {
    "encounter_id": str(uuid.UUID(int=4)),
    "ward": {"zh": "心内一病区", "en": "Cardiology, Ward 1"},
    "bed": {"label": "07"},
    "at": "2026-11-23T01:15:00Z",
}


@pytest.mark.parametrize("kind", sorted(stays.KINDS))
def test_ward_and_bed_stand_in_every_notice_of_a_stay(kind: str) -> None:
    told = notice(kind, **STAY)
    assert "心内一病区 07 床" in in_words(told, "zh-CN").text
    assert "Cardiology, Ward 1, bed 07" in in_words(told, "en").text
    assert in_words(told, "en").path == f"/stays/{STAY['encounter_id']}"
    in_words(notice(kind, **{**STAY, "bed": None}), "en")
    in_words(notice(kind, **{**STAY, "bed": None, "ward": None}), "en")


def test_a_kind_of_a_newer_hospital_has_plain_words() -> None:
    assert in_words(notice("of_tomorrow"), "zh-CN").title == "有新的消息"


def test_every_kind_that_is_told_has_words_in_both_languages() -> None:
    told = {telling.kind for telling in TELLINGS.values() if isinstance(telling.kind, str)}
    assert told <= set(KINDS)
    for saying in KINDS.values():
        for each in [saying] if isinstance(saying, Words) else list(saying.words.values()):
            assert all([*each.zh, *each.en, each.icon])
