"""A patient's meals on the nurse's tablet: what is ordered, a meal that is not wanted, and one that is missing."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, cast
from uuid import UUID

from flask import Blueprint, Response, make_response, redirect, request
from flask_babel import gettext, lazy_gettext

from gateway.web.desk import again_page, init_desk
from gateway.web.look import now, render_page
from gateway.web.meals.phone import portions_of_form
from gateway.web.meals.words import basket_fen, grouped, meal_word, portions_of, was_touched
from gateway.web.patient.asking import REFUSALS, Refusal, refusal_of
from gateway.web.session import actor, clients, request_key, staff
from gateway.web.stays import WARD_LINKS, Status, Stay, StayLink, while_open
from gateway.web.ward.stays import stay_of, stay_path
from shared.clock import from_iso

pages = init_desk(Blueprint("ward_meals", __name__, url_prefix="/ward/stays/<uuid:encounter_id>/meals"))

Document = dict[str, Any]
NURSES = ("nurse",)
SHOWN = 6
"""The next meals, two days: further ahead the family orders."""
ONE = "/<string(length=10):day>/<any(breakfast, lunch, dinner):meal>"


def _status(stay: Stay) -> Status | None:
    upcoming = _upcoming(clients().meal_orders.stay_meals(stay.actor, stay.id))
    if not upcoming:
        return None
    first = upcoming[0]
    ordered = first["order"] and first["order"]["end_reason"] is None
    word = gettext("已订") if ordered else gettext("没订")
    return Status(f"{meal_word(first['meal'])} {word}", "ok" if ordered else "")


WARD_LINKS.add(
    StayLink(
        code="meals",
        path="meals",
        icon="meal",
        word=lazy_gettext("订餐"),
        about=lazy_gettext("订了什么、替病人订、补一份"),
        place=35,
        when=while_open,
        status=_status,
    )
)


def _upcoming(found: Document) -> list[Document]:
    return [each for each in found["meals"] if from_iso(each["ends_at"]) > now()][:SHOWN]


def _to(encounter_id: UUID) -> Response:
    return cast("Response", redirect(stay_path(encounter_id, "meals"), code=HTTPStatus.SEE_OTHER))


@pages.get("")
@staff(*NURSES)
def show(encounter_id: UUID) -> Response:
    """The next meals of this patient."""
    return _page(encounter_id, None)


def _page(encounter_id: UUID, refusal: Refusal | None) -> Response:
    found = clients().meal_orders.stay_meals(actor(), encounter_id)
    page = render_page(
        "meals/ward.html",
        stay=stay_of(encounter_id),
        meals=_upcoming(found),
        settling=found["settling"],
        base=stay_path(encounter_id, "meals"),
        back=stay_path(encounter_id),
        refusal=refusal,
    )
    return make_response(page, refusal.status if refusal else HTTPStatus.OK)


@pages.get(ONE)
@staff(*NURSES)
def menu(encounter_id: UUID, day: str, meal: str) -> Response:
    """What may be eaten at this meal, for a patient whom nobody helps on a phone."""
    return _menu_page(encounter_id, day, meal, None)


def _menu_page(encounter_id: UUID, day: str, meal: str, refusal: Refusal | None) -> Response:
    found = clients().meal_orders.stay_menu(actor(), encounter_id, day, meal)
    ordered = found["order"]["dishes"] if found["order"] else []
    before = {each["dish_id"]: each["portions"] for each in ordered}
    portions = portions_of(request.values, found["dishes"]) if was_touched() else before
    page = render_page(
        "meals/ward_menu.html",
        stay=stay_of(encounter_id),
        menu=found,
        groups=grouped(found["dishes"]),
        missing=[dish for dish in found["dishes"] if dish["because"]],
        portions=portions,
        chosen=sum(portions.values()),
        sum_fen=basket_fen(portions, found["dishes"]),
        own=stay_path(encounter_id, "meals", day, meal),
        back=stay_path(encounter_id, "meals"),
        refusal=refusal,
    )
    return make_response(page, refusal.status if refusal else HTTPStatus.OK)


@pages.post(f"{ONE}/order")
@staff(*NURSES)
def order(encounter_id: UUID, day: str, meal: str) -> Response:
    """Order for the patient."""
    asking, key, wanted = actor(), request_key(), portions_of_form()
    try:
        clients().meal_orders.order(asking, encounter_id, key=key, day=day, meal=meal, portions=wanted)
    except REFUSALS as error:
        refusal = refusal_of(error)
        if refusal.request_id:
            return again_page(refusal, back=stay_path(encounter_id, "meals"))
        return _menu_page(encounter_id, day, meal, refusal)
    return _to(encounter_id)


@pages.post(f"{ONE}/<any(decline, late):act>")
@staff(*NURSES)
def act(encounter_id: UUID, day: str, meal: str, act: str) -> Response:
    """The meal is not wanted; or after the cut-off, the standard meal is made for who has none."""
    orders = clients().meal_orders
    ask = orders.decline if act == "decline" else orders.late_meal
    try:
        ask(actor(), encounter_id, key=request_key(), day=day, meal=meal)
    except REFUSALS as error:
        refusal = refusal_of(error)
        if refusal.request_id:
            return again_page(refusal, back=stay_path(encounter_id, "meals"))
        return _page(encounter_id, refusal)
    return _to(encounter_id)
