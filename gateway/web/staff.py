"""Members of staff come to work: log-in by user name and password, the start page, log-out."""

from __future__ import annotations

from http import HTTPStatus
from typing import cast

from flask import Blueprint, Response, make_response, redirect, request, url_for

from gateway.identity.domain import TooManyTries
from gateway.web.desk import (
    ANYBODY,
    START,
    WORKPLACES,
    desk_words,
    home_of,
    init_desk,
    name_and_place,
    side_items,
    workplaces,
)
from gateway.web.look import live_filter, own_path, render_page
from gateway.web.patient.asking import Refusal, refusal_of
from gateway.web.session import current, identity, log_out, remember, staff
from shared.errors import DomainError

pages = init_desk(Blueprint("staff", __name__, url_prefix="/staff"))
pages.add_app_template_filter(live_filter(desk_words), "desk_words")

FOUND_COOKIE = "anxin_desk_search"
FOUND_PATH = "/front-desk"
"""Where the front desk's last search is kept: it ends with the clerk's session, so the next one does not see it."""
LONGEST_USER_NAME = 60
_WORK = ("/staff", *sorted({f"/{each.path.split('/')[1]}" for each in WORKPLACES}))


@pages.app_context_processor
def desk_words_of_templates() -> dict[str, object]:
    """What the frame of every desk page asks for."""
    return {"side_items": side_items, "name_and_place": lambda: name_and_place(current())}


def _to(path: str) -> Response:
    return cast("Response", redirect(path, code=HTTPStatus.SEE_OTHER))


def _next() -> str:
    wanted = own_path(request.values.get("next"))
    fits = any(wanted == each or wanted.startswith((f"{each}/", f"{each}?")) for each in _WORK)
    return wanted if fits and not wanted.startswith(("/staff/login", "/staff/logout")) else START


@pages.get("/login")
def ask_password() -> Response:
    """User name and password. Whoever is at work already goes on working."""
    principal = current()
    if principal is not None and principal.is_staff:
        path = _next()
        return _to(home_of(principal) if path == START else path)
    return _log_in_page(None)


def _log_in_page(refusal: Refusal | None) -> Response:
    page = render_page(
        "staff/login.html",
        refusal=refusal,
        user_name=request.form.get("user_name", "")[:LONGEST_USER_NAME],
        demo=identity().is_demo,
        next=_next(),
    )
    if refusal is not None and refusal.code == TooManyTries.code:
        return make_response(page, HTTPStatus.TOO_MANY_REQUESTS)
    return make_response(page, refusal.status if refusal else HTTPStatus.OK)


@pages.post("/login")
def log_in() -> Response:
    """Open a session; an older session of this browser ends."""
    user_name = request.form.get("user_name", "")[:LONGEST_USER_NAME]
    try:
        opened = identity().log_in_staff(user_name, request.form.get("password", ""), address=request.remote_addr or "")
    except DomainError as error:
        return _log_in_page(refusal_of(error))
    principal = identity().whose_session(opened.token)
    path = _next()
    return _without_search(remember(_to(home_of(principal) if path == START else path), opened))


@pages.get("")
@staff(*ANYBODY)
def start() -> str:
    """What there is for this member of staff; for roles whose pages are not built yet it says so."""
    return render_page("staff/start.html", places=workplaces(current()), me_now=name_and_place(current()))


@pages.post("/logout")
def leave() -> Response:
    """End this session at this desk."""
    return _without_search(log_out(_to(url_for("staff.ask_password"))))


def _without_search(response: Response) -> Response:
    response.delete_cookie(FOUND_COOKIE, path=FOUND_PATH)
    return response
