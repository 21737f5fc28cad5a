"""Registering a patient at the desk, with the document in hand; a child comes with a guardian."""

from __future__ import annotations

from http import HTTPStatus
from typing import cast

from flask import Blueprint, Response, make_response, request

from gateway.identity.domain import Relation
from gateway.web.desk import again_page, init_desk
from gateway.web.front_desk.patients import to_patient
from gateway.web.look import now, render_page
from gateway.web.patient.asking import REFUSALS, Refusal, refusal_of
from gateway.web.patient.registering import DOCUMENTS, FIELDS, NO_DOCUMENT, Form
from gateway.web.session import actor, clients, request_key, staff
from shared.clock import hospital_day

pages = init_desk(Blueprint("desk_registering", __name__, url_prefix="/front-desk/new"))

FIRST_DOCUMENT = "01"
LONGEST = 60
GUARDIAN_DOCUMENTS = [code for code in DOCUMENTS if code not in {NO_DOCUMENT, "53"}]


def form_of_desk() -> Form:
    """What was typed at the desk. One form serves everybody: a guardian counts once something of it is filled in."""
    document = request.form.get("document", "")
    values = {name: request.form.get(name, "").strip()[:LONGEST] for name in FIELDS}
    return Form(Relation.CHILD, document if document in DOCUMENTS else FIRST_DOCUMENT, values)


@pages.get("")
@staff("front_desk")
def ask() -> Response:
    """An empty form."""
    return _page(Form(Relation.CHILD, FIRST_DOCUMENT, {}), None)


def _page(form: Form, refusal: Refusal | None) -> Response:
    guarded = [name for name in form.errors if name.startswith("guardian")]
    page = render_page(
        "front_desk/register.html",
        form=form,
        documents=DOCUMENTS,
        guardian_kinds=[(code, DOCUMENTS[code]) for code in GUARDIAN_DOCUMENTS],
        guardian_open=bool(guarded or form.has_guardian or form.document == NO_DOCUMENT),
        refusal=None if form.errors else refusal,
        facts=refusal.facts if refusal else {},
    )
    status = refusal.status if refusal else HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return make_response(page, status)


@pages.post("")
@staff("front_desk")
def register() -> Response:
    """Register the person; one who is a patient already is named, with the way to their page."""
    form = form_of_desk()
    form.check(hospital_day(now()))
    if form.errors:
        return _page(form, None)
    try:
        patient = clients().records.register(actor(), key=request_key(), **form.person())
    except REFUSALS as error:
        refusal = refusal_of(error)
        if refusal.request_id:
            return again_page(refusal, back=request.path)
        form.learn(refusal)
        return _page(form, refusal)
    return to_patient(cast("str", patient["id"]), "registered")
