"""Filling in a request for copies, a page for each thing, each kept as soon as it is sent: nothing is lost."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, make_response, request

from gateway.web.copying import draft_steps, drafts_way, next_page
from gateway.web.look import current_look, now, render_page
from gateway.web.patient.asking import REFUSALS, Refusal, again_page, refusal_of, typed
from gateway.web.patient.copies import catalogue, copy_of, copy_path, to
from gateway.web.patient.copy_texts import TEXTS, mandate_text
from gateway.web.patient.words import fen_of
from gateway.web.session import acting_for, clients, request_key, signed_in
from gateway.web.uploads import sent_photo, takes_photos
from shared.clock import hospital_day
from shared.photos import drawing_of, read_strokes

pages = Blueprint("copy_drafts", __name__, url_prefix="/copies/<uuid:request_id>")
takes_photos("copy_drafts.sign")

Document = dict[str, Any]
ADDRESS = ("name", "phone", "province", "city", "street")
VALID_DAYS = ("30", "90", "365")
OPEN = {"contents": {"draft"}, "confirm": {"draft"}}
"""On which of these pages something can be changed only before it is paid for."""


def draft_of(request_id: UUID, here: str) -> Document | None:
    """The request, if this page of it can be filled in now."""
    document, _ = copy_of(request_id)
    if not document["editable"] or document["state"] not in OPEN.get(here, {"draft", "correction_asked"}):
        return None
    return document


def draft_page(here: str, document: Document, refusal: Refusal | None = None, **values: Any) -> Response:
    """A page of the form, with the way at its top and what did not work above it."""
    way = [page for page, _ in drafts_way(document)]
    place = way.index(here)
    page = render_page(
        f"patient/copy_{here}.html",
        request_=document,
        steps=draft_steps(document, here) if document["state"] == "draft" else [],
        base=copy_path(document["id"]),
        back=copy_path(document["id"], way[place - 1])
        if place and document["state"] == "draft"
        else "/copies"
        if document["state"] == "draft"
        else copy_path(document["id"]),
        refusal=refusal,
        catalogue=catalogue(),
        **values,
    )
    return make_response(page, refusal.status if refusal else HTTPStatus.OK)


def _on(request_id: UUID, here: str) -> Response:
    """To the next page on which something is missing; after a correction, back to what is to be mended."""
    document, _ = copy_of(request_id)
    if document["state"] != "draft":
        return to(copy_path(request_id))
    way = [page for page, _ in drafts_way(document)]
    after, missing = way[way.index(here) + 1 :], next_page(document)
    return to(copy_path(request_id, missing if missing in after or missing == here else after[0]))


def _send(request_id: UUID, act: str, document: Document, **body: Any) -> Refusal | None:
    """Keep what was filled in. Gives the refusal, if there is one."""
    actor = acting_for(document["patient"]["id"])
    try:
        clients().copies.act(actor, request_id, act, key=request_key(), **body)
    except REFUSALS as error:
        return refusal_of(error)
    return None


def _again(refusal: Refusal, request_id: UUID, here: str) -> Response:
    kept = {name: value for name, value in request.form.items() if name not in {"csrf_token", "request_id", "strokes"}}
    return again_page(refusal, request.path, kept, back=copy_path(request_id, here))


@pages.get("/contents")
@signed_in
def ask_contents(request_id: UUID) -> Response:
    """For what, which parts, how many. A purpose chosen in the address fills in what it usually needs."""
    document = draft_of(request_id, "contents")
    return _contents_page(document) if document else to(copy_path(request_id))


def _contents_page(document: Document, refusal: Refusal | None = None) -> Response:
    found = catalogue()
    purpose = request.values.get("purpose") or document["purpose"]
    chosen = next((each for each in found["purposes"] if each["code"] == purpose), None)
    parts = request.form.getlist("parts") if request.method == "POST" else None
    if parts is None and chosen:
        parts = document["parts"] if chosen["code"] == document["purpose"] else chosen["parts"]
    return draft_page("contents", document, refusal, purpose=chosen, parts=parts or [])


@pages.post("/contents")
@signed_in
def choose_contents(request_id: UUID) -> Response:
    """Keep purpose, parts and number."""
    document = draft_of(request_id, "contents")
    if document is None:
        return to(copy_path(request_id))
    form = typed("purpose", "copies")
    parts = request.form.getlist("parts")
    if not parts:
        return _contents_page(document, Refusal("copy_contents_needed", HTTPStatus.UNPROCESSABLE_ENTITY))
    copies = int(form["copies"]) if form["copies"] in {"1", "2", "3", "4", "5"} else 1
    refusal = _send(request_id, "contents", document, purpose=form["purpose"], parts=parts, copies=copies)
    if refusal and refusal.request_id:
        return _again(refusal, request_id, "contents")
    return _contents_page(document, refusal) if refusal else _on(request_id, "contents")


@pages.get("/delivery")
@signed_in
def ask_delivery(request_id: UUID) -> Response:
    """By post or picked up."""
    document = draft_of(request_id, "delivery")
    if document is None:
        return to(copy_path(request_id))
    person = document["applicant"] or document["patient"]
    values = document["address"] or {"name": person["name"] or ""}
    return _delivery_page(document, document["delivery"] or "post", values)


def _delivery_page(document: Document, delivery: str, values: Document, refusal: Refusal | None = None) -> Response:
    wrong = str(refusal.facts.get("member", "")) if refusal else ""
    return draft_page("delivery", document, refusal, delivery=delivery, values=values, wrong=wrong)


@pages.post("/delivery")
@signed_in
def choose_delivery(request_id: UUID) -> Response:
    """Keep how the copy is got."""
    document = draft_of(request_id, "delivery")
    if document is None:
        return to(copy_path(request_id))
    values = typed(*ADDRESS)
    delivery = "pick_up" if request.form.get("delivery") == "pick_up" else "post"
    body: Document = {"delivery": delivery} | ({"address": values} if delivery == "post" else {})
    refusal = _send(request_id, "delivery", document, **body)
    if refusal and refusal.request_id:
        return _again(refusal, request_id, "delivery")
    return _delivery_page(document, delivery, values, refusal) if refusal else _on(request_id, "delivery")


@pages.get("/mandate")
@signed_in
def ask_mandate(request_id: UUID) -> Response:
    """The patient's mandate to the agent: its words, until when, and the signature."""
    document = draft_of(request_id, "mandate")
    if document is None or document["applicant_kind"] != "agent":
        return to(copy_path(request_id))
    return _mandate_page(document)


def _mandate_page(document: Document, refusal: Refusal | None = None) -> Response:
    today = hospital_day(now())
    text = mandate_text(document, catalogue(), current_look().lang)
    until = [(days, today + timedelta(days=int(days))) for days in VALID_DAYS]
    return draft_page(
        "mandate", document, refusal, text=text, until=until, chosen=request.form.get("days", VALID_DAYS[0])
    )


@pages.post("/mandate")
@signed_in
def sign(request_id: UUID) -> Response:
    """Keep the mandate with its signature: drawn on the phone, or a photo of one on paper."""
    document = draft_of(request_id, "mandate")
    if document is None:
        return to(copy_path(request_id))
    strokes = read_strokes(request.form.get("strokes", ""))
    picture = sent_photo("photo", "album") or (drawing_of(strokes) if strokes else b"")
    if not picture and "mandate_signature" in document["papers_missing"]:
        return _mandate_page(document, Refusal("mandate_needed", HTTPStatus.UNPROCESSABLE_ENTITY))
    days = request.form.get("days") if request.form.get("days") in VALID_DAYS else VALID_DAYS[0]
    until = hospital_day(now()) + timedelta(days=int(days or VALID_DAYS[0]))
    refusal = _send(request_id, "mandate", document, valid_until=until.isoformat(), text_version=1)
    if picture and not refusal:
        refusal = keep_photo(request_id, document, "mandate_signature", picture, key=f"{request_key()[:70]}-sign")
    if refusal and refusal.request_id:
        return _again(refusal, request_id, "mandate")
    return _mandate_page(document, refusal) if refusal else _on(request_id, "mandate")


def keep_photo(request_id: UUID, document: Document, kind: str, content: bytes, *, key: str) -> Refusal | None:
    """Send one photo on. Gives the refusal, if there is one: everything else of the request is kept."""
    actor = acting_for(document["patient"]["id"])
    try:
        clients().copies.keep_photo(actor, request_id, kind, content, key=key)
    except REFUSALS as error:
        return refusal_of(error)
    return None


@pages.get("/confirm")
@signed_in
def ask_confirm(request_id: UUID) -> Response:
    """Everything once more, the price, and the texts that are agreed to."""
    document = draft_of(request_id, "confirm")
    if document is None:
        return to(copy_path(request_id))
    missing = next_page(document)
    return to(copy_path(request_id, missing)) if missing != "confirm" else _confirm_page(document)


def _confirm_page(document: Document, refusal: Refusal | None = None) -> Response:
    given = {name for name in TEXTS if request.form.get(f"agree_{name}")}
    return draft_page("confirm", document, refusal, texts=TEXTS, given=given)


@pages.post("/confirm")
@signed_in
def submit(request_id: UUID) -> Response:
    """Send the request off at the price that the page showed."""
    document = draft_of(request_id, "confirm")
    if document is None:
        return to(copy_path(request_id))
    shown = request.form.get("amount_fen", "")
    amount = int(shown) if shown.isascii() and shown.isdigit() else fen_of(document["price"]["amount"])
    consents = {name: text.version for name, text in TEXTS.items() if request.form.get(f"agree_{name}")}
    actor = acting_for(document["patient"]["id"])
    try:
        clients().copies.submit(actor, request_id, key=request_key(), amount_fen=amount, consents=consents)
    except REFUSALS as error:
        refusal = refusal_of(error)
        if refusal.request_id:
            return _again(refusal, request_id, "confirm")
        document, _ = copy_of(request_id)
        return _confirm_page(document, refusal)
    return to(copy_path(request_id))
