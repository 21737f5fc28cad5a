"""One appointment at the window: where it stands, giving it back, and the slip that the person takes home."""

from __future__ import annotations

from http import HTTPStatus
from typing import cast
from uuid import UUID

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for

from gateway.web.desk import again_page, init_desk
from gateway.web.front_desk.patients import patient_of
from gateway.web.front_desk.standing import Visit, handed_over, typed_fen, visit_of
from gateway.web.look import render_page
from gateway.web.patient.asking import REFUSALS, Refusal, refusal_of
from gateway.web.patient.booking import booking_rules
from gateway.web.patient.standing import Where
from gateway.web.session import actor, clients, identity, request_key, staff

pages = init_desk(Blueprint("desk_visits", __name__, url_prefix="/front-desk/appointments/<uuid:appointment_id>"))


def to_visit(appointment_id: UUID, **more: object) -> Response:
    """Lead to the page of an appointment."""
    path = url_for("desk_visits.show", appointment_id=appointment_id, **more)  # type: ignore[arg-type]
    return cast("Response", redirect(path, code=HTTPStatus.SEE_OTHER))


@pages.get("")
@staff("front_desk")
def show(appointment_id: UUID) -> Response:
    """The appointment: what is to be done about it now."""
    return visit_page(appointment_id)


def visit_page(appointment_id: UUID, *, refusal: Refusal | None = None, error: str = "") -> Response:
    """The page of an appointment; `error` stands under the sum of cash that was typed."""
    visit = visit_of(appointment_id)
    page = render_page(
        "front_desk/visit.html",
        patient=patient_of(visit.appointment["patient_id"]),
        visit=visit,
        where=visit.where.value,
        sums=handed_over(visit.due_fen),
        rules=booking_rules().value,
        given=_given(visit),
        chosen=request.form.get("given", ""),
        other=request.form.get("other", ""),
        error=error,
        refusal=refusal,
        demo=identity().is_demo,
        ending="ending" in request.args,
    )
    status = refusal.status if refusal else HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK
    return make_response(page, status)


def _given(visit: Visit) -> int | None:
    """What the person has just handed over in cash, for the sentence about the change. Fen."""
    given = typed_fen(request.args.get("given", ""))
    return given if given is not None and visit.paid_in_cash and given >= visit.bill.paid_fen else None


@pages.get("/progress")
@staff("front_desk")
def progress(appointment_id: UUID) -> Response:
    """The small part that a waiting page asks for: it loads the page again once anything has changed."""
    visit = visit_of(appointment_id)
    response = make_response(
        render_template(
            "front_desk/_waiting.html", visit=visit, where=visit.where.value, ending="ending" in request.args
        )
    )
    if visit.mark != request.args.get("seen", ""):
        response.headers["HX-Refresh"] = "true"
    return response


@pages.post("/extension")
@staff("front_desk")
def extend(appointment_id: UUID) -> Response:
    """More minutes to pay, once."""
    try:
        clients().appointments.extend(actor(), appointment_id, key=request_key())
    except REFUSALS as error:
        return refused(refusal_of(error), appointment_id)
    return to_visit(appointment_id)


def refused(refusal: Refusal, appointment_id: UUID) -> Response:
    """The appointment as it is now with the reason, or one button for the same again when nobody answered."""
    if refusal.request_id:
        return again_page(refusal, back=url_for("desk_visits.show", appointment_id=appointment_id))
    return visit_page(appointment_id, refusal=refusal)


@pages.get("/cancellation")
@staff("front_desk")
def ask_cancel(appointment_id: UUID) -> str | Response:
    """What giving the place back means, before it is done."""
    visit = visit_of(appointment_id)
    if not visit.cancellable:
        return to_visit(appointment_id)
    patient = patient_of(visit.appointment["patient_id"])
    return render_page("front_desk/cancel.html", patient=patient, visit=visit, where=visit.where.value)


@pages.post("/cancellation")
@staff("front_desk")
def cancel(appointment_id: UUID) -> Response:
    """Give the place back; what was paid is returned the way it came, cash at this window."""
    try:
        clients().appointments.cancel(actor(), appointment_id, key=request_key())
    except REFUSALS as error:
        return refused(refusal_of(error), appointment_id)
    return to_visit(appointment_id)


@pages.get("/slip")
@staff("front_desk")
def slip(appointment_id: UUID) -> str | Response:
    """The slip of a confirmed appointment, for the printer."""
    visit = visit_of(appointment_id)
    if visit.where not in {Where.BOOKED, Where.OVER}:
        return to_visit(appointment_id)
    patient = patient_of(visit.appointment["patient_id"])
    return render_page("front_desk/slip.html", patient=patient, visit=visit)
