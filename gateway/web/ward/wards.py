"""Which ward, and who lies in which bed: the first page of a nurse's day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from http import HTTPStatus
from typing import Any, cast
from uuid import UUID

from flask import Blueprint, Response, make_response, redirect, request, url_for

from gateway.web.desk import init_desk
from gateway.web.look import now, render_page
from gateway.web.patient.asking import Answer
from gateway.web.session import actor, clients, staff
from gateway.web.stays import BED_MARKS, Mark, day_number
from gateway.web.together import begin

pages = init_desk(Blueprint("ward", __name__, url_prefix="/ward"))

WARD_ROLES = ("nurse", "doctor", "dietitian")
WARD_COOKIE, NAMES_COOKIE = "anxin_ward", "anxin_ward_names"
A_YEAR = 365 * 24 * 3600

Document = dict[str, Any]
Marks = Mapping[str, Sequence[Mark]]


def _to(path: str) -> Response:
    return cast("Response", redirect(path, code=HTTPStatus.SEE_OTHER))


def _remember(response: Response, name: str, value: str) -> Response:
    response.set_cookie(
        name, value, max_age=A_YEAR, httponly=True, samesite="Lax", secure=request.is_secure, path="/ward"
    )
    return response


@pages.get("")
@staff(*WARD_ROLES)
def start() -> Response:
    """The ward that this tablet showed last, or the choice of wards."""
    kept = request.cookies.get(WARD_COOKIE, "")
    try:
        return _to(url_for("ward.show", ward_id=UUID(kept)))
    except ValueError:
        return _to(url_for("ward.choose"))


@pages.get("/choice")
@staff(*WARD_ROLES)
def choose() -> str:
    """All wards, those with patients first, found by a part of their name."""
    wanted = request.args.get("q", "").strip()[:40]
    wards = [each for each in clients().records.wards(actor()) if _fits(each, wanted)]
    groups: dict[str, list[Document]] = {}
    for each in sorted(wards, key=lambda ward: (not ward["taken"], ward["code"])):
        groups.setdefault(each["campus"]["id"], []).append(each)
    return render_page("ward/choose.html", groups=list(groups.values()), wanted=wanted)


def _fits(ward: Document, wanted: str) -> bool:
    texts = (ward["code"], ward["name"]["zh"], ward["name"]["en"])
    return not wanted or any(wanted.casefold() in text.casefold() for text in texts)


@pages.get("/<uuid:ward_id>")
@staff(*WARD_ROLES)
def show(ward_id: UUID) -> Response:
    """The beds by number, with who lies there since when and what the parts of the hospital remark."""
    asking = actor()
    nothing: Marks = {}
    remarks = begin({code: partial(marks, asking, ward_id) for code, marks in BED_MARKS.items()}, nothing)
    ward = clients().records.beds(asking, ward_id)  # without the beds there is no page
    found = remarks.answers()
    shown = request.cookies.get(NAMES_COOKIE) == "shown"
    page = render_page(
        "ward/beds.html",
        ward=ward["ward"],
        beds=ward["items"],
        without_bed=ward["without_bed"],
        marks=_by_stay(found),
        silent=any(each.silent for each in found.values()),
        shown=shown,
        day_of=lambda stay: day_number(stay["started_at"], now()),
    )
    return _remember(make_response(page), WARD_COOKIE, str(ward_id))


def _by_stay(answers: Mapping[str, Answer[Marks]]) -> dict[str, list[Mark]]:
    found: dict[str, list[Mark]] = {}
    for answer in answers.values():
        for encounter_id, marks in answer.value.items():
            found.setdefault(str(encounter_id), []).extend(marks)
    return found


@pages.post("/<uuid:ward_id>/names")
@staff(*WARD_ROLES)
def show_names(ward_id: UUID) -> Response:
    """Show whole names on this tablet, or mask them again: a tablet lies where visitors pass."""
    value = "shown" if request.form.get("names") == "shown" else "masked"
    return _remember(_to(url_for("ward.show", ward_id=ward_id)), NAMES_COOKIE, value)
