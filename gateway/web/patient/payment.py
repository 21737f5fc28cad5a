"""Paying for an appointment: a payment is asked for, its page waits for the wallet's address and leads there.

A payment whose end is not known is never shown as "failed, pay again".
"""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from flask import Blueprint, Response, make_response, redirect, render_template, request

from gateway.web.look import render_page
from gateway.web.patient.asking import REFUSALS, again_page, refusal_of, typed
from gateway.web.patient.visits import ONE, appointment_page, link_of
from gateway.web.patient.words import fen_of, visit_path, who
from gateway.web.session import acting_for, clients, request_key, signed_in
from shared.client import ServiceProblem
from shared.errors import NotFound

pages = Blueprint("payment", __name__, url_prefix="/appointments")

Document = dict[str, Any]
OPENING = frozenset({"requested", "unknown"})
"""No wallet page yet: this page looks again."""


def _to(path: str) -> Response:
    return cast("Response", redirect(path, code=303))


@pages.post(f"{ONE}/payment")
@signed_in
def pay(patient_id: UUID, appointment_id: UUID) -> Response:
    """Ask for a payment of the amount that the page showed; one that is under way is gone on with."""
    here = visit_path(patient_id, appointment_id)
    form = typed("invoice_id", "amount_fen")
    amount = int(form["amount_fen"]) if form["amount_fen"].isascii() and form["amount_fen"].isdigit() else 0
    try:
        payment = clients().billing.pay(
            acting_for(patient_id),
            key=request_key(),
            invoice_id=form["invoice_id"],
            amount_fen=amount,
            return_path=f"{here}/paid",
        )
        return _to(f"{here}/payment/{payment['id']}")
    except REFUSALS as error:
        if isinstance(error, ServiceProblem) and error.code == "payment_in_progress":
            return _to(f"{here}/payment/{error.document['payment_id']}")
        refusal = refusal_of(error)
    if refusal.request_id:
        return again_page(refusal, request.path, form, back=here)
    return make_response(appointment_page(patient_id, appointment_id, refusal=refusal), refusal.status)


def _payment(patient_id: UUID, appointment_id: UUID, payment_id: UUID) -> Document:
    payment = clients().billing.payment(acting_for(patient_id), payment_id)
    if payment["billed_id"] != str(appointment_id):
        raise NotFound
    return payment


@pages.get(f"{ONE}/payment/<uuid:payment_id>")
@signed_in
def wait(patient_id: UUID, appointment_id: UUID, payment_id: UUID) -> str | Response:
    """Until the wallet has a page for it; then the wallet, and after the end the appointment."""
    here = visit_path(patient_id, appointment_id)
    payment = _payment(patient_id, appointment_id, payment_id)
    if payment["state"] == "open":
        return _to(payment["pay_url"])
    if payment["state"] not in OPENING:
        return _to(f"{here}/paid")
    link = link_of(patient_id)
    return render_page(
        "patient/payment.html",
        person=who(link),
        payment=payment,
        amount=fen_of(payment["amount"]),
        back=here,
        live=f"{here}/payment/{payment_id}/progress?seen={payment['state']}",
    )


@pages.get(f"{ONE}/payment/<uuid:payment_id>/progress")
@signed_in
def progress(patient_id: UUID, appointment_id: UUID, payment_id: UUID) -> Response:
    """The small part that the waiting page asks for."""
    payment = _payment(patient_id, appointment_id, payment_id)
    response = make_response(render_template("patient/_opening.html", payment=payment))
    if payment["state"] != request.args.get("seen", ""):
        response.headers["HX-Refresh"] = "true"
    return response
