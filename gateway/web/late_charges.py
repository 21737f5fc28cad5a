"""The cashier's office decides on charges that came after the bill of their stay was closed."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, make_response, redirect, request, url_for
from flask_babel import gettext, lazy_gettext

from gateway.web.desk import again_page, init_desk
from gateway.web.look import now, render_page
from gateway.web.patient.asking import REFUSALS, Refusal, ask_list, refusal_of
from gateway.web.patient.words import fen_of
from gateway.web.session import actor, clients, request_key, staff
from shared.clock import from_iso, hospital_day

pages = init_desk(Blueprint("late_charges", __name__, url_prefix="/cashier/late-charges"))

OFFICE = ("cashier", "finance")
WAYS = {
    "billed": lazy_gettext("开一张新账单给病人"),
    "borne": lazy_gettext("医院承担"),
    "given_back": lazy_gettext("退给病人"),
}
SHORTEST_REASON = 2
Document = dict[str, Any]


def _open_cases() -> list[Document]:
    """The undecided ones, the oldest first, each with the patient and its age in days."""
    asking, today = actor(), hospital_day(now())
    found = clients().settlements.late_charges(asking, "open")
    people = {each: clients().records.patient(asking, each) for each in {case["patient_id"] for case in found}}
    return [
        {
            **case,
            "patient": people[case["patient_id"]],
            "days": (today - hospital_day(from_iso(case["opened_at"]))).days,
            "ways": ["given_back"] if fen_of(case["amount"]) < 0 else ["billed", "borne"],
        }
        for case in found
    ]


def _page(refusal: Refusal | None = None, *, wrong: str = "") -> Response:
    found = ask_list(_open_cases)
    page = render_page(
        "cashier/late_charges.html",
        cases=found.value,
        silent=found.silent,
        ways=WAYS,
        refusal=refusal,
        wrong=wrong,
        done=request.args.get("done", "") if request.args.get("done") in WAYS else "",
    )
    status = refusal.status if refusal else HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK
    return make_response(page, status)


@pages.get("")
@staff(*OFFICE)
def show() -> Response:
    """Every late charge that waits for a decision."""
    return _page()


@pages.post("/<uuid:late_charge_id>")
@staff(*OFFICE)
def decide(late_charge_id: UUID) -> Response:
    """Close one of them, with the reason that stays beside it."""
    way, reason, key = request.form.get("way", ""), request.form.get("reason", "").strip()[:200], request_key()
    if way not in WAYS or len(reason) < SHORTEST_REASON:
        return _page(wrong=gettext("请选怎么处理，写上原因。"))
    try:
        clients().settlements.decide(actor(), late_charge_id, key=key, way=way, reason=reason)
    except REFUSALS as error:
        refusal = refusal_of(error)
        return again_page(refusal, back=url_for("late_charges.show")) if refusal.request_id else _page(refusal)
    return make_response(redirect(url_for("late_charges.show", done=way), code=HTTPStatus.SEE_OTHER))
