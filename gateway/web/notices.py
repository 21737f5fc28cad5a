"""The words of notices, made when they are read, in the reader's language. They hold no medical content."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gateway.notifications.domain import Kind, Notice
from gateway.web import words

Texts = Mapping[str, tuple[str, str]]

_CANCELLED: Mapping[str, Texts] = {
    "expired": {
        "zh": ("号已放出", "{visit} 的号没有在保留时间内付费，已经放给别人。要是刚付了钱，会自动原路退回。"),
        "en": ("Place released", "{visit} was not paid in time, and the place went to others. Late money is returned."),
    },
    "by_patient": {
        "zh": ("已退号", "{visit} 已经取消。付过的钱会自动原路退回。"),
        "en": ("Appointment cancelled", "{visit} is cancelled. What was paid is returned."),
    },
    "by_hospital": {
        "zh": ("医院停诊", "{visit} 医院停诊，已经取消。付过的钱会自动原路退回，请另选时间。"),
        "en": ("Cancelled by the hospital", "The hospital had to cancel {visit}. What was paid is returned."),
    },
}
_KINDS: Mapping[Kind, Texts] = {
    Kind.APPOINTMENT_HELD: {
        "zh": ("号已保留", "{visit}。账单正在准备，好了就通知您付费。"),
        "en": ("Place kept", "{visit}. The bill is being prepared, and you will be told when it is ready."),
    },
    Kind.APPOINTMENT_PAYABLE: {
        "zh": ("请付挂号费", "号保留到 {until}，请在这之前付费。"),
        "en": ("Please pay", "The place is kept until {until}. Please pay before then."),
    },
    Kind.APPOINTMENT_BOOKED: {
        "zh": ("预约成功", "{visit}，{number} 号。"),
        "en": ("Appointment confirmed", "{visit}, number {number}."),
    },
    Kind.REFUND_SUCCEEDED: {
        "zh": ("已退款", "{money} 已原路退回。"),
        "en": ("Money returned", "{money} went back the way it came."),
    },
}


@dataclass(frozen=True, kw_only=True)
class Told:
    """A notice in words."""

    title: str
    text: str


def in_words(notice: Notice, lang: str) -> Told:
    """Title and text of a notice; `lang` is `en` or one of Chinese."""
    short = "en" if lang == "en" else "zh"
    found = notice.parameters
    texts = _CANCELLED[found["reason"]] if notice.kind is Kind.APPOINTMENT_CANCELLED else _KINDS[notice.kind]
    title, text = texts[short]
    return Told(title=title, text=text.format(**_values(found, lang, short)))


def _values(found: Mapping[str, Any], lang: str, short: str) -> dict[str, str]:
    values = {}
    if "starts_at" in found:
        joint = " · " if short == "zh" else ", "
        names = joint.join(found[who][short] for who in ("department", "practitioner"))
        values["visit"] = f"{words.moment(found['starts_at'], lang)} {names}"
    if "held_until" in found:
        values["until"] = words.clock(found["held_until"])
    if "amount_fen" in found:
        values["money"] = words.money(found["amount_fen"])
    if "number" in found:
        values["number"] = str(found["number"])
    return values
