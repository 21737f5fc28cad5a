"""The words of notices and of the time line, made when they are read, in the reader's language; a module per noun.

They hold no medical content.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from gateway.notifications.domain import Happening, Notice
from gateway.web import words
from gateway.web.notices import appointments, bills, copies, meals, settlements, stays
from gateway.web.notices.saying import Saying, Words

KINDS: Mapping[str, Saying] = {
    **appointments.KINDS,
    **bills.KINDS,
    **copies.KINDS,
    **meals.KINDS,
    **settlements.KINDS,
    **stays.KINDS,
}
"""What is said of each kind."""

_MEALS = {
    "zh": {"breakfast": "早餐", "lunch": "午餐", "dinner": "晚餐"},
    "en": {"breakfast": "Breakfast", "lunch": "Lunch", "dinner": "Dinner"},
}
_UNKNOWN = Words(zh=("有新的消息", "请问医院的服务台。"), en=("Something new", "The service desk knows more."))
"""A kind that an older version of the hospital has told of, and this one has no words for."""


@dataclass(frozen=True, kw_only=True)
class Told:
    """A notice in words: title, text, icon and its colour, and the page that it leads to (or '')."""

    title: str
    text: str
    icon: str
    colour: str
    path: str


def in_words(told: Notice | Happening, lang: str) -> Told:
    """What a notice says; `lang` is `en` or one of Chinese."""
    saying = KINDS.get(told.kind, _UNKNOWN)
    said = saying if isinstance(saying, Words) else saying.of(told.parameters)
    short = "en" if lang == "en" else "zh"
    title, text = said.en if short == "en" else said.zh
    values = _values(told.parameters, lang, short)
    return Told(
        title=title.format(**values),
        text=text.format(**values),
        icon=said.icon,
        colour=said.colour,
        path=said.path.format(**{**told.parameters, "patient_id": told.patient_id}),
    )


def _values(found: Mapping[str, Any], lang: str, short: str) -> dict[str, str]:
    """What the sentences may name: money without `_fen`, instants without `_at` or `_until`, days without `_on`."""
    values = dict(_value(name, value, lang, short) for name, value in found.items())
    if "starts_at" in found:
        joint = " · " if short == "zh" else ", "
        names = joint.join(found[who][short] for who in ("department", "practitioner"))
        values["visit"] = f"{words.moment(found['starts_at'], lang)} {names}"
    if "bed" in found:
        values["place"] = _place(found, short)
    if "meal_on" in found:
        values["meal_on_day"] = words.full_day(found["meal_on"], lang)
        values["meal_word"] = _MEALS[short].get(found["meal"], "")
    return values


def _value(name: str, value: Any, lang: str, short: str) -> tuple[str, str]:
    stem, _, ending = name.rpartition("_")
    if value is None:
        return name, ""
    if isinstance(value, Mapping):
        return name, str(value.get(short) or value.get("label") or "")
    written: dict[str, Callable[[], str]] = {
        "fen": lambda: words.money(value),
        "at": lambda: words.moment(value, lang),
        "until": lambda: words.clock(value),
        "on": lambda: words.full_day(value, lang),
    }
    return (stem, written[ending]()) if stem and ending in written else (name, str(value))


def _place(found: Mapping[str, Any], short: str) -> str:
    """心内一病区 07 床 / Cardiology, Ward 1, bed 07."""
    ward = found["ward"][short] if found.get("ward") else ""
    if not found["bed"]:
        return ward
    label = found["bed"]["label"]
    return f"{ward}, bed {label}" if short == "en" else f"{ward} {label} 床"
