"""The round of trays in a ward, bed by bed: two identifiers at each bed, and how it ended."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask import Blueprint, Response, make_response, request, url_for

from gateway.web.desk import again_page, init_desk
from gateway.web.look import render_page
from gateway.web.meals.canteen import near_meals, wanted_meal
from gateway.web.patient.asking import REFUSALS, Refusal, refusal_of
from gateway.web.session import actor, clients, current, request_key, staff

pages = init_desk(Blueprint("meal_round", __name__, url_prefix="/ward/<uuid:ward_id>"))

Document = dict[str, Any]
ROUND = ("nurse", "canteen")
DIGITS = 9
"""A medical record number has nine digits; anything else at a bed is its code."""


@pages.get("/round")
@staff(*ROUND)
def show(ward_id: UUID) -> Response:
    """The ward's trays in the order of the beds, with where each of them is."""
    return _round_page(ward_id, None, None)


@pages.post("/round")
@staff(*ROUND)
def hand_over(ward_id: UUID) -> Response:
    """A tray at a bed: its code beside the bed's code or the wristband's number."""
    form = {name: request.form.get(name, "").strip()[:200] for name in ("tray_code", "at_bed", "outcome")}
    digits = "".join(each for each in form["at_bed"] if each.isdigit())
    is_wristband = len(digits) == DIGITS and len(form["at_bed"].replace(" ", "")) == DIGITS
    try:
        checked = clients().meal_orders.hand_over(
            actor(),
            key=request_key(),
            tray_code=form["tray_code"] or "-",
            outcome=form["outcome"] or "delivered",
            bed_code=form["at_bed"] if form["at_bed"] and not is_wristband else None,
            wristband=digits if is_wristband else None,
        )
    except REFUSALS as error:
        refusal = refusal_of(error)
        if refusal.request_id:
            return again_page(refusal, back=url_for("meal_round.show", ward_id=ward_id))
        return _round_page(ward_id, None, refusal)
    return _round_page(ward_id, checked, None)


def _round_page(ward_id: UUID, checked: Document | None, refusal: Refusal | None) -> Response:
    day, meal = wanted_meal(request.values)
    trays = clients().meal_orders.trays(actor(), day, meal, ward_id)
    items = trays["items"]
    left = [each for each in items if each["state"] in {"in_production", "plated", "absent"}]
    principal = current()
    page = render_page(
        "meals/round.html",
        ward_id=ward_id,
        ward=items[0]["ward"] if items else None,
        trays=trays,
        left=left,
        done=[each for each in items if each not in left],
        meals=near_meals(),
        query=urlencode({"date": trays["date"], "meal": trays["meal"]}),
        checked=checked,
        refusal=refusal,
        typed=request.form.get("tray_code", "") if checked and checked["verdict"] == "elsewhere" else "",
        back=f"/ward/{ward_id}" if principal is not None and principal.has("nurse") else "/canteen",
    )
    return make_response(page, refusal.status if refusal else HTTPStatus.OK)


@pages.get("/bed-cards")
@staff("nurse")
def bed_cards(ward_id: UUID) -> str:
    """The cards of a ward's beds, for the printer."""
    cards = clients().meal_orders.bed_cards(actor(), ward_id)
    address = request.host_url.rstrip("/")
    return render_page("meals/bed_cards.html", cards=cards, address=address, back=f"/ward/{ward_id}")
