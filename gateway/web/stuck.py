"""Money and calls that did not end: one list for cashier and finance, each with its age and a way out."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, cast
from uuid import UUID

from flask import Blueprint, Response, make_response, redirect, request, url_for
from flask_babel import gettext, lazy_gettext

from gateway.web.desk import again_page, init_desk
from gateway.web.look import live_filter, now, render_page
from gateway.web.patient.asking import REFUSALS, Refusal, ask, refusal_of
from gateway.web.session import actor, clients, current, request_key, staff
from shared.clock import from_iso
from shared.errors import NotFound

pages = init_desk(Blueprint("stuck", __name__, url_prefix="/finance/stuck"))

MENDERS = ("cashier", "finance")
Document = dict[str, Any]
KINDS = {
    "payment": lazy_gettext("付款"),
    "refund": lazy_gettext("退款"),
    "claim": lazy_gettext("医保申报"),
    "receipt": lazy_gettext("收费票据"),
}
WHATS = {
    "appointment": lazy_gettext("挂号"),
    "meal_order": lazy_gettext("订餐"),
    "copy_request": lazy_gettext("病历复印"),
    "copy_top_up": lazy_gettext("病历复印补交"),
    "deposit": lazy_gettext("住院押金"),
    "settlement": lazy_gettext("住院结算"),
    "late_charge": lazy_gettext("结算后补收"),
    "medical": lazy_gettext("住院医疗费"),
    "income": lazy_gettext("住院膳食费"),
}
STATES = {
    "requested": lazy_gettext("已请求，对方还没答"),
    "open": lazy_gettext("等病人付"),
    "unknown": lazy_gettext("结果不明，正在问"),
    "accepted": lazy_gettext("对方已受理"),
    "refused": lazy_gettext("对方拒绝"),
    "presettled": lazy_gettext("已预结算，等结算"),
    "reversing": lazy_gettext("正在冲正"),
}
PROBLEMS = {
    "provider_silent": lazy_gettext("钱包没有回音"),
    "provider_unreadable": lazy_gettext("钱包的回答读不懂"),
    "insurer_silent": lazy_gettext("医保没有回音"),
    "insurer_unreadable": lazy_gettext("医保的回答读不懂"),
    "insurer_processing": lazy_gettext("医保说还在处理"),
    "insurer_answer_broken": lazy_gettext("医保给的金额对不上"),
    "transaction_mismatch": lazy_gettext("流水号属于另一笔付款"),
    "amount_mismatch": lazy_gettext("金额不一样"),
    "called_off": lazy_gettext("已要求关闭"),
}
WAYS = {
    "retry": lazy_gettext("现在再问一次"),
    "call_off": lazy_gettext("关闭这笔付款"),
    "pay_out": lazy_gettext("付现金"),
    "reverse": lazy_gettext("冲正"),
    "set_aside": lazy_gettext("搁置"),
    "care": lazy_gettext("由我来跟"),
}
NEEDS_REASON = frozenset({"reverse", "set_aside"})
STEPS = {
    "open": lazy_gettext("请钱包开单"),
    "ask": lazy_gettext("询问结果"),
    "close": lazy_gettext("请钱包关单"),
    "refund": lazy_gettext("请钱包退款"),
    "presettle": lazy_gettext("医保预结算"),
    "settle": lazy_gettext("医保结算"),
    "cancel": lazy_gettext("取消医保结算"),
    "reverse": lazy_gettext("医保冲正"),
    "retry": lazy_gettext("要求马上再问"),
    "look_after": lazy_gettext("接手跟进"),
    "set_aside": lazy_gettext("搁置"),
}
OUTCOMES = {
    "unknown": lazy_gettext("没有明确回答"),
    "not_found": lazy_gettext("对方没有这一笔"),
    "refused": lazy_gettext("拒绝"),
    "accepted": lazy_gettext("已受理"),
    "settled": lazy_gettext("已结算"),
    "presettled": lazy_gettext("已预结算"),
    "reversed": lazy_gettext("已冲正"),
    "opened": lazy_gettext("等病人付"),
    "paid": lazy_gettext("已付"),
    "failed": lazy_gettext("没付成"),
    "closed": lazy_gettext("已关闭"),
    "asked_for": lazy_gettext("已要求"),
    "taken": lazy_gettext("已接手"),
    "set_aside": lazy_gettext("已搁置"),
}
AT_THE_DRAWER = frozenset({"call_off", "pay_out"})
"""What only the cashier does: finance does not handle cash, nor what a person pays."""
SHORTEST_REASON = 2
_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def _word(words: dict[str, Any]) -> Any:
    return lambda code: str(words.get(code, code)) if code else ""


for _name, _words in {
    "stuck_kind": KINDS,
    "stuck_what": WHATS,
    "stuck_state": STATES,
    "stuck_problem": PROBLEMS,
    "stuck_way": WAYS,
    "stuck_step": STEPS,
    "stuck_outcome": OUTCOMES,
}.items():
    pages.add_app_template_filter(live_filter(_word(_words)), _name)


def _age(since: str) -> str:
    seconds = int((now() - from_iso(since)).total_seconds())
    if seconds >= _DAY:
        return str(gettext("%(n)s 天", n=seconds // _DAY))
    if seconds >= _HOUR:
        return str(gettext("%(n)s 小时", n=seconds // _HOUR))
    return str(gettext("%(n)s 分钟", n=max(1, seconds // _MINUTE)))


def _with_people(items: list[Document]) -> list[Document]:
    """The rows with patient, age, and whose they are; each patient is asked for once."""
    asking = actor()
    people = {each: clients().records.patient(asking, each) for each in {row["patient_id"] for row in items}}
    principal = current()
    mine = principal.subject if principal else ""
    at_drawer = principal is not None and principal.has("cashier")
    return [
        {
            **row,
            "patient": people[row["patient_id"]],
            "age": _age(row["since"]),
            "is_mine": row["owner"] == mine,
            "ways": [way for way in row["ways"] if at_drawer or way not in AT_THE_DRAWER],
        }
        for row in items
    ]


@pages.get("")
@staff(*MENDERS)
def show() -> str:
    """What did not end, the oldest first; by kind, or what was set aside."""
    kind = request.args.get("kind", "")
    aside = request.args.get("aside") == "1"
    nothing: Document = {"items": [], "counts": {}, "set_aside": 0}

    def listed() -> Document:
        found = clients().stuck.all(actor(), kind=kind if kind in KINDS else None, set_aside=aside)
        return {**found, "items": _with_people(found["items"])}

    found = ask(listed, nothing)
    return render_page(
        "finance/stuck.html",
        found=found.value,
        silent=found.silent,
        kinds=KINDS,
        kind=kind if kind in KINDS else "",
        aside=aside,
        done=request.args.get("done", "") if request.args.get("done") in WAYS else "",
    )


@pages.get("/<kind>/<uuid:reference>")
@staff(*MENDERS)
def one(kind: str, reference: UUID) -> Response:
    """One of them, what was tried, and what can be done."""
    return _one_page(kind, reference)


def _one_page(kind: str, reference: UUID, refusal: Refusal | None = None, *, wrong: str = "") -> Response:
    if kind not in KINDS:
        raise NotFound
    [found] = _with_people([clients().stuck.one(actor(), kind, reference)])
    page = render_page(
        "finance/stuck_one.html",
        s=found,
        needs_reason=NEEDS_REASON,
        refusal=refusal,
        wrong=wrong,
        done=request.args.get("done", "") if request.args.get("done") in WAYS else "",
    )
    status = refusal.status if refusal else HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK
    return make_response(page, status)


@pages.post("/<kind>/<uuid:reference>/<way>")
@staff(*MENDERS)
def act(kind: str, reference: UUID, way: str) -> Response:
    """Take one of the ways out; what is final asks for a reason that is kept."""
    if kind not in KINDS or way not in WAYS:
        raise NotFound
    reason, key = request.form.get("reason", "").strip()[:200], request_key()
    if way in NEEDS_REASON and len(reason) < SHORTEST_REASON:
        return _one_page(kind, reference, wrong=gettext("请写上原因。"))
    here = url_for("stuck.one", kind=kind, reference=reference)
    try:
        _take(kind, reference, way, reason, key)
    except REFUSALS as error:
        refusal = refusal_of(error)
        return again_page(refusal, back=here) if refusal.request_id else _one_page(kind, reference, refusal)
    return cast("Response", redirect(f"{here}?done={way}", code=HTTPStatus.SEE_OTHER))


def _take(kind: str, reference: UUID, way: str, reason: str, key: str) -> None:
    asking, billing, stuck = actor(), clients().billing, clients().stuck
    if way == "call_off":
        billing.call_off(asking, reference, key=key)
    elif way == "pay_out":
        billing.pay_out(asking, reference, key=key)
    elif way == "reverse":
        stuck.reverse(asking, reference, key=key, reason=reason)
    elif way == "set_aside":
        stuck.act(asking, kind, reference, "set-aside", key=key, reason=reason)
    else:
        stuck.act(asking, kind, reference, way, key=key)
