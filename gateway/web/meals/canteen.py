"""The canteen's desk: the board of a meal with its changes, and the check of each tray at plating."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from http import HTTPStatus
from typing import Any, cast
from urllib.parse import urlencode
from uuid import UUID

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for

from gateway.web.desk import again_page, init_desk
from gateway.web.look import now, render_page
from gateway.web.meals.words import MEALS
from gateway.web.patient.asking import REFUSALS, Refusal, refusal_of
from gateway.web.session import actor, clients, request_key, staff
from shared.clock import hospital_day

pages = init_desk(Blueprint("canteen", __name__, url_prefix="/canteen"))

KITCHEN = ("canteen", "dietitian")
Document = dict[str, Any]
LONGEST = 40


def wanted_meal(values: Mapping[str, str]) -> tuple[str | None, str | None]:
    """Day and meal of an address, both or neither."""
    day, meal = values.get("date", ""), values.get("meal", "")
    return (day, meal) if day and meal in MEALS else (None, None)


def near_meals() -> list[tuple[str, str]]:
    """Today's meals and tomorrow's breakfast: what a kitchen has in hand."""
    today = hospital_day(now())
    return [*((today.isoformat(), meal) for meal in MEALS), ((today + timedelta(days=1)).isoformat(), "breakfast")]


def _board() -> Document:
    day, meal = wanted_meal(request.args)
    return clients().meal_orders.production(actor(), day, meal)


@pages.get("")
@staff(*KITCHEN)
def board() -> str:
    """What is cooked for one meal: the list, what has changed since, who has no meal, how far the trays are."""
    shown = _board()
    return render_page("meals/board.html", **_shown(shown), meals=near_meals())


def _shown(board: Document) -> dict[str, Any]:
    query = urlencode({"date": board["date"], "meal": board["meal"]})
    unseen = [each for each in board["changes"] if each["seen_at"] is None]
    return {"board": board, "query": query, "unseen": unseen, "seen": [e for e in board["changes"] if e["seen_at"]]}


@pages.get("/live")
@staff(*KITCHEN)
def live() -> str:
    """The part of the board that renews itself."""
    return render_template("meals/_board.html", **_shown(_board()))


@pages.post("/changes/<uuid:change_id>")
@staff(*KITCHEN)
def acknowledge(change_id: UUID) -> Response:
    """Somebody has seen a change."""
    back = f"{url_for('canteen.board')}?{urlencode({'date': request.form['date'], 'meal': request.form['meal']})}"
    try:
        clients().meal_orders.acknowledge(actor(), change_id, key=request_key())
    except REFUSALS as error:
        refusal = refusal_of(error)
        if refusal.request_id:
            return again_page(refusal, back=back)
        raise
    return cast("Response", redirect(back, code=HTTPStatus.SEE_OTHER))


# ----------------------------------------------------------------------------------------------------------- plating


@pages.get("/plating")
@staff(*KITCHEN)
def plating() -> Response:
    """Scan or type the code on a tray's label."""
    return _plating_page(None, None)


@pages.post("/plating")
@staff(*KITCHEN)
def plate() -> Response:
    """Compare the tray once more with the diet, allergies and fasting in force: it goes, or it stops."""
    code = request.form.get("tray_code", "").strip()[:LONGEST]
    try:
        checked = clients().meal_orders.plate(actor(), key=request_key(), tray_code=code or "-")
    except REFUSALS as error:
        refusal = refusal_of(error)
        if refusal.request_id:
            return again_page(refusal, back=url_for("canteen.plating"))
        return _plating_page(None, refusal)
    return _plating_page(checked, None)


def _plating_page(checked: Document | None, refusal: Refusal | None) -> Response:
    page = render_page("meals/plating.html", checked=checked, refusal=refusal)
    return make_response(page, refusal.status if refusal else HTTPStatus.OK)
