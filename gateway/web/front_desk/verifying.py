"""Verifying somebody whom another system has sent: the document on the desk decides.

When the document belongs to a patient already, both are shown side by side, and merging them is asked for once more.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, make_response, request, url_for

from gateway.identity.domain import Relation
from gateway.web.desk import again_page, init_desk
from gateway.web.front_desk.patients import patient_of, to_patient
from gateway.web.front_desk.registering import form_of_desk
from gateway.web.look import now, render_page
from gateway.web.patient.asking import REFUSALS, Refusal, refusal_of
from gateway.web.patient.registering import DOCUMENTS, NO_DOCUMENT, Form
from gateway.web.session import actor, clients, request_key, staff
from shared.clock import hospital_day

pages = init_desk(Blueprint("desk_verifying", __name__, url_prefix="/front-desk/patients/<uuid:patient_id>"))

Document = dict[str, Any]
FIRST_DOCUMENT = "03"
"""Persons of messages come from elsewhere more often than not: the passport stands first."""
KINDS = [code for code in DOCUMENTS if code != NO_DOCUMENT]
TAKEN = "document_of_another_patient"


def _as_known(patient: Document) -> Form:
    """The form with what is known, as it was sent."""
    year, month, day = (patient["birth_on"] or "--").split("-")
    values = {
        "name": patient["name"] or "",
        "sex": patient["sex"] or "",
        "birth_year": year,
        "birth_month": month,
        "birth_day": day,
    }
    return Form(Relation.OTHER, FIRST_DOCUMENT, values)


@pages.get("/verification")
@staff("front_desk")
def ask(patient_id: UUID) -> Response:
    """The form, filled in with what was sent."""
    patient = patient_of(patient_id)
    if patient["verified"] or patient["id"] != str(patient_id):
        return to_patient(patient["id"])
    return _page(patient, _as_known(patient), None)


def _page(patient: Document, form: Form, refusal: Refusal | None) -> Response:
    owner = None
    if refusal and refusal.code == TAKEN:
        owner = patient_of(refusal.facts["patient_id"])
    page = render_page(
        "front_desk/verify.html",
        patient=patient,
        form=form,
        kinds=[(code, DOCUMENTS[code]) for code in KINDS],
        owner=owner,
        refusal=None if form.errors or owner else refusal,
    )
    status = refusal.status if refusal else HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return make_response(page, status)


@pages.post("/verification")
@staff("front_desk")
def verify(patient_id: UUID) -> Response:
    """Write down the document that lies on the desk."""
    sent = form_of_desk()
    form = Form(Relation.OTHER, sent.document if sent.document in KINDS else FIRST_DOCUMENT, sent.values)
    form.check(hospital_day(now()))
    if form.errors:
        return _page(patient_of(patient_id), form, None)
    seen = {name: value for name, value in form.person().items() if name not in {"phone", "guardian"}}
    try:
        clients().records.verify(actor(), patient_id, key=request_key(), **seen)
    except REFUSALS as error:
        refusal = refusal_of(error)
        if refusal.request_id:
            return again_page(refusal, back=request.path)
        form.learn(refusal)
        return _page(patient_of(patient_id), form, refusal)
    return to_patient(patient_id, "verified")


@pages.get("/merger/<uuid:into>")
@staff("front_desk")
def ask_merge(patient_id: UUID, into: UUID) -> Response:
    """Both records side by side, before one of them ends."""
    return _merge_page(patient_id, into, None)


def _merge_page(patient_id: UUID, into: UUID, refusal: Refusal | None) -> Response:
    ending, staying = patient_of(patient_id), patient_of(into)
    if ending["id"] == staying["id"]:
        return to_patient(staying["id"], "merged")
    page = render_page("front_desk/merge.html", ending=ending, staying=staying, refusal=refusal)
    return make_response(page, refusal.status if refusal else HTTPStatus.OK)


@pages.post("/merger/<uuid:into>")
@staff("front_desk")
def merge(patient_id: UUID, into: UUID) -> Response:
    """End the record in the other one of the same person."""
    try:
        clients().records.merge(actor(), patient_id, key=request_key(), into=into)
    except REFUSALS as error:
        refusal = refusal_of(error)
        if refusal.request_id:
            return again_page(refusal, back=url_for("desk_patients.show", patient_id=patient_id))
        return _merge_page(patient_id, into, refusal)
    return to_patient(into, "merged")
