"""What is said of bills and refunds, by what is billed."""

from __future__ import annotations

from collections.abc import Mapping

from gateway.web.notices.saying import ByMember, Saying, Words

_THINGS: Mapping[str, tuple[str, str, str]] = {
    "appointment": ("挂号费", "The appointment", "/appointments/{patient_id}/{billed_id}"),
    "meal_order": ("陪护餐", "A companion's meal", ""),
    "copy_request": ("病历复印", "Copies of the record", "/copies/{billed_id}"),
    "copy_top_up": ("病历复印补交", "The rest for copies of the record", "/copies/{billed_id}"),
    "deposit": ("住院押金", "A deposit for the stay", ""),
    "settlement": ("住院结算", "The bill of the stay", ""),
    "late_charge": ("结算以后补的费用", "A charge added after the settlement", ""),
}
"""What is billed: its name in both languages, and its page."""
_SOMETHING = ("这笔账单", "A bill", "")


def _issued(zh: str, en: str, _path: str) -> Words:
    return Words(
        zh=(f"请付{zh}", "{amount}，在手机上就能付。"),
        en=("Please pay", f"{en}: {{amount}}. It can be paid on the phone."),
        icon="pay",
        colour="now",
        path="/bills/{patient_id}/{invoice_id}",
    )


def _paid(zh: str, en: str, path: str) -> Words:
    return Words(
        zh=("付好了", f"{zh} {{amount}} 已经收到。"),
        en=("Paid", f"{en}: {{amount}} has arrived."),
        icon="ok",
        colour="ok",
        path=path,
    )


def _returned(zh: str, en: str, path: str) -> Words:
    return Words(
        zh=("已退款", f"{zh} {{amount}} 已原路退回。"),
        en=("Money returned", f"{en}: {{amount}} went back the way it came."),
        icon="undo",
        colour="ok",
        path=path,
    )


KINDS: Mapping[str, Saying] = {
    kind: ByMember("billed_kind", {each: said(*thing) for each, thing in _THINGS.items()}, said(*_SOMETHING))
    for kind, said in (("bill_issued", _issued), ("bill_paid", _paid), ("refund_succeeded", _returned))
}
