"""A bed's card: it leads who is linked to the patient to the patient's meals, and everybody to a companion's meal."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus
from typing import Any, cast
from urllib.parse import urlencode
from uuid import UUID

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for

from gateway.identity.domain import Link
from gateway.web.family import actor_for
from gateway.web.look import now, render_page
from gateway.web.meals.phone import meals_path, portions_of_form
from gateway.web.meals.words import MEALS, basket_fen, grouped, portions_of
from gateway.web.patient.asking import REFUSALS, Refusal, again_page, ask_list, refusal_of
from gateway.web.patient.bills import bill_path
from gateway.web.patient.visits import link_of
from gateway.web.patient.words import who
from gateway.web.session import acting_for, actor, clients, family, patient, request_key, signed_in
from shared.clock import from_iso, hospital_day

pages = Blueprint("meal_beds", __name__)

Document = dict[str, Any]
DAYS = 2
"""A companion orders for today and tomorrow."""


def _to(path: str) -> Response:
    return cast("Response", redirect(path, code=HTTPStatus.SEE_OTHER))


@pages.get("/b/<bed_code>")
@signed_in
def scan(bed_code: str) -> Response:
    """Where the card of a bed leads: to the patient's meals for who acts for them, else to a companion's meal."""
    for link in family():
        found = clients().meal_orders.bed(actor_for(link), bed_code)
        if found["encounter_id"]:
            return _to(meals_path(found["encounter_id"]))
    return _to(url_for("meal_beds.companion", bed_code=bed_code))


@pages.get("/b/<bed_code>/companion")
@signed_in
def companion(bed_code: str) -> Response:
    """A menu of normal food for who keeps somebody company; + and − change the basket, nothing is ordered yet."""
    return _companion_page(bed_code, None)


def _companion_page(bed_code: str, refusal: Refusal | None) -> Response:
    bed = clients().meal_orders.bed(actor(), bed_code)
    sittings = _open_meals(bed_code)
    wanted = (request.values.get("date", ""), request.values.get("meal", ""))
    shown = next((each for each in sittings if (each["date"], each["meal"]) == wanted), None)
    shown = shown or (sittings[0] if sittings else None)
    dishes = shown["dishes"] if shown else []
    portions = portions_of(request.values, dishes)
    payer = patient()
    mine = ask_list(lambda: clients().meal_orders.companion_meals(actor(), payer.patient_id) if payer else [])
    page = render_page(
        "meals/companion.html",
        bed=bed,
        person=who(payer),
        payer=payer,
        sittings=sittings,
        menu=shown,
        groups=grouped(dishes),
        portions=portions,
        chosen=sum(portions.values()),
        sum_fen=basket_fen(portions, dishes),
        own=url_for("meal_beds.companion", bed_code=bed_code),
        mine=[each for each in mine.value if from_iso(each["begins_at"]) + timedelta(hours=3) > now()][:5],
        refusal=refusal,
    )
    return make_response(page, refusal.status if refusal else HTTPStatus.OK)


def _open_meals(bed_code: str) -> list[Document]:
    """The meals of today and tomorrow that are still ordered, each with its menu."""
    today = hospital_day(now())
    found = []
    for ahead in range(DAYS):
        for meal in MEALS:
            day = (today + timedelta(days=ahead)).isoformat()
            each = clients().meal_orders.bed_menu(actor(), bed_code, day, meal)
            if each["open"]:
                found.append(each)
    return found


@pages.post("/b/<bed_code>/companion")
@signed_in
def order(bed_code: str) -> Response:
    """Order a companion's meal on the payer's own record; it is paid on the next page."""
    payer_id = request.form.get("payer_id", "")
    day, meal = request.form.get("date", ""), request.form.get("meal", "")
    try:
        made = clients().meal_orders.order_for_companion(
            acting_for(payer_id),
            key=request_key(),
            bed_code=bed_code,
            payer_id=payer_id,
            day=day,
            meal=meal,
            portions=portions_of_form(),
        )
    except REFUSALS as error:
        refusal = refusal_of(error)
        if refusal.request_id:
            kept = {"d": ",".join(request.form.getlist("d")), "payer_id": payer_id, "date": day, "meal": meal}
            return again_page(refusal, request.path, kept, back=url_for("meal_beds.companion", bed_code=bed_code))
        return _companion_page(bed_code, refusal)
    return _to(f"{companion_path(payer_id, made['id'])}?{urlencode({'bed': bed_code})}")


def companion_path(payer_id: UUID | str, order_id: UUID | str, *more: str) -> str:
    """The address of one companion's meal."""
    return "/".join(["/companion-meals", str(payer_id), str(order_id), *more])


ONE = "/companion-meals/<uuid:payer_id>/<uuid:order_id>"


@pages.get(ONE)
@signed_in
def show(payer_id: UUID, order_id: UUID) -> Response:
    """One companion's meal: waiting for its bill, to be paid, paid, ended."""
    return _one_page(link_of(payer_id), order_id, None)


def _one_page(link: Link, order_id: UUID, refusal: Refusal | None) -> Response:
    found = clients().meal_orders.one(acting_for(link.patient_id), order_id)
    own = companion_path(link.patient_id, order_id)
    invoice = {"patient_id": link.patient_id, "id": found["invoice_id"]}
    page = render_page(
        "meals/companion_order.html",
        person=who(link),
        order=found,
        own=own,
        pay_path=bill_path(invoice, own) if found["invoice_id"] else "",
        back=url_for("meal_beds.companion", bed_code=request.args["bed"]) if request.args.get("bed") else "/",
        live_path=f"{own}/progress?seen={_mark(found)}",
        refusal=refusal,
    )
    return make_response(page, refusal.status if refusal else HTTPStatus.OK)


def _mark(order: Document) -> str:
    return f"{order['state']}-{bool(order['invoice_id'])}"


@pages.get(f"{ONE}/progress")
@signed_in
def progress(payer_id: UUID, order_id: UUID) -> Response:
    """The small part that the waiting page asks for: it loads the page again once anything has changed."""
    found = clients().meal_orders.one(acting_for(payer_id), order_id)
    response = make_response(render_template("meals/_billing.html"))
    if _mark(found) != request.args.get("seen", ""):
        response.headers["HX-Refresh"] = "true"
    return response


@pages.post(f"{ONE}/cancellation")
@signed_in
def cancel(payer_id: UUID, order_id: UUID) -> Response:
    """Cancel it before the cut-off; what was paid goes back the way it came."""
    try:
        clients().meal_orders.cancel(acting_for(payer_id), order_id, key=request_key())
    except REFUSALS as error:
        refusal = refusal_of(error)
        if refusal.request_id:
            return again_page(refusal, request.path, {}, back=companion_path(payer_id, order_id))
        return _one_page(link_of(payer_id), order_id, refusal)
    return _to(companion_path(payer_id, order_id))
