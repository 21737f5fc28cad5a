"""One patient at the desk: who they are, what they have booked, and the code for their own phone."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, cast
from uuid import UUID

from flask import Blueprint, Response, make_response, redirect, request, url_for

from gateway.web.desk import again_page, init_desk
from gateway.web.look import now, render_page
from gateway.web.patient.asking import REFUSALS, Refusal, ask_list, refusal_of
from gateway.web.patient.standing import Bill, past, upcoming, where
from gateway.web.session import actor, clients, request_key, staff

pages = init_desk(Blueprint("desk_patients", __name__, url_prefix="/front-desk/patients"))

Document = dict[str, Any]
DONE = frozenset({"registered", "known", "verified", "merged"})
"""What may just have happened to this patient; the page says it once more."""


def patient_of(patient_id: UUID | str) -> Document:
    """The patient as known today: of a record that was merged away, the one in which the person goes on."""
    patient = clients().records.patient(actor(), patient_id)
    if patient["merged_into"]:
        return clients().records.patient(actor(), patient["merged_into"])
    return patient


def to_patient(patient_id: UUID | str, done: str = "") -> Response:
    """Lead to the page of a patient, which says what was done."""
    more = {"done": done} if done else {}
    return cast(
        "Response",
        redirect(url_for("desk_patients.show", patient_id=patient_id, **more), code=HTTPStatus.SEE_OTHER),  # type: ignore[arg-type]
    )


@pages.get("/<uuid:patient_id>")
@staff("front_desk")
def show(patient_id: UUID) -> Response:
    """The patient, with all appointments."""
    return _page(patient_id, None)


def _page(patient_id: UUID, refusal: Refusal | None) -> Response:
    patient = patient_of(patient_id)
    if patient["id"] != str(patient_id):
        return to_patient(patient["id"], "merged")
    found = ask_list(lambda: clients().appointments.appointments(actor(), patient_id=patient_id))
    done = request.args.get("done", "")
    page = render_page(
        "front_desk/patient.html",
        patient=patient,
        ahead=[(each, where(each, Bill(), now())) for each in upcoming(found.value, now())],
        gone=[(each, where(each, Bill(), now())) for each in past(found.value, now())],
        silent=found.silent,
        done=done if done in DONE else "",
        refusal=refusal,
    )
    return make_response(page, refusal.status if refusal else HTTPStatus.OK)


@pages.post("/<uuid:patient_id>/link-code")
@staff("front_desk")
def give_link_code(patient_id: UUID) -> Response:
    """A code to say aloud or print. The page is the answer itself: sent again, it shows the same code."""
    try:
        code = clients().records.make_link_code(actor(), patient_id, key=request_key())
    except REFUSALS as error:
        refusal = refusal_of(error)
        if refusal.request_id:
            return again_page(refusal, back=url_for("desk_patients.show", patient_id=patient_id))
        return _page(patient_id, refusal)
    return make_response(render_page("front_desk/link_code.html", patient=patient_of(patient_id), code=code))


@pages.get("/<uuid:patient_id>/link-code")
@staff("front_desk")
def back_from_link_code(patient_id: UUID) -> Response:
    """A code is shown once; whoever comes back to its address sees the patient."""
    return to_patient(patient_id)
