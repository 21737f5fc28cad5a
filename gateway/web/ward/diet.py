"""What a patient in a bed may eat: seen at once, changed with two taps; fasting with one big button, confirmed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any, cast
from uuid import UUID

from flask import Blueprint, Response, make_response, redirect, request
from flask_babel import gettext, lazy_gettext

from gateway.web.desk import again_page, init_desk
from gateway.web.diets import (
    NPO_REASONS,
    QUICK_RESTRICTIONS,
    QUICK_TEXTURES,
    SOURCES,
    WARNINGS,
    Wish,
    beginnings,
    by_code,
    own,
    wall_instant,
)
from gateway.web.look import now, render_page
from gateway.web.patient.asking import REFUSALS, Refusal, refusal_of
from gateway.web.session import actor, clients, current, request_key, staff
from gateway.web.stays import BED_MARKS, WARD_LINKS, Document, Mark, Status, Stay, StayLink
from gateway.web.ward.stays import stay_of, stay_path
from shared.actor import Actor
from shared.clock import iso

pages = init_desk(Blueprint("ward_diet", __name__, url_prefix="/ward/stays/<uuid:encounter_id>/diet"))

ROLES = ("nurse", "doctor", "dietitian")
DONE = {
    "diet": lazy_gettext("膳食开好了。"),
    "npo": lazy_gettext("禁食开好了，马上生效：没送的餐都停下。"),
    "npo_cancelled": lazy_gettext("这次禁食取消了。"),
    "allergy": lazy_gettext("过敏记好了，马上生效。"),
    "allergy_ended": lazy_gettext("这条过敏撤销了。"),
}
INVALID = Refusal("invalid_request", HTTPStatus.UNPROCESSABLE_ENTITY)


def _status(stay: Stay) -> Status | None:
    diet = clients().meals.diet(stay.actor, stay.id)
    if any(each["in_force"] for each in diet["npo"]):
        return Status(gettext("正在禁食"), "bad")
    if diet["order"] is None:
        return Status(gettext("没有医嘱"), "now") if stay.is_open else None
    return Status(own(diet["order"]["name"]), "ok")


WARD_LINKS.add(
    StayLink(
        code="diet",
        path="diet",
        icon="meal",
        word=lazy_gettext("膳食、禁食、过敏"),
        about=lazy_gettext("看现在能吃什么，改膳食，开禁食"),
        place=20,
        roles=ROLES,
        status=_status,
    )
)


def bed_marks(asking: Actor, ward_id: UUID) -> Mapping[str, Sequence[Mark]]:
    """Diet, fasting and allergies on the beds of a ward."""
    found: dict[str, Sequence[Mark]] = {}
    for each in clients().meals.diets(asking, ward_id):
        npo = [Mark(own(name), "npo", "nofood") for name in each["npo"]]
        foods = [gettext("忌%(food)s", food=own(name)) for name in each["allergies"]]
        allergies = [Mark(food, "allergy", "warn") for food in foods]
        diet = [Mark(own(each["diet"]), "diet", "leaf")] if each["diet"] else []
        found[each["encounter_id"]] = [*npo, *allergies, *([] if npo else diet)]
    return found


BED_MARKS["diet"] = bed_marks


def _path(encounter_id: UUID, *more: str) -> str:
    return stay_path(encounter_id, "diet", *more)


def _back(encounter_id: UUID, done: str) -> Response:
    return cast("Response", redirect(f"{_path(encounter_id)}?done={done}", code=HTTPStatus.SEE_OTHER))


def _did(encounter_id: UUID, act: Callable[[], Any], done: str, shown: Callable[[Refusal], Response]) -> Response:
    """Do it and show the diet again; a refusal is shown where it was asked for."""
    try:
        act()
    except REFUSALS as error:
        refusal = refusal_of(error)
        if refusal.request_id:
            return again_page(refusal, back=_path(encounter_id))
        return shown(refusal)
    return _back(encounter_id, done)


def _page(template: str, refusal: Refusal | None, stay: Stay, **more: Any) -> Response:
    page = render_page(template, stay=stay, base=_path(stay.id), refusal=refusal, reasons=NPO_REASONS, **more)
    return make_response(page, refusal.status if refusal else HTTPStatus.OK)


@pages.get("")
@staff(*ROLES)
def show(encounter_id: UUID) -> Response:
    """What may be eaten now, with everything that forbids first."""
    return _diet_page(encounter_id)


def _diet_page(encounter_id: UUID, refusal: Refusal | None = None) -> Response:
    stay, asking = stay_of(encounter_id), actor()
    diet, manual = clients().meals.diet(asking, encounter_id), clients().meals.diet_manual(asking)
    present = Wish.of(diet["order"])
    textures, restrictions = by_code(manual["textures"]), by_code(manual["restrictions"])
    return _page(
        "ward/diet.html",
        refusal,
        stay,
        diet=diet,
        present=present,
        textures=[(code, textures[code], present.with_texture(code)) for code in QUICK_TEXTURES],
        restrictions=[
            (code, restrictions[code], present.toggled(code))
            for code in dict.fromkeys([*QUICK_RESTRICTIONS, *sorted(present.restrictions)])
            if code in restrictions
        ],
        sources=SOURCES,
        warnings=WARNINGS,
        done=DONE.get(request.args.get("done", ""), ""),
    )


@pages.get("/order")
@staff(*ROLES)
def ask_order(encounter_id: UUID) -> Response:
    """The diet that was tapped, to be confirmed; or all choices."""
    return _order_page(encounter_id, Wish.sent(request.args))


def _order_page(encounter_id: UUID, wish: Wish, refusal: Refusal | None = None) -> Response:
    stay, asking = stay_of(encounter_id), actor()
    diet, manual = clients().meals.diet(asking, encounter_id), clients().meals.diet_manual(asking)
    principal = current()
    return _page(
        "ward/diet_order.html",
        refusal,
        stay,
        diet=diet,
        manual=manual,
        wish=wish if wish.texture else Wish.of(diet["order"]),
        names=wish.names(manual),
        fasting=[each for each in diet["npo"] if each["in_force"]],
        may_be_verbal=diet["may_be_verbal"] and principal is not None and principal.has("nurse"),
    )


@pages.post("/order")
@staff(*ROLES)
def order(encounter_id: UUID) -> Response:
    """Order the diet; the one before ends."""
    wish, asking, key = Wish.sent(request.form), actor(), request_key()
    try:
        body = wish.body
    except ValueError:
        return _order_page(encounter_id, wish, INVALID)
    body |= {"verbal": request.form.get("verbal") == "yes", "resumes": request.form.get("resumes") == "yes"}
    body["note"] = request.form.get("note", "").strip()[:300]
    return _did(
        encounter_id,
        lambda: clients().meals.order_diet(asking, encounter_id, key=key, **body),
        "diet",
        lambda refusal: _order_page(encounter_id, wish, refusal),
    )


@pages.get("/npo")
@staff(*ROLES)
def ask_npo(encounter_id: UUID) -> Response:
    """What kind of fasting, why, from when; and what it does, before it is done."""
    return _npo_page(encounter_id)


def _npo_page(encounter_id: UUID, refusal: Refusal | None = None) -> Response:
    manual = clients().meals.diet_manual(actor())
    return _page(
        "ward/diet_npo.html",
        refusal,
        stay_of(encounter_id),
        kinds=manual["npo_kinds"],
        starts=beginnings(now()),
        chosen=request.form,
    )


@pages.post("/npo")
@staff(*ROLES)
def npo(encounter_id: UUID) -> Response:
    """Fasting begins, at once or when it was said."""
    form, asking, key = request.form, actor(), request_key()
    start = form.get("from", "now")
    try:
        begins = wall_instant("" if start == "now" else start)
        ends = wall_instant(form.get("until", ""))
    except ValueError:
        return _npo_page(encounter_id, INVALID)
    body = {"kind": form.get("kind", ""), "reason": form.get("reason", "")}
    body |= {name: iso(at) for name, at in (("from_at", begins), ("until_at", ends)) if at is not None}
    return _did(
        encounter_id,
        lambda: clients().meals.order_npo(asking, encounter_id, key=key, **body),
        "npo",
        lambda refusal: _npo_page(encounter_id, refusal),
    )


@pages.post("/npo/<uuid:npo_id>/cancellation")
@staff(*ROLES)
def cancel_npo(encounter_id: UUID, npo_id: UUID) -> Response:
    """Fasting that has not begun will not be needed."""
    asking, key = actor(), request_key()
    return _did(
        encounter_id,
        lambda: clients().meals.cancel_npo(asking, npo_id, key=key),
        "npo_cancelled",
        lambda refusal: _diet_page(encounter_id, refusal),
    )


@pages.get("/allergies")
@staff(*ROLES)
def ask_allergy(encounter_id: UUID) -> Response:
    """Which food, and what it did."""
    return _allergy_page(encounter_id)


def _allergy_page(encounter_id: UUID, refusal: Refusal | None = None) -> Response:
    asking = actor()
    known = {each["allergen"] for each in clients().meals.diet(asking, encounter_id)["allergies"]}
    allergens = [each for each in clients().meals.diet_manual(asking)["allergens"] if each["code"] not in known]
    return _page("ward/diet_allergy.html", refusal, stay_of(encounter_id), allergens=allergens, form_sent=request.form)


@pages.post("/allergies")
@staff(*ROLES)
def note_allergy(encounter_id: UUID) -> Response:
    """Note it; every meal is looked at again."""
    asking, key = actor(), request_key()
    allergen, reaction = request.form.get("allergen", ""), request.form.get("reaction", "").strip()[:200]
    return _did(
        encounter_id,
        lambda: clients().meals.note_allergy(asking, encounter_id, key=key, allergen=allergen, reaction=reaction),
        "allergy",
        lambda refusal: _allergy_page(encounter_id, refusal),
    )


@pages.get("/allergies/<uuid:allergy_id>")
@staff(*ROLES)
def ask_withdrawal(encounter_id: UUID, allergy_id: UUID) -> Response:
    """Was it noted wrongly? It may be eaten again afterwards."""
    return _withdrawal_page(encounter_id, allergy_id)


def _withdrawal_page(encounter_id: UUID, allergy_id: UUID, refusal: Refusal | None = None) -> Response:
    diet: Document = clients().meals.diet(actor(), encounter_id)
    allergy = next((each for each in diet["allergies"] if each["id"] == str(allergy_id)), None)
    if allergy is None:
        return _back(encounter_id, "")
    return _page("ward/diet_allergy_end.html", refusal, stay_of(encounter_id), allergy=allergy)


@pages.post("/allergies/<uuid:allergy_id>")
@staff(*ROLES)
def withdraw_allergy(encounter_id: UUID, allergy_id: UUID) -> Response:
    """It was noted wrongly, for this reason."""
    asking, key, reason = actor(), request_key(), request.form.get("reason", "").strip()[:200]
    return _did(
        encounter_id,
        lambda: clients().meals.withdraw_allergy(asking, allergy_id, key=key, reason=reason),
        "allergy_ended",
        lambda refusal: _withdrawal_page(encounter_id, allergy_id, refusal),
    )
