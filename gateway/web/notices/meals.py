"""What is said of meals: by reason why one does not come, without naming the diet."""

from __future__ import annotations

from collections.abc import Mapping

from gateway.web.notices.saying import ByMember, Saying, Words

_PATH = "/stays/{encounter_id}/meals"
_REASONS: Mapping[str, tuple[str, str]] = {
    "diet_changed": ("医嘱的膳食变了", "The diet has changed"),
    "allergy": ("里面有要忌的东西", "It holds something to be avoided"),
    "fasting": ("这段时间医嘱不能吃", "No food by mouth for this time"),
    "discharged": ("已经出院", "The stay has ended"),
    "settlement": ("正在结算", "The stay is being settled"),
}
_OTHER = ("医院停了这一餐", "The hospital has stopped it")


def _said(zh: tuple[str, str], en: tuple[str, str], icon: str, colour: str) -> Saying:
    def words(reason: tuple[str, str]) -> Words:
        return Words(
            zh=(zh[0], f"{{meal_on_day}}{{meal_word}}：{reason[0]}。{zh[1]}"),
            en=(en[0], f"{{meal_word}}, {{meal_on_day}}: {reason[1]}. {en[1]}"),
            icon=icon,
            colour=colour,
            path=_PATH,
        )

    return ByMember("reason", {code: words(reason) for code, reason in _REASONS.items()}, words(_OTHER))


KINDS: Mapping[str, Saying] = {
    "meal_replaced": _said(
        ("换了一份餐", "换成合适的一份，多收的退回。"),
        ("Another meal comes", "One that fits comes in its place; the difference goes back."),
        "meal",
        "now",
    ),
    "meal_to_choose": _said(
        ("这餐要重新选", "钱退回了，截止以前可以再选一份。"),
        ("Please choose again", "The money went back; another can be chosen before the cut-off."),
        "meal",
        "now",
    ),
    "meal_stopped": _said(
        ("这餐停了", "钱退回了。"), ("This meal does not come", "The money went back."), "nofood", "mute"
    ),
    "meal_charged": Words(
        zh=("记了餐费", "{text_zh}，{amount}，出院时一起结。"),
        en=("A meal was charged", "{text_en}: {amount}, settled with the stay."),
        icon="meal",
        path=_PATH,
    ),
}
