"""The people an account acts for: listed, chosen, added by real name or by a code of the front desk, taken off."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast
from urllib.parse import urlencode
from uuid import UUID

from flask import Blueprint, Response, make_response, redirect, request, url_for

from gateway.identity.domain import Relation
from gateway.web.family import redeem_link_code, register_patient
from gateway.web.look import now, own_path, render_page
from gateway.web.patient.asking import REFUSALS, Refusal, ask, ask_list, refusal_of, typed
from gateway.web.patient.registering import DOCUMENTS, Form, kinds_for
from gateway.web.patient.visits import link_of
from gateway.web.session import (
    account_id,
    acting_for,
    clients,
    current,
    family,
    identity,
    notifications,
    patient,
    request_key,
    signed_in,
)
from gateway.web.words import hospital_date
from shared.clock import hospital_day

pages = Blueprint("family", __name__, url_prefix="/family")

RELATIONS = (Relation.SELF, Relation.CHILD, Relation.PARENT, Relation.SPOUSE, Relation.OTHER)
ACCESSES = 50


def _next() -> str:
    return own_path(request.values.get("next") or "/family")


def _to(path: str) -> Response:
    return cast("Response", redirect(path, code=303))


@pages.get("")
@signed_in
def overview() -> str:
    """Everybody on the list, who is chosen, and the ways to add somebody."""
    return render_page(
        "patient/family.html",
        links=family(),
        chosen=patient(),
        next=own_path(request.args.get("next")) if request.args.get("next") else "",
        limit=identity().limits.patients_per_account,
        unread=notifications().unread(account_id()),
    )


@pages.post("/choose")
@signed_in
def choose() -> Response:
    """Act for another one from now on."""
    principal, wanted = current(), request.form.get("person", "")
    if principal is not None:
        identity().choose_patient(principal, acting_for(wanted).patient_id or UUID(wanted))
    return _to(own_path(request.form.get("next")))


@pages.get("/new")
@signed_in
def choose_kind() -> str:
    """Whom to add: oneself, a child, a parent; or somebody whom the hospital knows, by a code."""
    has_self = any(link.relation is Relation.SELF for link in family())
    return render_page(
        "patient/family_new.html",
        relations=[each for each in RELATIONS if not (has_self and each is Relation.SELF)],
        first=not family(),
        next=_next(),
    )


@pages.get("/new/<any(self, child, parent, spouse, other):relation>")
@signed_in
def ask_person(relation: str) -> Response:
    """The form for one kind of document."""
    chosen = Relation(relation)
    kind = request.args.get("document", "")
    kind = kind if kind in kinds_for(chosen) else kinds_for(chosen)[0]
    own = next((link for link in family() if link.relation is Relation.SELF), None)
    form = Form(chosen, kind, {"guardian_name": own.display_name if own else ""})
    return _person_page(form, None)


def _person_page(form: Form, refusal: Refusal | None) -> Response:
    page = render_page(
        "patient/family_person.html",
        form=form,
        kinds=kinds_for(form.relation),
        documents=DOCUMENTS,
        guardian_documents=[(code, DOCUMENTS[code]) for code in kinds_for(Relation.PARENT)],
        refusal=None if form.errors else refusal,
        request_id=refusal.request_id if refusal else None,
        next=_next(),
        more="more" in request.args,
        query=urlencode({"next": _next()}),
    )
    return make_response(page, refusal.status if refusal else 422 if form.errors else 200)


@pages.post("/new/<any(self, child, parent, spouse, other):relation>")
@signed_in
def register(relation: str) -> Response:
    """Register the person under their real name and put them on the list."""
    form = Form.sent(Relation(relation), request.form)
    form.check(hospital_day(now()))
    if form.errors:
        return _person_page(form, None)
    try:
        register_patient(key=request_key(), relation=form.relation, **form.person())
    except REFUSALS as error:
        refusal = refusal_of(error)
        form.learn(refusal)
        return _person_page(form, refusal)
    return _to(_next())


@pages.get("/code")
@signed_in
def ask_code() -> Response:
    """The code that the front desk gave."""
    return _code_page(None)


def _code_page(refusal: Refusal | None) -> Response:
    has_self = any(link.relation is Relation.SELF for link in family())
    page = render_page(
        "patient/family_code.html",
        relations=[each for each in RELATIONS if not (has_self and each is Relation.SELF)],
        refusal=refusal,
        wrong=refusal is not None and refusal.code == "link_code_wrong",
        values=typed("code", "relation"),
        next=_next(),
    )
    return make_response(page, refusal.status if refusal else 200)


@pages.post("/code")
@signed_in
def redeem() -> Response:
    """Put the person of the code on the list."""
    form = typed("code", "relation")
    if not form["code"] or form["relation"] not in set(RELATIONS):
        return _code_page(Refusal("link_code_wrong" if not form["code"] else "relation_needed", 422))
    try:
        redeem_link_code(key=request_key(), relation=Relation(form["relation"]), code=form["code"][:20])
    except REFUSALS as error:
        return _code_page(refusal_of(error))
    return _to(_next())


@pages.get("/<uuid:patient_id>")
@signed_in
def person(patient_id: UUID) -> str:
    """One person: what the hospital has of them, who looked at it, and taking them off the list."""
    link = link_of(patient_id)
    found: Any = ask(lambda: clients().records.patient(acting_for(patient_id), patient_id), None)
    return render_page("patient/family_one.html", link=link, patient=found.value, silent=found.silent)


@pages.get("/<uuid:patient_id>/accesses")
@signed_in
def accesses(patient_id: UUID) -> str:
    """Who looked at this person's data."""
    link = link_of(patient_id)
    found = ask_list(lambda: clients().records.accesses(acting_for(patient_id), patient_id))
    items = _by_day(found.value)[:ACCESSES]
    return render_page("patient/accesses.html", link=link, items=items, silent=found.silent)


@pages.get("/<uuid:patient_id>/disclosures")
@signed_in
def disclosures(patient_id: UUID) -> str:
    """What of this person's record left the hospital, to whom and why."""
    link = link_of(patient_id)
    actor = acting_for(patient_id)
    found = ask_list(lambda: clients().copies.disclosures(actor, patient_id))
    nothing: dict[str, Any] = {"parts": [], "purposes": []}
    catalogue = ask(lambda: clients().copies.catalogue(actor), nothing).value
    return render_page(
        "patient/disclosures.html", link=link, items=found.value, silent=found.silent, catalogue=catalogue
    )


def _by_day(accesses: Iterable[dict[str, Any]]) -> list[tuple[dict[str, Any], int]]:
    """What one kind of person did on one day is one line, with how often: the newest first."""
    lines: dict[tuple[object, ...], tuple[dict[str, Any], int]] = {}
    for each in accesses:
        line = (each["roles"][0], each["operation"], each["granted"], hospital_date(each["at"]))
        first, times = lines.get(line, (each, 0))
        lines[line] = (first, times + 1)
    return list(lines.values())


@pages.get("/<uuid:patient_id>/unlink")
@signed_in
def ask_unlink(patient_id: UUID) -> str:
    """What taking somebody off the list means, before it is done."""
    return render_page("patient/family_unlink.html", link=link_of(patient_id))


@pages.post("/<uuid:patient_id>/unlink")
@signed_in
def unlink(patient_id: UUID) -> Response:
    """Take somebody off the list; their appointments and bills stay."""
    identity().unlink_patient(account_id(), patient_id)
    return _to(url_for("family.overview"))
