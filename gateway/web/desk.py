"""What all pages at a desk share: who works where, refusals in words for staff, and a page for what did not work.

The sentences for patients speak to the person who pays; at a desk they are said of that person.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlencode

from flask import Blueprint, Response, make_response, request
from flask_babel import gettext, lazy_gettext
from werkzeug.exceptions import HTTPException

from gateway.identity.domain import STAFF_ROLES, Principal
from gateway.web import sentences
from gateway.web.look import own_path, render_page
from gateway.web.patient.asking import Refusal
from gateway.web.problems import Problem
from gateway.web.session import STAFF_LOG_IN, current, request_id
from shared.client import ServiceProblem, ServiceUnreachable
from shared.database import Busy
from shared.errors import DomainError
from shared.problems import status_of
from shared.web import http_problem

ANYBODY = STAFF_ROLES
"""Every member of staff, whatever they do."""

START = "/staff"


@dataclass(frozen=True)
class Workplace:
    """A page on which members of staff with one of these roles do their work."""

    roles: tuple[str, ...]
    path: str
    icon: str
    word: str
    about: str
    home: bool = False
    """Whether who works here lands on this page after logging in."""


WORKPLACES = (
    Workplace(
        ("front_desk",),
        "/front-desk",
        "search",
        lazy_gettext("找病人"),
        lazy_gettext("查找、登记、核对证件、给关联码、窗口挂号"),
    ),
    Workplace(
        ("front_desk",),
        "/front-desk/new",
        "plus",
        lazy_gettext("登记病人"),
        lazy_gettext("第一次来的病人，看着证件登记"),
    ),
    Workplace(
        ("cashier", "front_desk"),
        "/cashier/refunds",
        "undo",
        lazy_gettext("付现金退款"),
        lazy_gettext("退号以后要在窗口付给病人的钱"),
    ),
    Workplace(
        ("cashier", "finance"),
        "/cashier/late-charges",
        "clock",
        lazy_gettext("晚到的费用"),
        lazy_gettext("账单关了以后才来的费用，要有个结果"),
    ),
    Workplace(
        ("cashier", "finance"),
        "/finance/stuck",
        "warn",
        lazy_gettext("没有办完的钱"),
        lazy_gettext("一直没有结果的付款、退款、医保和票据，每一笔都有办法"),
    ),
    Workplace(
        ("finance", "auditor"),
        "/cashier/ledger",
        "report",
        lazy_gettext("账目汇总"),
        lazy_gettext("各科目的借方、贷方和余额"),
    ),
    Workplace(
        ("records_officer",),
        "/records-room",
        "record",
        lazy_gettext("病历复印"),
        lazy_gettext("审核申请、看证件、要求补材料"),
        home=True,
    ),
    Workplace(
        ("canteen",),
        "/canteen",
        "meal",
        lazy_gettext("厨房看板"),
        lazy_gettext("每餐做多少、截止后的变更、餐签"),
        home=True,
    ),
    Workplace(
        ("canteen",),
        "/canteen/plating",
        "scan",
        lazy_gettext("出餐核对"),
        lazy_gettext("每一盘出厨房前扫一次"),
    ),
    Workplace(
        ("nurse", "doctor"),
        "/ward",
        "bed",
        lazy_gettext("病区"),
        lazy_gettext("床位、膳食、费用、床边结算"),
        home=True,
    ),
    Workplace(
        ("dietitian",),
        "/dietitian",
        "leaf",
        lazy_gettext("菜品和营养"),
        lazy_gettext("配方的克数、算出来的营养、适合哪些膳食"),
        home=True,
    ),
    Workplace(
        ("dietitian",),
        "/dietitian/menus",
        "calendar",
        lazy_gettext("一周菜单"),
        lazy_gettext("七天里每一餐有哪些菜"),
    ),
    Workplace(
        ("dietitian",),
        "/dietitian/orders",
        "warn",
        lazy_gettext("看不懂的医嘱"),
        lazy_gettext("别的系统发来、要人判断的膳食医嘱"),
    ),
    Workplace(
        ("dietitian",),
        "/ward",
        "bed",
        lazy_gettext("病区"),
        lazy_gettext("看每张床的膳食，改治疗膳食"),
    ),
)

_SAFE = {
    "您的钱没有扣。": lazy_gettext("没有收钱。"),
    "您的钱没有扣；要是刚付了，会自动退回。": lazy_gettext("要是刚付了钱，会自动退回。"),
    "什么都没有改，您的钱没有扣。": lazy_gettext("什么都没有改。"),
    "不会扣两次钱。": lazy_gettext("不要再收钱。"),
    "号为您留着。": lazy_gettext("号还留着。"),
    "号还为您留着。": lazy_gettext("号还留着。"),
    "再试一次不会办两次，也不会扣两次钱。": lazy_gettext("再试一次不会办两次，也不会收两次钱。"),
}
"""The second sentence of a problem as it is said to staff."""
_ACTIONS = {
    "看我的预约": lazy_gettext("看病人的预约"),
    "到窗口办": "",
    "打电话或到窗口办": "",
    "带证件到窗口核对": lazy_gettext("先看证件，核对病人"),
    "到窗口要一个关联码": lazy_gettext("打开他的资料"),
    "回首页": lazy_gettext("回工作首页"),
    "再付一次": lazy_gettext("重新收款"),
    "现在去付": lazy_gettext("现在收款"),
}
"""The third sentence: at the desk nobody is sent to the desk."""
_OWN = {
    "patient_not_yet_known": (lazy_gettext("刚登记好，挂号那边还没收到。"), lazy_gettext("登记的内容都在。")),
    "payment_in_progress": (lazy_gettext("病人的手机上有一笔正在付。"), lazy_gettext("现在不要收现金。")),
    "amount_not_due": (lazy_gettext("要收的钱变了，和页面上的不一样。"), lazy_gettext("没有记账，请看最新的金额。")),
}


def desk_words(code: str) -> Problem:
    """The sentences of a code as staff reads them."""
    happened, safe, action = sentences.SENTENCES.get(code, sentences.GENERAL)
    if code in _OWN:
        own = _OWN[code]
        return Problem(str(own[0]), str(own[1]), gettext(action))
    said = _SAFE.get(safe) or (gettext(safe) if safe else "")
    done = _ACTIONS[action] if action in _ACTIONS else gettext(action) if action else ""
    return Problem(gettext(happened), str(said), str(done))


def workplaces(principal: Principal | None) -> list[Workplace]:
    """The pages that exist for this member of staff."""
    return [each for each in WORKPLACES if principal is not None and principal.has(*each.roles)]


def home_of(principal: Principal | None) -> str:
    """Where a member of staff lands: the page of their work where there is one, else the list of what there is."""
    return next((each.path for each in workplaces(principal) if each.home), START)


def side_items() -> list[tuple[str, str, str, int, bool]]:
    """The lines of the side bar: icon, word, address, number, current (the longest address that fits)."""
    places = workplaces(current())
    fitting = [each.path for each in places if request.path == each.path or request.path.startswith(f"{each.path}/")]
    here = max(fitting, key=len, default=START)
    home = ("home", gettext("工作首页"), START, 0, here == START)
    return [home, *((each.icon, str(each.word), each.path, 0, each.path == here) for each in places)]


def name_and_place(principal: Principal | None) -> tuple[str, str]:
    """Who is logged in, and where they work, as the hospital writes it: "周敏 · 一站式服务中心"."""
    name, _, place = (principal.display_name if principal else "").partition(" · ")
    return name, place


def desk_problem(code: str, status: int) -> Response:
    """A whole page for what did not work, with the way back to work."""
    page = render_page("staff/problem.html", words=desk_words(code), href=_way_on(code), request_id=request_id())
    return make_response(page, status)


def _way_on(code: str) -> str:
    back = own_path("/" + (request.referrer or "").removeprefix(request.host_url).partition("?")[0])
    at_desk = (request.referrer or "").startswith(request.host_url) and back != request.path
    if code in {"session_expired", "not_logged_in"}:
        return f"{STAFF_LOG_IN}?{urlencode({'next': back})}" if at_desk else STAFF_LOG_IN
    if code in {"not_found", "forbidden"}:
        return START
    return request.full_path.rstrip("?") if request.method == "GET" else back if at_desk else START


def again_page(refusal: Refusal, *, back: str) -> Response:
    """For a form that got no answer: one button sends the very same again, under the same key."""
    kept = {name: value for name, value in request.form.items() if name not in {"csrf_token", "request_id"}}
    page = render_page("staff/again.html", refusal=refusal, action=request.path, form=kept, back=back)
    return make_response(page, refusal.status)


def init_desk(blueprint: Blueprint) -> Blueprint:
    """Answer refusals and silence on these pages with a page of the desk."""

    @blueprint.errorhandler(DomainError)
    def refused(error: DomainError) -> Response:
        return desk_problem(error.code, status_of(error))

    @blueprint.errorhandler(ServiceProblem)
    def service_refused(error: ServiceProblem) -> Response:
        return desk_problem(error.code, error.status)

    @blueprint.errorhandler(ServiceUnreachable)
    @blueprint.errorhandler(Busy)
    def silent(_error: Exception) -> Response:
        return desk_problem("service_unavailable", HTTPStatus.SERVICE_UNAVAILABLE)

    @blueprint.errorhandler(HTTPException)
    def not_taken(error: HTTPException) -> Response:
        document = http_problem(error)
        page = desk_problem(str((document.json or {})["code"]), document.status_code)
        if "Allow" in document.headers:
            page.headers["Allow"] = document.headers["Allow"]
        return page

    return blueprint


def typed(names: Mapping[str, int]) -> dict[str, str]:
    """What was typed into these fields, without spaces at the ends, cut to so many characters."""
    return {name: request.form.get(name, "").strip()[:longest] for name, longest in names.items()}
