"""One bill on the phone, whatever it is for: what is on it, paying it, and what became of the money.

Other pages lead here with `bill_path(invoice, back)` and are led back to by the person's tap. A payment whose end is
not known is never shown as "failed, pay again".
"""

from __future__ import annotations

import enum
from http import HTTPStatus
from typing import Any, cast
from urllib.parse import urlencode
from uuid import UUID

from flask import Blueprint, Response, make_response, redirect, render_template, request
from flask_babel import lazy_gettext

from gateway.web.look import live_filter, own_path, render_page
from gateway.web.patient.asking import REFUSALS, Refusal, again_page, refusal_of, typed
from gateway.web.patient.standing import Bill, Money, money
from gateway.web.patient.visits import link_of
from gateway.web.patient.words import fen_of, visit_path, who
from gateway.web.session import acting_for, clients, request_key, signed_in
from shared.client import ServiceProblem
from shared.errors import NotFound

pages = Blueprint("bills", __name__, url_prefix="/bills/<uuid:patient_id>/<uuid:invoice_id>")

Document = dict[str, Any]
KINDS = {
    "appointment": lazy_gettext("挂号费"),
    "meal_order": lazy_gettext("陪护餐"),
    "copy_request": lazy_gettext("病历复印"),
    "copy_top_up": lazy_gettext("病历复印补差"),
    "deposit": lazy_gettext("住院预交金"),
    "settlement": lazy_gettext("出院结算"),
    "late_charge": lazy_gettext("结算以后补的费用"),
}
"""What a bill is for, in words."""
pages.add_app_template_filter(live_filter(lambda kind: str(KINDS.get(kind, lazy_gettext("账单")))), "billed_word")


class BillState(enum.StrEnum):
    """Where a bill stands, as a person sees it."""

    TO_PAY = "to_pay"
    CHECKING = "checking"
    PAID = "paid"
    CANCELLED = "cancelled"


def bill_path(invoice: Document, back: str, *more: str) -> str:
    """The address of a bill's page (or of a page below it), which leads back to `back`, a path of this site."""
    path = "/".join(["/bills", str(invoice["patient_id"]), str(invoice["id"]), *more])
    return f"{path}?{urlencode({'back': back})}"


def bill_state(bill: Bill, *, returned: bool) -> BillState:
    """Where it stands. `returned`: the person has just come back from the wallet, so an open order is being checked."""
    if bill.invoice is None or bill.invoice["state"] == "cancelled":
        return BillState.CANCELLED
    if bill.is_paid:
        return BillState.PAID
    live = bill.live_payment
    return BillState.CHECKING if live and (live["state"] != "open" or returned) else BillState.TO_PAY


def _back(patient_id: UUID, invoice: Document) -> str:
    """Where the page before was: told by the address, else by what the bill is for."""
    told = own_path(request.values.get("back"))
    if told == "/" and invoice["billed_kind"] == "appointment":
        return visit_path(patient_id, invoice["billed_id"])
    return told


def _bill(patient_id: UUID, invoice_id: UUID) -> tuple[Bill, Document]:
    actor, billing = acting_for(patient_id), clients().billing
    invoice = billing.invoice(actor, invoice_id)
    return Bill(invoice, billing.payments(actor, invoice_id=invoice_id, patient_id=patient_id)), invoice


def _to(path: str) -> Response:
    return cast("Response", redirect(path, code=HTTPStatus.SEE_OTHER))


@pages.get("")
@signed_in
def show(patient_id: UUID, invoice_id: UUID) -> Response:
    """What is on the bill, and how it stands."""
    return bill_page(patient_id, invoice_id)


@pages.get("/paid")
@signed_in
def paid(patient_id: UUID, invoice_id: UUID) -> Response:
    """Where the wallet leads back to. What the address says counts for nothing: the hospital is asked."""
    return bill_page(patient_id, invoice_id, returned=True)


def bill_page(
    patient_id: UUID, invoice_id: UUID, *, returned: bool = False, refusal: Refusal | None = None
) -> Response:
    """The page of one bill."""
    link = link_of(patient_id)
    bill, invoice = _bill(patient_id, invoice_id)
    state = bill_state(bill, returned=returned)
    back = _back(patient_id, invoice)
    page = render_page(
        "patient/bill.html",
        person=who(link),
        bill=bill,
        invoice=invoice,
        state=state.value,
        money=money(bill) if state is BillState.CANCELLED else Money.NOT_TAKEN,
        returned=returned,
        refusal=refusal,
        back=back,
        pay_path=bill_path(invoice, back, "payment"),
        live_path=bill_path(invoice, back, "progress") + f"&seen={state.value}" + ("&returned=1" if returned else ""),
        open_path=bill_path(invoice, back, "payment", bill.live_payment["id"]) if bill.live_payment else "",
    )
    return make_response(page, refusal.status if refusal else HTTPStatus.OK)


@pages.get("/progress")
@signed_in
def progress(patient_id: UUID, invoice_id: UUID) -> Response:
    """The small part that a waiting page asks for: it loads the page again once the bill stands elsewhere."""
    bill, _ = _bill(patient_id, invoice_id)
    response = make_response(render_template("patient/_bill_checking.html"))
    if bill_state(bill, returned="returned" in request.args).value != request.args.get("seen", ""):
        response.headers["HX-Refresh"] = "true"
    return response


@pages.post("/payment")
@signed_in
def pay(patient_id: UUID, invoice_id: UUID) -> Response:
    """Ask for a payment of the amount that the page showed; one that is under way is gone on with."""
    link_of(patient_id)
    back, form = own_path(request.values.get("back")), typed("amount_fen")
    here = {"patient_id": patient_id, "id": invoice_id}
    amount = int(form["amount_fen"]) if form["amount_fen"].isascii() and form["amount_fen"].isdigit() else 0
    try:
        payment = clients().billing.pay(
            acting_for(patient_id),
            key=request_key(),
            invoice_id=invoice_id,
            amount_fen=amount,
            return_path=bill_path(here, back, "paid"),
        )
        return _to(bill_path(here, back, "payment", payment["id"]))
    except REFUSALS as error:
        if isinstance(error, ServiceProblem) and error.code == "payment_in_progress":
            return _to(bill_path(here, back, "payment", str(error.document["payment_id"])))
        refusal = refusal_of(error)
    if refusal.request_id:
        return again_page(refusal, bill_path(here, back, "payment"), form, back=bill_path(here, back))
    return bill_page(patient_id, invoice_id, refusal=refusal)


def _payment(patient_id: UUID, invoice_id: UUID, payment_id: UUID) -> Document:
    payment = clients().billing.payment(acting_for(patient_id), payment_id)
    if payment["invoice_id"] != str(invoice_id):
        raise NotFound
    return payment


@pages.get("/payment/<uuid:payment_id>")
@signed_in
def wait(patient_id: UUID, invoice_id: UUID, payment_id: UUID) -> str | Response:
    """Until the wallet has a page for it; then the wallet, and after the end the bill."""
    link = link_of(patient_id)
    payment = _payment(patient_id, invoice_id, payment_id)
    back, here = own_path(request.values.get("back")), {"patient_id": patient_id, "id": invoice_id}
    if payment["state"] == "open":
        return _to(payment["pay_url"])
    if payment["state"] not in {"requested", "unknown"}:
        return _to(bill_path(here, back, "paid"))
    return render_page(
        "patient/bill_payment.html",
        person=who(link),
        payment=payment,
        amount=fen_of(payment["amount"]),
        back=bill_path(here, back),
        live=bill_path(here, back, "payment", str(payment_id), "progress") + f"&seen={payment['state']}",
    )


@pages.get("/payment/<uuid:payment_id>/progress")
@signed_in
def payment_progress(patient_id: UUID, invoice_id: UUID, payment_id: UUID) -> Response:
    """The small part that the waiting page asks for."""
    payment = _payment(patient_id, invoice_id, payment_id)
    response = make_response(render_template("patient/_opening.html", payment=payment))
    if payment["state"] != request.args.get("seen", ""):
        response.headers["HX-Refresh"] = "true"
    return response
