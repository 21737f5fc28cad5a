"""Booking: department, doctor, day and time, confirm. The place is kept by a form; everything before it only looks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from http import HTTPStatus
from itertools import groupby
from typing import Any, cast
from urllib.parse import urlencode
from uuid import UUID

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for

from gateway.web.look import current_look, now, render_page
from gateway.web.patient.asking import REFUSALS, Answer, Refusal, again_page, ask, ask_list, refusal_of, typed
from gateway.web.patient.words import fen_of, people, visit_path, who
from gateway.web.problems import words_of
from gateway.web.sentences import SENTENCES
from gateway.web.session import acting_for, actor, clients, family, patient, request_key, signed_in
from shared.clock import hospital_day
from shared.errors import NotFound

pages = Blueprint("booking", __name__, url_prefix="/book")

Document = dict[str, Any]
LONGEST_SEARCH = 60
EARLIEST = 4
OF_A_DAY = 2
FEW = 3
GONE = {"slot_taken", "slot_began", "slot_suspended", "slot_not_released"}
"""Refusals after which another time has to be chosen."""


@pages.get("")
@signed_in
def search() -> str:
    """All departments by campus, or the departments and doctors that match what somebody typed."""
    wanted = request.args.get("q", "").strip()[:LONGEST_SEARCH]
    departments = ask_list(lambda: clients().appointments.departments(actor(), search=wanted or None))
    doctors = ask_list(lambda: clients().appointments.practitioners(actor(), search=wanted)) if wanted else None
    return render_page(
        "patient/book.html",
        wanted=wanted,
        campuses=_by_campus(departments.value),
        found=len(departments.value),
        doctors=doctors.value if doctors else [],
        silent=words_of("service_silent") if departments.silent or (doctors and doctors.silent) else None,
        person=who(patient()),
    )


def _by_campus(departments: Iterable[Document]) -> list[tuple[Mapping[str, str], list[Document]]]:
    """Departments grouped by campus, the campus with the most of them first."""
    groups = groupby(departments, key=lambda each: each["campus"]["zh"])
    found = [(items[0]["campus"], items) for items in (list(group) for _, group in groups)]
    return sorted(found, key=lambda each: -len(each[1]))


@pages.get("/departments/<uuid:department_id>")
@signed_in
def department(department_id: UUID) -> str:
    """The doctors of a department: the general clinic first, then whoever is free soonest."""
    doctors = ask_list(lambda: clients().appointments.practitioners(actor(), department_id=department_id))
    if not doctors.value and not doctors.silent:
        raise NotFound
    return render_page(
        "patient/department.html",
        doctors=doctors.value,
        department=doctors.value[0] if doctors.value else None,
        silent=words_of("service_silent") if doctors.silent else None,
        person=who(patient()),
    )


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


@pages.get("/doctors/<uuid:doctor_id>")
@signed_in
def times(doctor_id: UUID) -> str | Response:
    """The days of a doctor and the times of one; in elder mode the four earliest times, unless all are asked for."""
    doctor = clients().appointments.practitioner(actor(), doctor_id)
    days = clients().appointments.days(actor(), doctor_id)
    wanted, chosen = _day(request.args.get("date")), request.args.get("slot", "")
    if current_look().elder and wanted is None and "all" not in request.args:
        slots = _earliest(doctor_id, days)
        return render_template("patient/times_elder.html", **_shown(doctor, days, None, slots, chosen))
    shown = wanted or next((_day(day["date"]) for day in days if day["state"] == "open"), hospital_day(now()))
    slots = clients().appointments.slots(actor(), doctor_id, cast("date", shown))
    return render_template("patient/times.html", **_shown(doctor, days, shown, slots, chosen))


def _shown(
    doctor: Document, days: list[Document], shown: date | None, slots: list[Document], chosen: str
) -> dict[str, Any]:
    problem = request.args.get("problem", "")
    free = [slot for slot in slots if slot["places_left"] > 0]
    return {
        "doctor": doctor,
        "days": days,
        "shown": shown,
        "slots": slots,
        "free": free,
        "chosen": next((slot for slot in free if slot["id"] == chosen), None),
        "problem": words_of(problem) if problem in SENTENCES else None,
        "missing": "next" in request.args and not chosen,
        "few": FEW,
        "person": who(patient()),
    }


def _earliest(doctor_id: UUID, days: list[Document]) -> list[Document]:
    """Four times to begin with: the first ones that are free, two of a day as long as there are other days."""
    found: list[Document] = []
    more: list[Document] = []
    for day in days:
        if day["state"] == "open" and len(found) < EARLIEST:
            slots = clients().appointments.slots(actor(), doctor_id, day["date"])
            free = [{**slot, "date": day["date"]} for slot in slots if slot["places_left"] > 0]
            found += free[:OF_A_DAY]
            more += free[OF_A_DAY:]
    return sorted([*found, *more][:EARLIEST], key=lambda slot: str(slot["starts_at"]))


def booking_rules() -> Answer[Document]:
    """The hospital's own numbers for the sentences of a page; without them the sentences name none."""
    return ask(lambda: clients().appointments.booking_rules(actor()), {})


@pages.get("/doctors/<uuid:doctor_id>/confirm")
@signed_in
def confirm(doctor_id: UUID) -> Response:
    """Everything that will be agreed to, and for whom; nothing is kept yet."""
    slot_id, _, day = request.args.get("slot", "").partition("@")
    day = day or request.args.get("date", "")
    if not slot_id:
        return _back_to_times(doctor_id, day, next="1")
    if patient() is None:
        return cast("Response", redirect(url_for("family.choose_kind", next=request.full_path), code=303))
    return _confirm_page(doctor_id, slot_id, day, None)


def _back_to_times(doctor_id: UUID | str, day: str, **more: str) -> Response:
    query = urlencode({name: value for name, value in {"date": day, **more}.items() if value})
    return cast("Response", redirect(f"{url_for('booking.times', doctor_id=doctor_id)}?{query}", code=303))


def _confirm_page(doctor_id: UUID | str, slot_id: str, day: str, refusal: Refusal | None) -> Response:
    doctor = clients().appointments.practitioner(actor(), doctor_id)
    on = _day(day)
    slots = clients().appointments.slots(actor(), doctor_id, on) if on else []
    slot = next((each for each in slots if each["id"] == slot_id and each["places_left"] > 0), None)
    if slot is None and refusal is None:
        return _back_to_times(doctor_id, day, problem="slot_taken")
    if slot is None:
        slot = next((each for each in slots if each["id"] == slot_id), None)
    if slot is None:
        return _back_to_times(doctor_id, day, problem=refusal.code if refusal else "")
    chosen = patient()
    page = render_page(
        "patient/confirm.html",
        doctor=doctor,
        slot=slot,
        day=day,
        fee=fen_of(slot["fee"]),
        links=family(),
        people=[(value, name, relation, "") for value, name, relation, _ in people(family(), None)],
        rules=booking_rules().value,
        for_whom=request.form.get("patient_id") or (str(chosen.patient_id) if chosen else ""),
        refusal=refusal,
    )
    return make_response(page, refusal.status if refusal else HTTPStatus.OK)


@pages.post("/doctors/<uuid:doctor_id>/confirm")
@signed_in
def hold(doctor_id: UUID) -> Response:
    """Keep the place. Sent twice it is kept once; taken by somebody else leads back to the times with a sentence."""
    form = typed("patient_id", "slot_id", "date")
    try:
        person = acting_for(form["patient_id"])
        held = clients().appointments.book(
            person, key=request_key(), slot_id=form["slot_id"], patient_id=form["patient_id"]
        )
    except REFUSALS as error:
        refusal = refusal_of(error)
        if refusal.code in GONE:
            return _back_to_times(doctor_id, form["date"], problem=refusal.code)
        if refusal.request_id:
            return again_page(refusal, request.path, form, back=url_for("booking.times", doctor_id=doctor_id))
        return _confirm_page(doctor_id, form["slot_id"], form["date"], refusal)
    return cast("Response", redirect(visit_path(held["patient_id"], held["id"]), code=303))
