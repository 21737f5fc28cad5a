"""What is said of copies of a record."""

from __future__ import annotations

from collections.abc import Mapping

from gateway.web.notices.saying import Saying, Words

_PATH = "/copies/{request_id}"


def _said(zh: tuple[str, str], en: tuple[str, str], icon: str, colour: str = "") -> Words:
    return Words(zh=zh, en=en, icon=icon, colour=colour, path=_PATH)


KINDS: Mapping[str, Saying] = {
    "copy_submit": _said(
        ("复印申请交了", "付了预付款就开始审核。"),
        ("Copies requested", "The review begins when the prepayment has arrived."),
        "record",
    ),
    "copy_asked_by_agent": _said(
        ("有人代办复印病历", "代办的申请交了。您是病人本人、又不同意的话，点开就能停下。"),
        ("An agent asks for copies", "If you are the patient and do not agree, open it and stop it."),
        "shield",
        "now",
    ),
    "copy_pay": _said(
        ("复印申请在审核", "病案室正在看材料。"),
        ("Your request is under review", "The records office looks at the papers."),
        "record",
    ),
    "copy_expire": _said(
        ("复印申请过期了", "没有在时间内付款，没有收钱。"),
        ("Your request has lapsed", "It was not paid in time; nothing was charged."),
        "record",
        "mute",
    ),
    "copy_approve": _said(
        ("复印申请通过了", "正在准备复印件。"),
        ("Your request is approved", "The copies are being prepared."),
        "ok",
        "ok",
    ),
    "copy_ask_correction": _said(
        ("复印申请要补材料", "病案室请您补一样东西，点开看是什么。"),
        ("Something is missing", "The records office asks for something more; open to see what."),
        "edit",
        "now",
    ),
    "copy_refuse": _said(
        ("复印申请没有通过", "原因在里面，付的钱原路退回。"),
        ("Your request was refused", "The reason stands inside; the money goes back."),
        "bad",
        "bad",
    ),
    "copy_object": _said(
        ("本人停掉了复印申请", "付的钱原路退回。"),
        ("The patient has stopped the request", "The money goes back."),
        "stop",
        "mute",
    ),
    "copy_withdraw": _said(
        ("复印申请撤回了", "付的钱原路退回。"),
        ("Your request is withdrawn", "The money goes back."),
        "undo",
        "mute",
    ),
    "copy_measure_covered": _said(
        ("复印件好了", "按页数算清了，多付的退回。"),
        ("The copies are ready", "Counted page by page; what was paid too much goes back."),
        "record",
        "ok",
    ),
    "copy_measure_short": _said(
        ("复印件好了，要补一点钱", "页数比预付的多，补了就寄出。"),
        ("The copies are ready, a little is due", "There are more pages than prepaid; they leave once it is paid."),
        "pay",
        "now",
    ),
    "copy_top_up": _said(
        ("补的钱到了", "复印件准备寄出。"),
        ("The rest has arrived", "The copies are about to leave."),
        "ok",
        "ok",
    ),
    "copy_send": _said(
        ("复印件寄出了", "点开看到哪儿了。"),
        ("The copies are on their way", "Open to see where."),
        "truck",
    ),
    "copy_deliver": _said(
        ("复印件送到了", "请核对页数和章。"),
        ("The copies have arrived", "Please check pages and stamp."),
        "parcel",
        "ok",
    ),
    "copy_return": _said(
        ("复印件被退回了", "没送到，点开看怎么再寄。"),
        ("The copies came back", "They could not be delivered; open to see how to send them again."),
        "parcel",
        "bad",
    ),
    "copy_pick_up": _said(
        ("复印件领走了", "在窗口领的。"),
        ("The copies were picked up", "At the window."),
        "ok",
        "ok",
    ),
}
