"""Laying a registered patient in a free bed: the bed, the person, one look at both, done."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, make_response, request

from gateway.web.desk import again_page, init_desk
from gateway.web.look import render_page
from gateway.web.patient.asking import REFUSALS, Refusal, ask_list, refusal_of
from gateway.web.session import actor, clients, request_key, staff
from gateway.web.ward.stays import to_stay
from shared.errors import NotFound

pages = init_desk(Blueprint("ward_admitting", __name__, url_prefix="/ward/<uuid:ward_id>/admission"))

LONGEST_SEARCH = 60
Document = dict[str, Any]


def free_beds(ward: Document) -> list[Document]:
    """The beds of a ward in which nobody lies."""
    return [each for each in ward["items"] if each["occupant"] is None]


def uuid_or_none(text: str | None) -> UUID | None:
    """An id that an address or a form carried, or None for anything else."""
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


@pages.get("")
@staff("nurse")
def ask(ward_id: UUID) -> str:
    """Whom? The bed was chosen on the ward's page, or is chosen later."""
    return _search_page(ward_id)


def _search_page(ward_id: UUID, wanted: str = "", found: list[Document] | None = None, *, silent: bool = False) -> str:
    ward = clients().records.beds(actor(), ward_id)
    bed_id = uuid_or_none(request.values.get("bed"))
    bed = next((each for each in free_beds(ward) if each["id"] == str(bed_id)), None)
    return render_page("ward/admit_find.html", ward=ward["ward"], bed=bed, wanted=wanted, found=found, silent=silent)


@pages.post("")
@staff("nurse")
def search(ward_id: UUID) -> str:
    """The patients who fit. What was typed names a person, so it stands in no address."""
    wanted = request.form.get("search", "").strip()[:LONGEST_SEARCH]
    if not wanted:
        return _search_page(ward_id)
    answer = ask_list(lambda: clients().records.patients(actor(), wanted))
    return _search_page(ward_id, wanted, answer.value, silent=answer.silent)


@pages.get("/<uuid:patient_id>")
@staff("nurse")
def check(ward_id: UUID, patient_id: UUID) -> Response:
    """This person into this bed? Both are named once more before it is done."""
    return _check_page(ward_id, patient_id)


def _check_page(ward_id: UUID, patient_id: UUID, refusal: Refusal | None = None) -> Response:
    ward = clients().records.beds(actor(), ward_id)
    patient = clients().records.patient(actor(), patient_id)
    if patient["merged_into"]:
        patient = clients().records.patient(actor(), patient["merged_into"])
    page = render_page(
        "ward/admit.html",
        ward=ward["ward"],
        patient=patient,
        beds=free_beds(ward),
        chosen=request.values.get("bed", ""),
        refusal=refusal,
    )
    return make_response(page, refusal.status if refusal else HTTPStatus.OK)


@pages.post("/<uuid:patient_id>")
@staff("nurse")
def admit(ward_id: UUID, patient_id: UUID) -> Response:
    """Lay the person in the bed; the page of the stay follows."""
    bed_id = uuid_or_none(request.form.get("bed"))
    if bed_id is None:
        raise NotFound
    try:
        stay = clients().records.admit(actor(), key=request_key(), patient_id=patient_id, bed_id=bed_id)
    except REFUSALS as error:
        refusal = refusal_of(error)
        if refusal.request_id:
            return again_page(refusal, back=request.path)
        return _check_page(ward_id, patient_id, refusal)
    return to_stay(stay["id"], "admission")
