"""The page of one stay on the nurse's tablet: who lies where since when, and what there is to do."""

from __future__ import annotations

from http import HTTPStatus
from typing import cast
from uuid import UUID

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for

from gateway.web.desk import init_desk
from gateway.web.look import now, render_page
from gateway.web.patient.asking import Refusal, ask
from gateway.web.session import actor, clients, current, staff
from gateway.web.stays import WARD_LINKS, Status, Stay
from gateway.web.ward.wards import WARD_ROLES
from shared.errors import NotFound

pages = init_desk(Blueprint("ward_stays", __name__, url_prefix="/ward/stays"))

DONE = frozenset({"admission", "transfer", "discharge", "taken_back"})
"""What may just have happened at this stay; the page says it once more."""


def stay_of(encounter_id: UUID) -> Stay:
    """The stay, asked for as whoever is logged in. Raises what records says when it is not there."""
    asking = actor()
    return Stay(clients().records.encounter(asking, encounter_id), asking)


def stay_path(encounter_id: UUID | str, *more: str) -> str:
    """The address of a stay's page on the tablet, or of a page below it."""
    return "/".join(["/ward/stays", str(encounter_id), *more])


def to_stay(encounter_id: UUID | str, done: str = "") -> Response:
    """Lead to the stay, which says what was done."""
    path = stay_path(encounter_id)
    return cast("Response", redirect(f"{path}?done={done}" if done else path, code=HTTPStatus.SEE_OTHER))


@pages.get("/<uuid:encounter_id>")
@staff(*WARD_ROLES)
def show(encounter_id: UUID) -> Response:
    """Who it is, where, since when; a list of what there is to do."""
    return stay_page(encounter_id)


def stay_page(encounter_id: UUID, refusal: Refusal | None = None) -> Response:
    """The page of a stay; with the reason above it when something was refused."""
    stay = stay_of(encounter_id)
    principal = current()
    done = request.args.get("done", "")
    page = render_page(
        "ward/stay.html",
        stay=stay,
        day=stay.day_number(now()),
        links=WARD_LINKS.of(stay, principal.roles if principal else ()),
        base=stay_path(encounter_id),
        done=done if done in DONE else "",
        refusal=refusal,
        back=url_for("ward.show", ward_id=stay.ward_id) if stay.ward_id else url_for("ward.start"),
        moves=principal is not None and principal.has("nurse"),
    )
    return make_response(page, refusal.status if refusal else HTTPStatus.OK)


@pages.get("/<uuid:encounter_id>/links/<code>")
@staff(*WARD_ROLES)
def link_status(encounter_id: UUID, code: str) -> str:
    """How things stand with one of the links; the page asks for it after it is drawn."""
    if code not in WARD_LINKS.links:
        raise NotFound
    stay = stay_of(encounter_id)
    nothing: Status | None = None
    found = ask(lambda: WARD_LINKS.status_of(code, stay), nothing)
    return render_template("ward/_status.html", status=found.value, silent=found.silent)
