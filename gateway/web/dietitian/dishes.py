"""Dishes: what a portion holds, whom it suits, and other grams looked at before they are saved."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from http import HTTPStatus
from typing import Any, cast
from uuid import UUID

from flask import Blueprint, Response, make_response, redirect, request, url_for
from flask_babel import lazy_gettext

from gateway.web.desk import again_page, init_desk
from gateway.web.look import render_page
from gateway.web.patient.asking import REFUSALS, Refusal, ask_list, refusal_of
from gateway.web.session import actor, clients, request_key, staff

pages = init_desk(Blueprint("dietitian", __name__, url_prefix="/dietitian"))

Document = dict[str, Any]

KINDS = {
    "staple": lazy_gettext("主食"),
    "meat": lazy_gettext("大荤"),
    "half_meat": lazy_gettext("小荤"),
    "vegetable": lazy_gettext("素菜"),
    "soup": lazy_gettext("汤"),
    "drink": lazy_gettext("饮品、流质"),
    "side": lazy_gettext("小菜点心"),
    "fruit": lazy_gettext("水果"),
}
CONSISTENCIES = {
    "normal": lazy_gettext("普通"),
    "soft": lazy_gettext("软"),
    "semi_liquid": lazy_gettext("半流质"),
    "puree": lazy_gettext("泥状"),
    "liquid": lazy_gettext("流质"),
    "clear": lazy_gettext("清流质"),
    "formula": lazy_gettext("管饲"),
}
MILLIGRAMS = 1000
LARGEST_GRAMS = 990
SODIUM_OF_SALT = 393
"""Sodium is told as salt: 1 g of salt holds 393 mg."""
SHOWN = {
    "energy": (1000, 0, "kcal"),
    "protein": (1000, 1, "g"),
    "fat": (1000, 1, "g"),
    "carbohydrate": (1000, 1, "g"),
    "fibre": (1000, 1, "g"),
    "sodium": (SODIUM_OF_SALT, 2, "g"),
    "potassium": (1, 0, "mg"),
    "phosphorus": (1, 0, "mg"),
    "calcium": (1, 0, "mg"),
    "iron": (1000, 1, "mg"),
    "copper": (1000, 2, "mg"),
    "purine": (1, 0, "mg"),
    "cholesterol": (1, 0, "mg"),
}
"""How a nutrient is written: its size in the unit, decimals, unit."""


def amount(code: str, value: int) -> str:
    """12.5 g, of what meals counts in milligrams."""
    size, places, unit = SHOWN[code]
    return f"{value / size:.{places}f} {unit}"


def grams(milligrams: int) -> str:
    """100, 0.75: grams as a cook writes them."""
    return f"{milligrams / MILLIGRAMS:g}"


pages.add_app_template_filter(grams, "grams")


@pages.app_context_processor
def kitchen_words() -> dict[str, object]:
    """Words and figures of dishes for templates."""
    return {"dish_kinds": KINDS, "consistencies": CONSISTENCIES, "nutrient": amount}


@pages.get("")
@staff("dietitian")
def show() -> str:
    """All dishes by kind, found by a part of their name; and how many orders wait."""
    wanted = request.args.get("q", "").strip()[:40]
    dishes = [each for each in clients().meals.dishes(actor()) if _fits(each, wanted)]
    groups = {kind: [each for each in dishes if each["kind"] == kind] for kind in KINDS}
    waiting = ask_list(lambda: clients().meals.received_orders(actor()))
    return render_page(
        "dietitian/dishes.html",
        groups={kind: found for kind, found in groups.items() if found},
        wanted=wanted,
        waiting=len(waiting.value),
    )


def _fits(dish: Document, wanted: str) -> bool:
    texts = (dish["code"], dish["name"]["zh"], dish["name"]["en"])
    return not wanted or any(wanted.casefold() in text.casefold() for text in texts)


@pages.get("/dishes/<uuid:dish_id>")
@staff("dietitian")
def show_dish(dish_id: UUID) -> Response:
    """A dish with its grams, what they make, and whom it suits."""
    return _dish_page(clients().meals.dish(actor(), dish_id))


def _dish_page(
    dish: Document,
    *,
    parts: list[Document] | None = None,
    looked: Document | None = None,
    wrong: str = "",
    refusal: Refusal | None = None,
) -> Response:
    chosen = {each["ingredient"] for each in parts or dish["parts"]}
    page = render_page(
        "dietitian/dish.html",
        dish=dish,
        parts=parts or dish["parts"],
        looked=looked,
        wrong=wrong,
        refusal=refusal,
        others=[each for each in clients().meals.ingredients(actor()) if each["code"] not in chosen],
        done=request.args.get("done") == "saved",
        leaves=_changed(dish, looked, gained=False) if looked else [],
        gains=_changed(dish, looked, gained=True) if looked else [],
    )
    bad = HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK
    return make_response(page, refusal.status if refusal else bad)


def _changed(before: Document, after: Document, *, gained: bool) -> list[Document]:
    """Diets that the dish suits less (or more) with the grams that were looked at."""
    was = {each["code"]: set(each["meals"]) for each in before["suits"]}
    return [
        each
        for each in after["suits"]
        if (set(each["meals"]) - was[each["code"]] if gained else was[each["code"]] - set(each["meals"]))
    ]


@pages.post("/dishes/<uuid:dish_id>")
@staff("dietitian")
def change(dish_id: UUID) -> Response:
    """Look at other grams, or save them after they were looked at."""
    asking, key = actor(), request_key()
    dish = clients().meals.dish(asking, dish_id)
    try:
        parts = _parts_sent(dish)
    except ValueError as error:
        return _dish_page(dish, wrong=str(error))
    if request.form.get("act") != "save":
        return _dish_page(dish, parts=parts, looked=_looked(dish_id, parts))
    body = [{"ingredient": each["ingredient"], "amount_mg": each["amount_mg"]} for each in parts]
    version, reason = request.form.get("version", ""), request.form.get("reason", "").strip()[:200]
    try:
        clients().meals.change_recipe(
            asking,
            dish_id,
            key=key,
            version=int(version) if version.isdecimal() else dish["version"],
            parts=body,
            reason=reason,
        )
    except REFUSALS as error:
        refusal = refusal_of(error)
        if refusal.request_id:
            return again_page(refusal, back=url_for("dietitian.show_dish", dish_id=dish_id))
        return _dish_page(dish, refusal=refusal)
    path = url_for("dietitian.show_dish", dish_id=dish_id, done="saved")
    return cast("Response", redirect(path, code=HTTPStatus.SEE_OTHER))


def _looked(dish_id: UUID, parts: list[Document]) -> Document:
    return clients().meals.assess(actor(), dish_id, [f"{each['ingredient']}:{each['amount_mg']}" for each in parts])


def _parts_sent(dish: Document) -> list[Document]:
    """The grams of the form, and the ingredient that was added; empty or zero takes one out.

    Raises ValueError, naming the ingredient whose grams are no number, or where nothing is left.
    """
    named = {each["ingredient"]: each["name"] for each in dish["parts"]}
    named |= {each["code"]: each["name"] for each in clients().meals.ingredients(actor())}
    sent = {name.removeprefix("g-"): text for name, text in request.form.items() if name.startswith("g-")}
    if request.form.get("add"):
        sent[request.form["add"]] = request.form.get("add_grams", "")
    found = []
    for code, text in sent.items():
        if code in named and (milligrams := _milligrams(text)) > 0:
            found.append({"ingredient": code, "name": named[code], "amount_mg": milligrams, "allergens": []})
    if not found:
        raise ValueError("nothing")
    return found


def _milligrams(text: str) -> int:
    try:
        value = Decimal(text.strip() or "0")
    except InvalidOperation as error:
        raise ValueError("grams") from error
    if not value.is_finite() or not 0 <= value <= LARGEST_GRAMS:
        raise ValueError("grams")
    return int(value * MILLIGRAMS)
