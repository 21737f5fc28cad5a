"""Booking for the patient at the window: department, doctor, time; the place is kept at once, paying comes next."""

from __future__ import annotations

from datetime import date
from http import HTTPStatus
from typing import Any, cast
from uuid import UUID

from flask import Blueprint, Response, make_response, redirect, request, url_for

from gateway.web.desk import again_page, init_desk
from gateway.web.front_desk.patients import patient_of
from gateway.web.look import now, render_page
from gateway.web.patient.asking import REFUSALS, Refusal, ask_list, refusal_of
from gateway.web.session import actor, clients, request_key, staff
from shared.clock import hospital_day
from shared.errors import NotFound

pages = init_desk(Blueprint("desk_booking", __name__, url_prefix="/front-desk/patients/<uuid:patient_id>/book"))

Document = dict[str, Any]
LONGEST_SEARCH = 60
FEW = 3


@pages.get("")
@staff("front_desk")
def departments(patient_id: UUID) -> str:
    """All departments, or the departments and doctors that match; names of departments are nobody's secret."""
    wanted = request.args.get("q", "").strip()[:LONGEST_SEARCH]
    found = ask_list(lambda: clients().appointments.departments(actor(), search=wanted or None))
    doctors = ask_list(lambda: clients().appointments.practitioners(actor(), search=wanted) if wanted else [])
    return render_page(
        "front_desk/departments.html",
        patient=patient_of(patient_id),
        wanted=wanted,
        departments=found.value,
        doctors=doctors.value,
        silent=found.silent or doctors.silent,
    )


@pages.get("/departments/<uuid:department_id>")
@staff("front_desk")
def doctors(patient_id: UUID, department_id: UUID) -> str:
    """The doctors of a department, whoever is free soonest first."""
    found = ask_list(lambda: clients().appointments.practitioners(actor(), department_id=department_id))
    if not found.value and not found.silent:
        raise NotFound
    return render_page(
        "front_desk/doctors.html", patient=patient_of(patient_id), doctors=found.value, silent=found.silent
    )


@pages.get("/doctors/<uuid:doctor_id>")
@staff("front_desk")
def times(patient_id: UUID, doctor_id: UUID) -> Response:
    """The days of a doctor and the times of one of them."""
    return _times_page(patient_id, doctor_id, request.args.get("date", ""), None)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _times_page(patient_id: UUID, doctor_id: UUID, day: str, refusal: Refusal | None) -> Response:
    of_desk, asking = clients().appointments, actor()
    days = of_desk.days(asking, doctor_id)
    open_day = next((_day(each["date"]) for each in days if each["state"] == "open"), None)
    shown = _day(day) or open_day or hospital_day(now())
    slots = of_desk.slots(asking, doctor_id, shown)
    free = [slot["id"] for slot in slots if slot["places_left"]]
    chosen = request.form.get("slot_id", "")
    page = render_page(
        "front_desk/times.html",
        patient=patient_of(patient_id),
        doctor=of_desk.practitioner(asking, doctor_id),
        days=days,
        shown=shown,
        slots=slots,
        chosen=chosen if chosen in free else next(iter(free), ""),
        few=FEW,
        refusal=refusal,
    )
    return make_response(page, refusal.status if refusal else HTTPStatus.OK)


@pages.post("/doctors/<uuid:doctor_id>")
@staff("front_desk")
def hold(patient_id: UUID, doctor_id: UUID) -> Response:
    """Keep the place; refused, the same day is shown as it is now, with the reason."""
    here = url_for("desk_booking.times", patient_id=patient_id, doctor_id=doctor_id)
    day = request.form.get("date", "")
    try:
        held = clients().appointments.book(
            actor(), key=request_key(), slot_id=request.form.get("slot_id", ""), patient_id=patient_id
        )
    except REFUSALS as error:
        refusal = refusal_of(error)
        if refusal.request_id:
            return again_page(refusal, back=here)
        return _times_page(patient_id, doctor_id, day, refusal)
    path = url_for("desk_visits.show", appointment_id=held["id"])
    return cast("Response", redirect(path, code=HTTPStatus.SEE_OTHER))
