"""The menus of seven days, each meal changed until its cut-off."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, cast

from flask import Blueprint, Response, make_response, redirect, request, url_for

from gateway.web.desk import again_page, init_desk
from gateway.web.dietitian.dishes import KINDS
from gateway.web.look import render_page
from gateway.web.patient.asking import REFUSALS, Refusal, refusal_of
from gateway.web.session import actor, clients, request_key, staff
from shared.errors import NotFound

pages = init_desk(Blueprint("dietitian_menus", __name__, url_prefix="/dietitian/menus"))

Document = dict[str, Any]


@pages.get("")
@staff("dietitian")
def show() -> str:
    """A table: days down, meals across, with what makes the day different."""
    menus = clients().meals.menus(actor())
    days = {each["day"]: [other for other in menus if other["day"] == each["day"]] for each in menus}
    return render_page("dietitian/menus.html", days=days, done=request.args.get("done") == "saved")


@pages.get("/<day>/<meal>")
@staff("dietitian")
def show_menu(day: str, meal: str) -> Response:
    """One meal: every dish, those of the menu ticked."""
    return _menu_page(day, meal)


def _menu_page(day: str, meal: str, refusal: Refusal | None = None) -> Response:
    asking = actor()
    menu = next((each for each in clients().meals.menus(asking) if (each["day"], each["meal"]) == (day, meal)), None)
    if menu is None:
        raise NotFound
    dishes = [each for each in clients().meals.dishes(asking) if each["active"]]
    page = render_page(
        "dietitian/menu.html",
        menu=menu,
        chosen={each["id"] for each in menu["dishes"]},
        groups={kind: [each for each in dishes if each["kind"] == kind] for kind in KINDS},
        refusal=refusal,
    )
    return make_response(page, refusal.status if refusal else HTTPStatus.OK)


@pages.post("/<day>/<meal>")
@staff("dietitian")
def save(day: str, meal: str) -> Response:
    """Let the meal have exactly the dishes that were ticked; those that were on it keep their order."""
    asking, key, ticked = actor(), request_key(), request.form.getlist("dish")
    menus = clients().meals.menus(asking)
    before = [dish["id"] for each in menus if (each["day"], each["meal"]) == (day, meal) for dish in each["dishes"]]
    wanted = [*(each for each in before if each in ticked), *(each for each in ticked if each not in before)]
    try:
        clients().meals.set_menu(asking, key=key, day=day, meal=meal, dish_ids=wanted)
    except REFUSALS as error:
        refusal = refusal_of(error)
        if refusal.request_id:
            return again_page(refusal, back=url_for("dietitian_menus.show"))
        return _menu_page(day, meal, refusal)
    return cast("Response", redirect(url_for("dietitian_menus.show", done="saved"), code=HTTPStatus.SEE_OTHER))
