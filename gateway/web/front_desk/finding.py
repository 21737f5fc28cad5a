"""Finding a patient by record number, whole document number or name.

What was typed names a person, so it travels in a form and waits in a cookie of this desk, never in an address.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import cast
from urllib.parse import quote, unquote

from flask import Blueprint, Response, redirect, request, url_for

from gateway.web.desk import init_desk
from gateway.web.look import render_page
from gateway.web.patient.asking import ask_list
from gateway.web.session import actor, clients, staff
from gateway.web.staff import FOUND_COOKIE, FOUND_PATH

pages = init_desk(Blueprint("desk_finding", __name__, url_prefix="/front-desk"))

LONGEST_SEARCH = 60
MOST_FOUND = 20
"""As many patients as records gives at once."""


@pages.get("")
@staff("front_desk")
def ask() -> str:
    """An empty search."""
    return render_page("front_desk/find.html", wanted="", found=None, silent=False, most=MOST_FOUND)


@pages.post("/search")
@staff("front_desk")
def search() -> Response:
    """Keep what was typed for the page of results."""
    wanted = request.form.get("search", "").strip()[:LONGEST_SEARCH]
    if not wanted:
        return cast("Response", redirect(url_for("desk_finding.ask"), code=HTTPStatus.SEE_OTHER))
    response = cast("Response", redirect(url_for("desk_finding.found"), code=HTTPStatus.SEE_OTHER))
    response.set_cookie(
        FOUND_COOKIE, quote(wanted), httponly=True, samesite="Lax", secure=request.is_secure, path=FOUND_PATH
    )
    return response


@pages.get("/found")
@staff("front_desk")
def found() -> str | Response:
    """The patients who fit, what was found by number first."""
    wanted = unquote(request.cookies.get(FOUND_COOKIE, ""))[:LONGEST_SEARCH]
    if not wanted:
        return cast("Response", redirect(url_for("desk_finding.ask"), code=HTTPStatus.SEE_OTHER))
    answer = ask_list(lambda: clients().records.patients(actor(), wanted))
    return render_page("front_desk/find.html", wanted=wanted, found=answer.value, silent=answer.silent, most=MOST_FOUND)
