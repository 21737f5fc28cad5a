"""The tablet in the person's hands: read, sign, pay; no way to the ward's pages until a nurse takes it back.

While a tablet is handed over it carries a cookie that names the stay; with it every other page leads back to the
person's. Taking it back needs a nurse's name and password, and opens a session of their own.
"""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any, cast
from uuid import UUID

from flask import Blueprint, Response, current_app, make_response, redirect, render_template, request
from flask_babel import gettext

from gateway.web.desk import again_page, init_desk
from gateway.web.front_desk.money import PAID_BY_PHONE
from gateway.web.look import now, render_page
from gateway.web.patient.asking import REFUSALS, Refusal, refusal_of
from gateway.web.session import actor, clients, current, identity, remember, request_key, staff
from gateway.web.settling import Standing
from gateway.web.ward.stays import stay_of
from shared.client import ServiceProblem
from shared.errors import DomainError, Forbidden, NotFound

pages = init_desk(Blueprint("ward_person", __name__, url_prefix="/bedside/<uuid:encounter_id>"))

COOKIE = "anxin_handed_over"
LONGEST_STROKES = 60_000
"""Characters of a drawn signature; a name needs about two thousand."""
_NURSE = ("nurse",)
_ALWAYS = ("/static/", "/look", "/health/")
_MEANWHILE = {"not_in_stage", "payment_in_progress", "invoice_already_paid"}


def person_path(encounter_id: UUID | str, *more: str) -> str:
    """The address of the person's page of a settlement, or of a page below it."""
    return "/".join(["/bedside", str(encounter_id), *more])


def hand_over_to(encounter_id: UUID) -> Response:
    """Lead to the person's page and lock this tablet to it."""
    response = _to(person_path(encounter_id))
    secure = bool(current_app.config["ANXIN_COOKIES_SECURE"])
    response.set_cookie(COOKIE, str(encounter_id), httponly=True, samesite="Strict", secure=secure, path="/")
    return response


def _to(path: str) -> Response:
    return cast("Response", redirect(path, code=HTTPStatus.SEE_OTHER))


@pages.before_app_request
def keep_to_the_person() -> Response | None:
    """On a tablet that is handed over, every page but the person's leads back to theirs."""
    handed = request.cookies.get(COOKIE)
    if handed is None or request.path.startswith(_ALWAYS):
        return None
    principal = current()
    if principal is None or not principal.is_staff:
        return None
    try:
        own = person_path(UUID(handed))
    except ValueError:
        return None
    return None if request.path == own or request.path.startswith(f"{own}/") else _to(own)


def _standing(encounter_id: UUID) -> Standing:
    found = clients().settlements.of_stay(actor(), encounter_id)
    if found is None:
        raise NotFound
    return Standing(found, now())


@pages.get("")
@staff(*_NURSE)
def show(encounter_id: UUID) -> Response:
    """What the stay cost, who pays, and the one result: read, sign, pay, done."""
    return _page(encounter_id)


def _page(encounter_id: UUID, refusal: Refusal | None = None, *, wrong: str = "") -> Response:
    standing, stay = _standing(encounter_id), stay_of(encounter_id)
    page = render_page(
        "ward/person.html",
        stay=stay,
        s=standing,
        days=_days(standing.document),
        base=person_path(encounter_id),
        refusal=refusal,
        wrong=wrong,
        asked="question" in request.args,
        demo=identity().is_demo,
    )
    status = refusal.status if refusal else HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK
    return make_response(page, status)


def _days(document: dict[str, Any] | Any) -> int | None:
    facts = next((each["facts"] for each in document["checks"] if each["code"] == "bed_days"), None)
    return int(facts["days"]) if facts else None


@pages.get("/progress")
@staff(*_NURSE)
def progress(encounter_id: UUID) -> Response:
    """The small part that a waiting page asks for."""
    standing = _standing(encounter_id)
    response = make_response(render_template("ward/_person_live.html", s=standing))
    if standing.mark != request.args.get("seen", ""):
        response.headers["HX-Refresh"] = "true"
    return response


@pages.post("/signature")
@staff(*_NURSE)
def sign(encounter_id: UUID) -> Response:
    """The person signs the amounts that this page showed."""
    key, standing = request_key(), _standing(encounter_id)
    strokes, typed = _drawn(), request.form.get("typed", "").strip()[:60]
    if not strokes and not typed:
        return _page(encounter_id, wrong=gettext("请先在框里签名；不方便手写，就在下面写名字。"))
    try:
        clients().settlements.sign(
            actor(),
            standing.document["id"],
            key=key,
            digest=request.form.get("digest", "")[:16],
            signer="family" if request.form.get("signer") == "family" else "patient",
            strokes=[] if typed else strokes,
            typed=typed,
        )
    except REFUSALS as error:
        return _refused(encounter_id, error)
    return _to(person_path(encounter_id))


def _drawn() -> list[Any]:
    """What the pad drew; nothing for what is none. Billing checks every point."""
    text = request.form.get("strokes", "")
    try:
        found = json.loads(text) if 0 < len(text) <= LONGEST_STROKES else []
    except (ValueError, RecursionError):
        return []
    return found if isinstance(found, list) else []


@pages.post("/payment")
@staff(*_NURSE)
def pay(encounter_id: UUID) -> Response:
    """A code that any phone can pay by."""
    key, standing = request_key(), _standing(encounter_id)
    try:
        clients().settlements.pay(
            actor(),
            standing.document["id"],
            key=key,
            amount_fen=standing.to_pay_fen,
            return_path=PAID_BY_PHONE,
        )
    except REFUSALS as error:
        return _refused(encounter_id, error)
    return _to(person_path(encounter_id))


def _refused(encounter_id: UUID, error: Exception) -> Response:
    if isinstance(error, ServiceProblem) and error.code in _MEANWHILE:
        return _to(person_path(encounter_id))
    refusal = refusal_of(error)
    if refusal.request_id:
        return again_page(refusal, back=person_path(encounter_id))
    return _page(encounter_id, refusal)


@pages.get("/return")
@staff(*_NURSE)
def ask_back(encounter_id: UUID) -> Response:
    """The tablet goes back to the nurse: name and password."""
    return _back_page(encounter_id, None)


def _back_page(encounter_id: UUID, refusal: Refusal | None) -> Response:
    page = render_page(
        "ward/person_return.html",
        base=person_path(encounter_id),
        refusal=refusal,
        user_name=request.form.get("user_name", "")[:60],
        demo=identity().is_demo,
    )
    return make_response(page, refusal.status if refusal else HTTPStatus.OK)


@pages.post("/return")
@staff(*_NURSE)
def take_back(encounter_id: UUID) -> Response:
    """A nurse takes the tablet back and goes on with the settlement, in a session of their own."""
    user_name, password = request.form.get("user_name", "")[:60], request.form.get("password", "")
    try:
        opened = identity().log_in_staff(user_name, password, address=request.remote_addr or "")
    except DomainError as error:
        return _back_page(encounter_id, refusal_of(error))
    if not _is_nurse(opened.token):
        identity().log_out(opened.log_in.session_id)
        return _back_page(encounter_id, Refusal(Forbidden.code, HTTPStatus.FORBIDDEN))
    response = remember(_to(f"/ward/stays/{encounter_id}/settlement"), opened)
    response.delete_cookie(COOKIE, path="/")
    return response


def _is_nurse(token: str) -> bool:
    principal = identity().whose_session(token)
    return principal is not None and principal.has(*_NURSE)
