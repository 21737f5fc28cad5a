"""Copies of records in words, for the phone and for the records room: states, papers, the way a request goes.

Plain functions over the documents that records gives; no page and no service is touched here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext, lazy_gettext

from gateway.web.look import current_look, in_own_language, live_filter, now
from gateway.web.patient.words import named
from gateway.web.words import hospital_date
from shared.clock import hospital_day

Document = Mapping[str, Any]

STATES: Mapping[str, tuple[Any, str, str]] = {
    "draft": (lazy_gettext("没填完"), "", "edit"),
    "awaiting_payment": (lazy_gettext("等付款"), "now", "pay"),
    "in_review": (lazy_gettext("审核中"), "now", "wait"),
    "correction_asked": (lazy_gettext("要补材料"), "bad", "warn"),
    "approved": (lazy_gettext("复印中"), "now", "wait"),
    "awaiting_top_up": (lazy_gettext("要补差价"), "now", "pay"),
    "ready": (lazy_gettext("复印好了"), "ok", "ok"),
    "sent": (lazy_gettext("已寄出"), "now", "truck"),
    "returned": (lazy_gettext("退回医院"), "bad", "undo"),
    "delivered": (lazy_gettext("已签收"), "ok", "ok"),
    "picked_up": (lazy_gettext("已取走"), "ok", "ok"),
    "refused": (lazy_gettext("没有通过"), "bad", "bad"),
    "withdrawn": (lazy_gettext("已撤回"), "", "undo"),
    "expired": (lazy_gettext("没付款，已取消"), "", "clock"),
}
"""The word, colour and icon of a state."""

PAPERS = {
    "patient_id_front": lazy_gettext("身份证有头像的一面"),
    "patient_id_back": lazy_gettext("身份证有国徽的一面"),
    "patient_holding": lazy_gettext("拿着身份证的照片"),
    "agent_id_front": lazy_gettext("身份证有头像的一面"),
    "agent_id_back": lazy_gettext("身份证有国徽的一面"),
    "agent_holding": lazy_gettext("拿着身份证的照片"),
    "mandate_signature": lazy_gettext("授权书签名"),
}
SIGNATURE = "mandate_signature"
REASONS = {
    "patient_objected": lazy_gettext("病人本人不同意"),
    "correction_unanswered": lazy_gettext("太久没有补材料"),
}
"""Reasons that no officer gives."""
STEPS = {
    "submit": lazy_gettext("交了申请"),
    "pay": lazy_gettext("付好了，开始审核"),
    "expire": lazy_gettext("没有付款，申请取消"),
    "approve": lazy_gettext("审核通过，开始复印"),
    "ask_correction": lazy_gettext("要补材料"),
    "supplement": lazy_gettext("补好材料，接着审核"),
    "refuse": lazy_gettext("没有通过，钱退回"),
    "withdraw": lazy_gettext("撤回了申请，钱退回"),
    "object": lazy_gettext("病人本人不同意，钱退回"),
    "measure_covered": lazy_gettext("数好页数，复印好了"),
    "measure_short": lazy_gettext("数好页数，要补差价"),
    "top_up_issued": lazy_gettext("差价可以付了"),
    "top_up": lazy_gettext("差价付好了，复印好了"),
    "send": lazy_gettext("寄出了"),
    "deliver": lazy_gettext("签收了"),
    "return": lazy_gettext("退回医院"),
    "pick_up": lazy_gettext("取走了"),
    "refunded": lazy_gettext("钱退到账了"),
}
"""What happened, for the history of a request."""
ENDED = frozenset({"delivered", "picked_up", "refused", "withdrawn", "expired"})
REVIEWED = ("approved", "awaiting_top_up", "ready", "sent", "returned", "delivered", "picked_up")


def paper_word(kind: str) -> str:
    """What a photo shows."""
    return str(PAPERS.get(kind, kind))


def whose_paper(kind: str, request: Document) -> str:
    """Whose document a photo shows: the name of the patient, or of the agent."""
    agent = request["applicant"] if kind.startswith("agent") else None
    person = agent or request["patient"]
    return str(person["name"] or person["mrn"])


def coded(code: str | None, items: list[Document], lang: str) -> str:
    """The words for a code of the catalogue (a part, a purpose, a reason, a province)."""
    found = next((each for each in items if each["code"] == code), None)
    return named(found["name"], lang) if found else str(REASONS.get(code or "", code or ""))


def path_steps(request: Document) -> list[tuple[str, str, str]]:
    """The way of a request for the steps at the top of its page: word, state of the step, second line."""
    state = request["state"]
    posted = request["delivery"] == "post"
    words = [gettext("付款"), gettext("审核"), gettext("复印"), gettext("寄送") if posted else gettext("来取")]
    at = {"awaiting_payment": 0, "in_review": 1, "correction_asked": 1, "approved": 2, "awaiting_top_up": 2}.get(
        state, 3
    )
    mine = {"awaiting_payment", "correction_asked", "awaiting_top_up"}
    kinds = {"delivered": "done", "picked_up": "done", "returned": "fail"}
    now = "on" if state in mine or (state == "ready" and not posted) else kinds.get(state, "wait")
    return [(word, "done" if place < at else now if place == at else "todo", "") for place, word in enumerate(words)]


def drafts_way(request: Document) -> list[tuple[str, str]]:
    """The pages on which a draft is filled in, in order: the last part of the address, and the word."""
    way = [("contents", gettext("选内容")), ("papers", gettext("拍证件")), ("delivery", gettext("怎么拿"))]
    if request["applicant_kind"] == "agent":
        way.append(("mandate", gettext("授权")))
    return [*way, ("confirm", gettext("付款"))]


def next_page(request: Document) -> str:
    """The first page of a draft on which something is missing."""
    missing = set(request["papers_missing"])
    if not request["parts"]:
        return "contents"
    if missing - {SIGNATURE}:
        return "papers"
    if request["delivery"] is None:
        return "delivery"
    if request["applicant_kind"] == "agent" and (request["mandate"] is None or SIGNATURE in missing):
        return "mandate"
    return "confirm"


def draft_steps(request: Document, here: str) -> list[tuple[str, str, str]]:
    """The same way for the steps at the top of a page of it."""
    way = drafts_way(request)
    place = [page for page, _ in way].index(here)
    states = ["done" if number < place else "on" if number == place else "todo" for number in range(len(way))]
    return [(word, state, "") for (_, word), state in zip(way, states, strict=True)]


def named_pairs(items: list[Document]) -> list[tuple[str, str]]:
    """Codes and words of a list of the catalogue, for a menu."""
    return [(each["code"], named(each["name"], current_look().lang)) for each in items]


def mendable_pairs(reasons: list[Document]) -> list[tuple[str, str]]:
    """The reasons that an applicant can mend without a new request, for a menu."""
    return named_pairs([each for each in reasons if each["mendable"]])


FILTERS = {
    "copy_state": live_filter(lambda state: tuple(str(each) for each in STATES[state])),
    "copy_step": live_filter(lambda act: str(STEPS.get(act, act))),
    "paper_word": live_filter(paper_word),
    "still_ahead": live_filter(lambda day: bool(day) and hospital_date(day) > hospital_day(now())),
    "coded": in_own_language(lambda pair, lang: coded(pair[0], pair[1], lang)),
}
"""What the templates of these pages call them."""
