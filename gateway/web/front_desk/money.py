"""Money at the window: cash is taken at once, a phone may pay instead, a refund in cash is handed out."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext

from gateway.web.desk import again_page, init_desk
from gateway.web.front_desk.standing import CASH, typed_fen
from gateway.web.front_desk.visits import refused, to_visit, visit_page
from gateway.web.patient.asking import REFUSALS, refusal_of
from gateway.web.session import actor, clients, request_key, staff
from gateway.web.words import money
from shared.client import ServiceProblem
from shared.money import to_amount

pages = init_desk(Blueprint("desk_money", __name__, url_prefix="/front-desk"))

ONE = "/appointments/<uuid:appointment_id>"
PAID_BY_PHONE = "/front-desk/paid-by-phone"


def _due() -> tuple[str, int]:
    """The bill and the amount that the page showed; an amount that is none is refused by billing."""
    return request.form.get("invoice_id", ""), typed_fen(request.form.get("amount", "")) or 0


@pages.post(f"{ONE}/cash")
@staff("front_desk")
def take_cash(appointment_id: UUID) -> Response:
    """Enter the cash that was handed over. Less than the bill is not taken; the change is told on the next page."""
    invoice_id, due_fen = _due()
    text = request.form.get("other", "").strip() or request.form.get("given", "")
    given = typed_fen(text) if text else due_fen
    if given is None:
        return visit_page(appointment_id, error=gettext("看不懂这个数，请填收到多少元。"))
    if given < due_fen:
        return visit_page(appointment_id, error=gettext("还少 %(money)s。", money=money(due_fen - given)))
    try:
        clients().billing.pay(
            actor(), key=request_key(), invoice_id=invoice_id, amount_fen=due_fen, return_path="/", channel=CASH
        )
    except REFUSALS as error:
        return refused(refusal_of(error), appointment_id)
    return to_visit(appointment_id, given=to_amount(given))


@pages.post(f"{ONE}/phone")
@staff("front_desk")
def let_phone_pay(appointment_id: UUID) -> Response:
    """Ask for a payment that any phone can make by the code on this page; one that is under way is shown."""
    invoice_id, due_fen = _due()
    try:
        clients().billing.pay(
            actor(), key=request_key(), invoice_id=invoice_id, amount_fen=due_fen, return_path=PAID_BY_PHONE
        )
    except REFUSALS as error:
        if not isinstance(error, ServiceProblem) or error.code != "payment_in_progress":
            return refused(refusal_of(error), appointment_id)
    return to_visit(appointment_id)


@pages.post(f"{ONE}/phone/<uuid:payment_id>/end")
@staff("front_desk")
def end_phone_payment(appointment_id: UUID, payment_id: UUID) -> Response:
    """The person wants to pay cash after all: the order is closed first, unless the money has come meanwhile."""
    try:
        clients().billing.call_off(actor(), payment_id, key=request_key())
    except REFUSALS as error:
        if not isinstance(error, ServiceProblem) or error.code != "payment_ended":
            return refused(refusal_of(error), appointment_id)
    return to_visit(appointment_id, ending="1")


@pages.post(f"{ONE}/refunds/<uuid:refund_id>")
@staff("front_desk")
def hand_out(appointment_id: UUID, refund_id: UUID) -> Response:
    """Hand out a refund in cash."""
    try:
        clients().billing.pay_out(actor(), refund_id, key=request_key())
    except REFUSALS as error:
        refusal = refusal_of(error)
        if refusal.request_id:
            return again_page(refusal, back=request.path.partition("/refunds/")[0])
        return visit_page(appointment_id, refusal=refusal)
    return to_visit(appointment_id)


@pages.get("/paid-by-phone")
def paid_by_phone() -> str:
    """Where the wallet leads a phone that paid by the code of the window: the result is on the window's screen."""
    return render_template("front_desk/paid_by_phone.html")
