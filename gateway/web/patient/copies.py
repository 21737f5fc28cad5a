"""Copies of a family's records on the phone: what can be asked for, where each request stands, stopping one."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, cast
from uuid import UUID

from flask import Blueprint, Response, make_response, redirect, render_template, request
from flask_babel import lazy_gettext

from gateway.identity.domain import Link, Relation
from gateway.web.copying import ENDED, FILTERS, mendable_pairs, named_pairs, next_page, path_steps
from gateway.web.look import render_page
from gateway.web.patient.asking import REFUSALS, Refusal, again_page, ask, ask_list, refusal_of, typed
from gateway.web.patient.bills import bill_path
from gateway.web.patient.visits import link_of
from gateway.web.patient.words import people
from gateway.web.session import acting_for, clients, family, patient, request_key, signed_in
from gateway.web.stays import PHONE_LINKS, StayLink
from shared.actor import Actor
from shared.client import ServiceProblem
from shared.errors import NotFound

pages = Blueprint("copies", __name__, url_prefix="/copies")
for _name, _filter in FILTERS.items():
    pages.add_app_template_filter(_filter, _name)
pages.add_app_template_global(named_pairs)
pages.add_app_template_global(mendable_pairs)

Document = dict[str, Any]
ONE = "/<uuid:request_id>"
BILLS = {"awaiting_payment": "copy_request", "awaiting_top_up": "copy_top_up"}
"""In these states money is waited for: which bill it is."""
WAITING = frozenset({"awaiting_payment", "in_review", "approved", "awaiting_top_up"})
"""Something may change by itself: the page looks again."""


def copy_path(request_id: UUID | str, *more: str) -> str:
    """The address of a request's page, or of a page below it."""
    return "/".join(["/copies", str(request_id), *more])


def to(path: str) -> Response:
    """Lead on after a form."""
    return cast("Response", redirect(path, code=HTTPStatus.SEE_OTHER))


def own_link() -> Link | None:
    """The account holder's own record, where there is one."""
    return next((link for link in family() if link.relation is Relation.SELF), None)


def copy_of(request_id: UUID) -> tuple[Document, Actor]:
    """A request of this account or of one of its patients, with the actor who may see it. Raises NotFound.

    An address names no patient: the holder's own record is tried first (it sees what they asked for anybody, and what
    others asked for them), then the patient chosen, then the rest of the family.
    """
    own, chosen = own_link(), patient()
    first = [each.patient_id for each in (own, chosen) if each is not None]
    order = list(dict.fromkeys([*first, *(each.patient_id for each in family())]))
    for patient_id in order:
        actor = acting_for(patient_id)
        try:
            return clients().copies.request(actor, request_id), actor
        except ServiceProblem as problem:
            if problem.code != NotFound.code:
                raise
    raise NotFound


def catalogue() -> Document:
    """Parts, purposes, reasons, regions, prices."""
    link = patient() or own_link()
    if link is None:
        raise NotFound
    return clients().copies.catalogue(acting_for(link.patient_id))


PHONE_LINKS.add(
    StayLink(
        code="copies",
        path="/copies?patient={patient_id}",
        icon="record",
        word=lazy_gettext("病历复印"),
        about=lazy_gettext("寄到家，或者自己来取"),
        place=60,
        when=lambda stay: not stay.is_open,
    )
)


def is_id(text: str) -> bool:
    """Whether a text is an id."""
    try:
        UUID(text)
    except ValueError:
        return False
    return True


@pages.get("")
@signed_in
def overview() -> str:
    """What is under way, and the stays of the person chosen that can be copied."""
    named = request.args.get("patient")
    chosen = link_of(UUID(named)) if named and is_id(named) else patient()
    own = own_link()

    def requests() -> list[Document]:
        found: dict[str, Document] = {}
        for link in dict.fromkeys(each for each in (chosen, own) if each is not None):
            for each in clients().copies.requests(acting_for(link.patient_id), link.patient_id):
                found.setdefault(each["id"], each)
        return list(found.values())

    def stays() -> list[Document]:
        return clients().copies.stays(acting_for(chosen.patient_id), chosen.patient_id) if chosen else []

    nothing: Document = {}
    asked, known, offered = ask_list(requests), ask_list(stays), ask(catalogue, nothing) if chosen or own else None
    return render_page(
        "patient/copies.html",
        people=people(family(), chosen),
        chosen=chosen,
        open_requests=[each for each in asked.value if each["state"] not in ENDED],
        ended=[each for each in asked.value if each["state"] in ENDED],
        stays=known.value,
        silent=asked.silent or known.silent,
        catalogue=offered.value if offered else {},
    )


@pages.post("/start")
@signed_in
def start() -> Response:
    """Begin with a stay, or go on with what is kept. For somebody else, the account holder is the agent."""
    form = typed("patient_id", "encounter_id")
    link = link_of(UUID(form["patient_id"]))
    own = own_link()
    if link.relation is not Relation.SELF and own is None:
        return make_response(render_page("patient/copy_needs_self.html", link=link))
    kind = "patient" if link.relation is Relation.SELF else "agent"
    key = request_key()
    try:
        made = clients().copies.start(
            acting_for(link.patient_id), key=key, encounter_id=form["encounter_id"], applicant_kind=kind
        )
        if kind == "agent" and own is not None:
            clients().copies.act(acting_for(own.patient_id), made["id"], "agent", key=f"{key[:70]}-agent")
    except REFUSALS as error:
        refusal = refusal_of(error)
        if refusal.request_id:
            return again_page(refusal, request.path, form, back="/copies")
        return make_response(render_page("patient/copy_refused.html", refusal=refusal, link=link), refusal.status)
    return to(copy_path(made["id"]))


@pages.get(ONE)
@signed_in
def show(request_id: UUID) -> Response:
    """Where a request stands, what to do, and what happened; a draft is gone on with where something is missing."""
    return status_page(request_id)


def status_page(request_id: UUID, refusal: Refusal | None = None) -> Response:
    """The page of one request."""
    document, viewer = copy_of(request_id)
    if document["state"] == "draft" and refusal is None:
        return to(copy_path(request_id, next_page(document)))
    bill = _bill(document)
    nowhere: Document = {}
    page = render_page(
        "patient/copy.html",
        request_=document,
        catalogue=catalogue(),
        steps=path_steps(document),
        bill=bill,
        bill_href=bill_path(bill, copy_path(request_id)) if bill else "",
        waiting=document["state"] in WAITING,
        tracking=ask(lambda: clients().copies.tracking(viewer, request_id), nowhere).value,
        base=copy_path(request_id),
        refusal=refusal,
    )
    return make_response(page, refusal.status if refusal else HTTPStatus.OK)


def _bill(document: Document) -> Document | None:
    """The bill that is to be paid now, once billing has made it; only who applies pays."""
    kind = BILLS.get(document["state"])
    if kind is None or not document["mine"] or document["applicant"] is None:
        return None
    payer = document["applicant"]["id"]

    def read() -> list[Document]:
        actor = acting_for(payer)
        return clients().billing.invoices(actor, billed_kind=kind, billed_id=document["id"], patient_id=payer)

    nothing: list[Document] = []
    found = ask(read, nothing).value
    return found[0] if found and found[0]["state"] == "issued" else None


@pages.get(f"{ONE}/progress")
@signed_in
def progress(request_id: UUID) -> Response:
    """The small part that a waiting page asks for: it loads the page again once the request stands elsewhere."""
    document, _ = copy_of(request_id)
    stands = f"{document['state']}{'-payable' if _bill(document) else ''}"
    response = make_response(render_template("patient/_copy_waiting.html", request_=document))
    if stands != request.args.get("seen", ""):
        response.headers["HX-Refresh"] = "true"
    return response


@pages.get(f"{ONE}/withdrawal")
@signed_in
def ask_withdraw(request_id: UUID) -> str | Response:
    """What taking a request back means, before it is done."""
    document, _ = copy_of(request_id)
    if not document["may_withdraw"]:
        return to(copy_path(request_id))
    return render_page("patient/copy_stop.html", request_=document, act="withdrawal", base=copy_path(request_id))


@pages.get(f"{ONE}/objection")
@signed_in
def ask_object(request_id: UUID) -> str | Response:
    """What stopping somebody else's request for one's record means, before it is done."""
    document, _ = copy_of(request_id)
    if not document["may_object"]:
        return to(copy_path(request_id))
    return render_page("patient/copy_stop.html", request_=document, act="objection", base=copy_path(request_id))


@pages.post(f"{ONE}/<any(withdrawal, objection, supplement):act>")
@signed_in
def act(request_id: UUID, act: str) -> Response:
    """Take it back, stop it, or hand in what was mended."""
    document, actor = copy_of(request_id)
    if act == "supplement":
        actor = acting_for(document["patient"]["id"])
    try:
        clients().copies.act(actor, request_id, act, key=request_key())
    except REFUSALS as error:
        refusal = refusal_of(error)
        if refusal.request_id:
            return again_page(refusal, request.path, {}, back=copy_path(request_id))
        return status_page(request_id, refusal)
    return to("/copies" if document["state"] == "draft" else copy_path(request_id))
