"""What is said of stays in the hospital."""

from __future__ import annotations

from collections.abc import Mapping

from gateway.web.notices.saying import Saying, Words

_PATH = "/stays/{encounter_id}"


def _said(zh: tuple[str, str], en: tuple[str, str], icon: str = "bed", colour: str = "") -> Words:
    return Words(zh=zh, en=en, icon=icon, colour=colour, path=_PATH)


KINDS: Mapping[str, Saying] = {
    "stay_admitted": _said(("住进来了", "{place}。"), ("Admitted", "{place}.")),
    "stay_transferred": _said(
        ("换床了", "现在在 {place}。订好的餐送到新的床。"),
        ("Moved to another bed", "Now in {place}. Ordered meals go to the new bed."),
    ),
    "stay_discharged": _said(
        ("出院了", "从 {place} 出院。还没做的餐已经停掉。"),
        ("Discharged", "From {place}. Meals that were not cooked yet are stopped."),
        "leave",
        "ok",
    ),
    "stay_admission_cancelled": _said(
        ("入院撤销了", "医院记错了，{place} 的住院当作没有过。"),
        ("Admission taken back", "A mistake of the hospital: the stay in {place} never happened."),
        "undo",
        "mute",
    ),
    "stay_transfer_cancelled": _said(
        ("换床撤销了", "还在 {place}。"), ("Move taken back", "Still in {place}."), "undo", "mute"
    ),
    "stay_discharge_cancelled": _said(
        ("出院撤销了", "接着住在 {place}。"), ("Discharge taken back", "The stay goes on in {place}."), "undo", "mute"
    ),
}
