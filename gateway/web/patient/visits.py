"""A family's appointments: the list, one appointment with where it stands, more time, and giving it back."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from flask import Blueprint, Response, make_response, redirect, render_template, request

from gateway.identity.domain import Link
from gateway.web.look import now, render_page
from gateway.web.patient.asking import REFUSALS, Refusal, again_page, ask, ask_list, refusal_of
from gateway.web.patient.booking import booking_rules
from gateway.web.patient.standing import WAITING, Bill, Where, money, past, upcoming, where
from gateway.web.patient.words import people, visit_path, who
from gateway.web.session import (
    account_id,
    acting_for,
    clients,
    family,
    notifications,
    patient,
    request_key,
    signed_in,
)
from shared.clock import from_iso
from shared.errors import NotFound

pages = Blueprint("visits", __name__, url_prefix="/appointments")

Document = dict[str, Any]
ONE = "/<uuid:patient_id>/<uuid:appointment_id>"


def link_of(patient_id: UUID) -> Link:
    """This account's link to a patient named in an address. Raises NotFound."""
    link = next((each for each in family() if each.patient_id == patient_id), None)
    if link is None:
        raise NotFound
    return link


def bill_of(patient_id: UUID, appointment: Document) -> Bill:
    """The invoice of an appointment with its payments; silent when billing does not answer."""
    actor, billing = acting_for(patient_id), clients().billing

    def read() -> Bill:
        found = billing.invoices(
            actor, billed_kind="appointment", billed_id=appointment["id"], patient_id=appointment["patient_id"]
        )
        if not found:
            return Bill()
        payments = billing.payments(actor, invoice_id=found[0]["id"], patient_id=appointment["patient_id"])
        return Bill(found[0], payments)

    return ask(read, Bill(silent=True)).value


@pages.get("")
@signed_in
def overview() -> str:
    """What is ahead and what is over, of the person chosen."""
    link = patient()

    def read() -> list[Document]:
        if link is None:
            return []
        return clients().appointments.appointments(acting_for(link.patient_id), patient_id=link.patient_id)

    found = ask_list(read)
    return render_page(
        "patient/appointments.html",
        people=people(family(), link),
        chosen=link,
        ahead=[(each, where(each, Bill(), now())) for each in upcoming(found.value, now())],
        gone=[(each, where(each, Bill(), now())) for each in past(found.value, now())],
        silent=found.silent,
        unread=notifications().unread(account_id()),
    )


@pages.get(ONE)
@signed_in
def show(patient_id: UUID, appointment_id: UUID) -> str:
    """One appointment: where it stands, what to do next, what happened to the money."""
    return appointment_page(patient_id, appointment_id)


@pages.get(f"{ONE}/paid")
@signed_in
def paid(patient_id: UUID, appointment_id: UUID) -> str:
    """Where the wallet leads back to. What the address says counts for nothing: the hospital is asked."""
    return appointment_page(patient_id, appointment_id, returned=True)


def appointment_page(
    patient_id: UUID, appointment_id: UUID, *, returned: bool = False, refusal: Refusal | None = None
) -> str:
    """The page of one appointment."""
    link = link_of(patient_id)
    appointment = clients().appointments.appointment(acting_for(patient_id), appointment_id)
    bill = bill_of(patient_id, appointment)
    stands = where(appointment, bill, now(), returned=returned)
    return render_page(
        "patient/appointment.html",
        link=link,
        person=who(link),
        appointment=appointment,
        bill=bill,
        where=stands,
        money=money(bill),
        waiting=stands in WAITING,
        cancellable=_cancellable(appointment, stands),
        returned=returned,
        refusal=refusal,
        rules=booking_rules().value if stands is Where.TO_PAY else {},
        base=visit_path(patient_id, appointment_id),
    )


def _cancellable(appointment: Document, stands: Where) -> bool:
    """Whether the page offers to give the place back; the service decides."""
    if stands is Where.BOOKED:
        return now() < from_iso(appointment["cancellable_until"])
    return stands in {Where.PREPARING, Where.TO_PAY}


@pages.get(f"{ONE}/progress")
@signed_in
def progress(patient_id: UUID, appointment_id: UUID) -> Response:
    """The small part that a waiting page asks for: it loads the page again once the appointment stands elsewhere."""
    seen, returned = request.args.get("seen", ""), "returned" in request.args
    appointment = clients().appointments.appointment(acting_for(patient_id), appointment_id)
    stands = where(appointment, bill_of(patient_id, appointment), now(), returned=returned)
    response = make_response(render_template("patient/_waiting.html", where=stands))
    if stands.value != seen:
        response.headers["HX-Refresh"] = "true"
    return response


@pages.post(f"{ONE}/extension")
@signed_in
def extend(patient_id: UUID, appointment_id: UUID) -> Response:
    """Ten more minutes to pay, once."""
    here = visit_path(patient_id, appointment_id)
    try:
        clients().appointments.extend(acting_for(patient_id), appointment_id, key=request_key())
    except REFUSALS as error:
        return _refused(refusal_of(error), here, patient_id, appointment_id)
    return cast("Response", redirect(here, code=303))


def _refused(refusal: Refusal, here: str, patient_id: UUID, appointment_id: UUID) -> Response:
    """The appointment with the sentence above it, or one button to send the same again when nobody answered."""
    if refusal.request_id:
        return again_page(refusal, request.path, {}, back=here)
    return make_response(appointment_page(patient_id, appointment_id, refusal=refusal), refusal.status)


@pages.get(f"{ONE}/cancellation")
@signed_in
def ask_cancel(patient_id: UUID, appointment_id: UUID) -> str | Response:
    """What giving the place back means for the place and for the money, before it is done."""
    link = link_of(patient_id)
    appointment = clients().appointments.appointment(acting_for(patient_id), appointment_id)
    bill = bill_of(patient_id, appointment)
    stands = where(appointment, bill, now())
    back = visit_path(patient_id, appointment_id)
    if not _cancellable(appointment, stands):
        return cast("Response", redirect(back, code=303))
    return render_page(
        "patient/cancel.html", link=link, person=who(link), appointment=appointment, bill=bill, where=stands, back=back
    )


@pages.post(f"{ONE}/cancellation")
@signed_in
def cancel(patient_id: UUID, appointment_id: UUID) -> Response:
    """Give the place back; what was paid goes back by itself."""
    here = visit_path(patient_id, appointment_id)
    try:
        clients().appointments.cancel(acting_for(patient_id), appointment_id, key=request_key())
    except REFUSALS as error:
        return _refused(refusal_of(error), here, patient_id, appointment_id)
    return cast("Response", redirect(here, code=303))
