"""The records office's desk: requests by their deadline, one with its papers beside its form, and the decision.

Formal review only: complete, consistent, legible. Photos are looked at one by one, and each look is written down.
"""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, cast
from uuid import UUID

from flask import Blueprint, Response, make_response, redirect, request, url_for
from flask_babel import lazy_gettext

from gateway.web.copying import PAPERS, whose_paper
from gateway.web.desk import again_page, init_desk
from gateway.web.look import now, render_page
from gateway.web.patient.asking import REFUSALS, Refusal, ask, refusal_of
from gateway.web.session import actor, clients, request_key, staff
from gateway.web.uploads import picture_answer
from gateway.web.words import hospital_date
from shared.actor import Actor
from shared.clock import hospital_day

pages = init_desk(Blueprint("records_room", __name__, url_prefix="/records-room"))

Document = dict[str, Any]
OFFICER = "records_officer"
TABS = {
    "in_review": lazy_gettext("待审核"),
    "correction_asked": lazy_gettext("等补材料"),
    "approved": lazy_gettext("复印中"),
    "ready": lazy_gettext("待寄、待取"),
}
CHECKS = {
    "legible": lazy_gettext("证件清楚、四角完整"),
    "valid": lazy_gettext("证件在有效期内"),
    "same_person": lazy_gettext("姓名、证件号和住院登记一致"),
    "holding": lazy_gettext("手持照和证件是同一个人"),
    "mandate": lazy_gettext("授权书：范围、签名、日期都对"),
}
LONGEST_WORDS = 300
WITH_PACKET = frozenset({"approved", "awaiting_top_up", "ready", "sent", "returned", "delivered", "picked_up"})
"""In these states there is, or soon will be, a packet."""


def checks_of(document: Document) -> dict[str, Any]:
    """What an officer goes through; a mandate only where somebody applies for the patient."""
    return {code: word for code, word in CHECKS.items() if code != "mandate" or document["applicant_kind"] == "agent"}


def to(path: str) -> Response:
    """Lead on after a form."""
    return cast("Response", redirect(path, code=HTTPStatus.SEE_OTHER))


@pages.get("")
@staff(OFFICER)
def queue() -> str:
    """What waits, by the day until which an answer is promised."""
    tab = request.args.get("state", "in_review")
    tab = tab if tab in TABS else "in_review"
    nothing: Document = {"items": [], "counts": {}}
    found = ask(lambda: clients().copies.reviews(actor(), tab), nothing)
    today = hospital_day(now())
    late = [each for each in found.value["items"] if each["review_by"] and hospital_date(each["review_by"]) < today]
    return render_page(
        "records_room/queue.html",
        items=found.value["items"],
        counts=found.value["counts"],
        tabs=TABS,
        tab=tab,
        late=len(late),
        today=today.isoformat(),
        catalogue=clients().copies.catalogue(actor()),
        done=request.args.get("done", ""),
        silent=found.silent,
    )


@pages.get("/<uuid:request_id>")
@staff(OFFICER)
def show(request_id: UUID) -> Response:
    """One request: photos at the left, what was filled in at the right."""
    return review_page(request_id)


def review_page(request_id: UUID, refusal: Refusal | None = None) -> Response:
    """The page of one request."""
    copies = clients().copies
    document = copies.request(actor(), request_id)
    papers = sorted(document["papers"], key=lambda each: list(PAPERS).index(each["kind"]))
    wanted = request.values.get("paper", "")
    shown = next((each for each in papers if each["kind"] == wanted), None)
    page = render_page(
        "records_room/request.html",
        request_=document,
        papers=[{**each, "whose": whose_paper(each["kind"], document)} for each in papers],
        shown=shown,
        shown_whose=whose_paper(shown["kind"], document) if shown else "",
        checks=checks_of(document),
        ticked={code for code in CHECKS if request.values.get(f"check_{code}")},
        catalogue=clients().copies.catalogue(actor()),
        words=request.form.get("words", "")[:LONGEST_WORDS],
        reason=request.form.get("reason", ""),
        receiver_differs=_receiver_differs(document),
        refusal=refusal,
        packet=_or_nothing(copies.packet, document),
        tracking=_or_nothing(copies.tracking, document),
        code=request.values.get("code", ""),
    )
    return make_response(page, refusal.status if refusal else HTTPStatus.OK)


def _or_nothing(call: Callable[[Actor, str], Document], document: Document) -> Document | None:
    """A part of the page that may not be there yet."""
    if document["state"] not in WITH_PACKET:
        return None
    try:
        return call(actor(), document["id"])
    except REFUSALS:
        return None


def _receiver_differs(document: Document) -> bool:
    """Whether it goes to somebody who neither applies nor is the patient."""
    known = {each["name"] for each in (document["patient"], document["applicant"]) if each}
    return document["address"] is not None and document["address"]["name"] not in known


@pages.get("/<uuid:request_id>/papers/<uuid:paper_id>")
@staff(OFFICER)
def look(request_id: UUID, paper_id: UUID) -> Response:
    """A photo with its watermark; the look is written down before it is shown."""
    return picture_answer(clients().copies.photo(actor(), request_id, paper_id))


@pages.get("/<uuid:request_id>/refusal")
@staff(OFFICER)
def ask_refuse(request_id: UUID) -> Response:
    """Why there will be no copies, before the money goes back."""
    return _refusal_page(request_id)


def _refusal_page(request_id: UUID, refusal: Refusal | None = None) -> Response:
    page = render_page(
        "records_room/refusal.html",
        request_=clients().copies.request(actor(), request_id),
        catalogue=clients().copies.catalogue(actor()),
        words=request.form.get("words", "")[:LONGEST_WORDS],
        reason=request.form.get("reason", ""),
        refusal=refusal,
    )
    return make_response(page, refusal.status if refusal else HTTPStatus.OK)


@pages.post("/<uuid:request_id>/<any(approval, correction, refusal):act>")
@staff(OFFICER)
def decide(request_id: UUID, act: str) -> Response:
    """Approve (everything gone through), ask for a correction, or refuse."""
    page = _refusal_page if act == "refusal" else review_page
    body, incomplete = _decision(request_id, act)
    if incomplete:
        return page(request_id, Refusal(incomplete, HTTPStatus.UNPROCESSABLE_ENTITY))
    try:
        clients().copies.act(actor(), request_id, act, key=request_key(), **body)
    except REFUSALS as error:
        refusal = refusal_of(error)
        if refusal.request_id:
            return again_page(refusal, back=url_for("records_room.show", request_id=request_id))
        return page(request_id, refusal)
    return to(url_for("records_room.queue", done=act))


def _decision(request_id: UUID, act: str) -> tuple[Document, str]:
    """What is sent to records, and the code of what is still missing."""
    round_ = request.form.get("round", "")
    body: Document = {"round": int(round_) if round_.isascii() and round_.isdigit() else 0}
    if act == "approval":
        wanted = checks_of(clients().copies.request(actor(), request_id))
        ticked = all(request.form.get(f"check_{code}") for code in wanted)
        return body, "" if ticked else "review_incomplete"
    body |= {"reason": request.form.get("reason", ""), "words": request.form.get("words", "").strip()[:LONGEST_WORDS]}
    if act == "correction":
        body["papers"] = [each for each in request.form.getlist("papers") if each in PAPERS]
    return body, "" if body["reason"] and body["words"] else "review_words_needed"
