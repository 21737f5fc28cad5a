"""Diet orders of other systems that no program understood: the dietitian says what they mean, once for always."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, cast
from uuid import UUID

from flask import Blueprint, Response, make_response, redirect, request, url_for
from flask_babel import gettext

from gateway.web.desk import again_page, init_desk
from gateway.web.diets import PROBLEMS, Wish
from gateway.web.look import render_page
from gateway.web.patient.asking import REFUSALS, Refusal, refusal_of
from gateway.web.session import actor, clients, request_key, staff

pages = init_desk(Blueprint("dietitian_orders", __name__, url_prefix="/dietitian/orders"))

ROLES = ("dietitian", "doctor")
Document = dict[str, Any]


@pages.get("")
@staff(*ROLES)
def show() -> str:
    """What waits, the oldest first."""
    return render_page(
        "dietitian/orders.html",
        orders=clients().meals.received_orders(actor()),
        problems=PROBLEMS,
        done=request.args.get("done", ""),
    )


@pages.get("/<uuid:order_id>")
@staff(*ROLES)
def show_order(order_id: UUID) -> Response:
    """The codes as sent, and the diet that they should become."""
    return _order_page(order_id)


def _order_page(order_id: UUID, refusal: Refusal | None = None) -> Response:
    asking = actor()
    order = clients().meals.received_order(asking, order_id)
    diet, manual = clients().meals.diet(asking, order["encounter_id"]), clients().meals.diet_manual(asking)
    sent = Wish.sent(request.form)
    page = render_page(
        "dietitian/order.html",
        order=order,
        diet=diet,
        manual=manual,
        wish=sent if sent.texture else Wish.of(diet["order"]).joined_by(order["understood"]),
        problems=PROBLEMS,
        meanings=meanings_of(manual),
        refusal=refusal,
        fasting=[each for each in diet["npo"] if each["in_force"]],
    )
    return make_response(page, refusal.status if refusal else HTTPStatus.OK)


def meanings_of(manual: Document) -> list[tuple[str, Document]]:
    """What a code may mean: each entry of the manual with its kind."""
    kinds = (("texture", "textures"), ("restriction", "restrictions"), ("exclusion", "exclusions"))
    found = [(f"{kind}:{each['code']}", each["name"]) for kind, part in kinds for each in manual[part]]
    found += [(f"npo:{each['code']}", each["name"]) for each in manual["npo_kinds"]]
    return found


@pages.post("/<uuid:order_id>")
@staff(*ROLES)
def settle(order_id: UUID) -> Response:
    """Order the diet that it means, and teach its codes."""
    wish, asking, key, form = Wish.sent(request.form), actor(), request_key(), request.form
    taught = [(name.removeprefix("code-"), value) for name, value in form.items() if name.startswith("code-") and value]
    meanings = [{"code": int(number), "means": value} for number, value in taught if number.isdecimal()]
    try:
        body = wish.body
    except ValueError:
        return _order_page(order_id, Refusal("invalid_request", HTTPStatus.UNPROCESSABLE_ENTITY))
    body |= {"resumes": form.get("resumes") == "yes", "meanings": meanings}
    return _did(order_id, lambda: clients().meals.settle_received_order(asking, order_id, key=key, **body), "settled")


@pages.post("/<uuid:order_id>/dismissal")
@staff(*ROLES)
def dismiss(order_id: UUID) -> Response:
    """It needs nothing, for a reason."""
    asking, key = actor(), request_key()
    reason = request.form.get("reason", "").strip()[:200] or gettext("没写原因")
    return _did(
        order_id, lambda: clients().meals.dismiss_received_order(asking, order_id, key=key, reason=reason), "dismissed"
    )


def _did(order_id: UUID, act: Callable[[], Any], done: str) -> Response:
    try:
        act()
    except REFUSALS as error:
        refusal = refusal_of(error)
        if refusal.request_id:
            return again_page(refusal, back=url_for("dietitian_orders.show_order", order_id=order_id))
        return _order_page(order_id, refusal)
    return cast("Response", redirect(url_for("dietitian_orders.show", done=done), code=HTTPStatus.SEE_OTHER))
