"""Ordering a patient's meals on the phone: the week, a menu with its reasons, what was ordered."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, cast
from urllib.parse import urlencode
from uuid import UUID

from flask import Blueprint, Response, make_response, redirect, request
from flask_babel import gettext, lazy_gettext

from gateway.web.look import now, render_page
from gateway.web.meals.words import MEALS, basket_fen, grouped, meal_word, portions_of, was_touched
from gateway.web.patient.asking import REFUSALS, Refusal, again_page, refusal_of
from gateway.web.patient.stays import stay_of, stay_path
from gateway.web.patient.words import who
from gateway.web.session import clients, request_key, signed_in
from gateway.web.stays import PHONE_LINKS, Status, Stay, StayLink, while_open
from shared.clock import from_iso, hospital_day

pages = Blueprint("meals", __name__, url_prefix="/stays/<uuid:encounter_id>/meals")

Document = dict[str, Any]
DONE = {"ordered", "declined"}
ONE = "/<string(length=10):day>/<any(breakfast, lunch, dinner):meal>"


def _status(stay: Stay) -> Status | None:
    found = clients().meal_orders.stay_meals(stay.actor, stay.id)
    upcoming = [each for each in found["meals"] if from_iso(each["ends_at"]) > now()]
    ordered = [each for each in upcoming if each["order"] and each["order"]["end_reason"] is None]
    if not ordered:
        return Status(gettext("还没有订")) if upcoming else None
    first = ordered[0]
    return Status(f"{meal_word(first['meal'])} {gettext('已订')}", "ok")


PHONE_LINKS.add(
    StayLink(
        code="meals",
        path="meals",
        icon="meal",
        word=lazy_gettext("订餐"),
        about=lazy_gettext("按医嘱能吃的菜，送到床边"),
        place=20,
        when=while_open,
        status=_status,
    )
)


def meals_path(encounter_id: UUID | str, *more: str) -> str:
    """The address of a stay's meals, or of a page below it."""
    return stay_path(encounter_id, "meals", *more)


def _to(path: str, **query: str) -> Response:
    return cast("Response", redirect(f"{path}?{urlencode(query)}" if query else path, code=HTTPStatus.SEE_OTHER))


@pages.get("")
@signed_in
def week(encounter_id: UUID) -> Response:
    """A day's three meals, and the days of the coming week."""
    return _week_page(encounter_id, None)


def _week_page(encounter_id: UUID, refusal: Refusal | None) -> Response:
    stay = stay_of(encounter_id)
    found = clients().meal_orders.stay_meals(stay.actor, encounter_id)
    days = sorted({each["date"] for each in found["meals"]})
    today = hospital_day(now()).isoformat()
    wanted = request.args.get("date", "")
    shown = wanted if wanted in days else today
    done = request.args.get("done", "")
    page = render_page(
        "meals/week.html",
        stay=stay,
        person=who(stay.link),
        days=[(day, _ordered(found["meals"], day)) for day in days],
        shown=shown,
        meals=[each for each in found["meals"] if each["date"] == shown and (each["order"] or not _is_over(each))],
        settling=found["settling"],
        bed_code=found["bed_code"],
        inpatient=found["class"] == "IMP",
        base=meals_path(encounter_id),
        back=stay_path(encounter_id),
        done=done if done in DONE else "",
        refusal=refusal,
    )
    return make_response(page, refusal.status if refusal else HTTPStatus.OK)


def _is_over(meal: Document) -> bool:
    return from_iso(meal["ends_at"]) <= now()


def _ordered(meals: list[Document], day: str) -> int:
    """How many meals of a day are ordered."""
    return sum(1 for each in meals if each["date"] == day and each["order"] and each["order"]["end_reason"] is None)


@pages.get(ONE)
@signed_in
def menu(encounter_id: UUID, day: str, meal: str) -> Response:
    """What may be eaten at this meal, and why the rest may not; + and − change the basket, nothing is ordered yet."""
    return _menu_page(encounter_id, day, meal, None)


def _menu_page(encounter_id: UUID, day: str, meal: str, refusal: Refusal | None) -> Response:
    stay = stay_of(encounter_id)
    found = clients().meal_orders.stay_menu(stay.actor, encounter_id, day, meal)
    if was_touched():
        portions = portions_of(request.values, found["dishes"])
    else:
        ordered = found["order"]["dishes"] if found["order"] else []
        portions = {each["dish_id"]: each["portions"] for each in ordered}
    page = render_page(
        "meals/menu.html",
        stay=stay,
        person=who(stay.link),
        menu=found,
        groups=grouped(found["dishes"]),
        missing=[dish for dish in found["dishes"] if dish["because"]],
        portions=portions,
        chosen=sum(portions.values()),
        sum_fen=basket_fen(portions, found["dishes"]),
        meals=list(MEALS),
        base=meals_path(encounter_id),
        own=meals_path(encounter_id, day, meal),
        refusal=refusal,
    )
    return make_response(page, refusal.status if refusal else HTTPStatus.OK)


@pages.post(f"{ONE}/order")
@signed_in
def order(encounter_id: UUID, day: str, meal: str) -> Response:
    """Order what is in the basket; it goes on the account of the stay."""
    stay = stay_of(encounter_id)
    try:
        wanted = portions_of_form()
        clients().meal_orders.order(stay.actor, encounter_id, key=request_key(), day=day, meal=meal, portions=wanted)
    except REFUSALS as error:
        refusal = refusal_of(error)
        if refusal.request_id:
            return again_page(refusal, request.path, _kept(), back=meals_path(encounter_id, day, meal))
        return _menu_page(encounter_id, day, meal, refusal)
    return _to(meals_path(encounter_id), date=day, done="ordered")


def portions_of_form() -> dict[str, int]:
    """The basket of a form that is sent off."""
    chosen = ",".join(request.form.getlist("d")).split(",")
    every = [{"id": each.partition(":")[0], "because": []} for each in chosen]
    return portions_of(request.form, every)


def _kept() -> dict[str, str]:
    """One field for each name is all that a page for sending again carries: the basket as one field."""
    return {"d": ",".join(request.form.getlist("d")), "b": "1"}


@pages.get(f"{ONE}/decline")
@signed_in
def ask_decline(encounter_id: UUID, day: str, meal: str) -> str:
    """What it means not to want this meal, before it is done."""
    stay = stay_of(encounter_id)
    found = clients().meal_orders.stay_menu(stay.actor, encounter_id, day, meal)
    return render_page(
        "meals/decline.html",
        stay=stay,
        person=who(stay.link),
        menu=found,
        own=meals_path(encounter_id, day, meal),
        back=f"{meals_path(encounter_id)}?{urlencode({'date': day})}",
    )


@pages.post(f"{ONE}/decline")
@signed_in
def decline(encounter_id: UUID, day: str, meal: str) -> Response:
    """This meal is not wanted; what it cost is given back."""
    stay = stay_of(encounter_id)
    try:
        clients().meal_orders.decline(stay.actor, encounter_id, key=request_key(), day=day, meal=meal)
    except REFUSALS as error:
        refusal = refusal_of(error)
        if refusal.request_id:
            return again_page(refusal, request.path, {}, back=meals_path(encounter_id))
        return _week_page(encounter_id, refusal)
    return _to(meals_path(encounter_id), date=day, done="declined")
