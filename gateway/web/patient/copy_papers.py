"""Photos of documents from the phone: one form for each, so that a bad one costs nothing but itself."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Blueprint, Response

from gateway.web.copying import PAPERS, SIGNATURE, next_page, whose_paper
from gateway.web.patient.asking import Refusal
from gateway.web.patient.copies import copy_of, copy_path, to
from gateway.web.patient.copy_drafts import draft_of, draft_page, keep_photo
from gateway.web.session import acting_for, clients, request_key, signed_in
from gateway.web.uploads import picture_answer, sent_photo, takes_photos
from shared.errors import NotFound

pages = Blueprint("copy_papers", __name__, url_prefix="/copies/<uuid:request_id>/papers")
takes_photos("copy_papers.send")

Document = dict[str, Any]


@pages.get("")
@signed_in
def ask_papers(request_id: UUID) -> Response:
    """Which photos are needed, which are there, which are to be taken again and why."""
    document = draft_of(request_id, "papers")
    return papers_page(document) if document else to(copy_path(request_id))


def papers_page(document: Document, refusal: Refusal | None = None, kind: str = "") -> Response:
    """The tiles: `kind` is the photo that was refused just now."""
    there = {each["kind"]: each for each in document["papers"]}
    asked: Document = (document["said"] if document["state"] == "correction_asked" else None) or {}
    again = {each for each in asked.get("papers", []) if each in there and there[each]["uploaded_at"] <= asked["at"]}
    wanted = [each for each in [*there, *document["papers_missing"]] if each != SIGNATURE]
    order = [each for each in PAPERS if each in wanted]
    tiles = [
        {"kind": each, "whose": whose_paper(each, document), "paper": there.get(each), "again": each in again}
        for each in order
    ]
    left = sum(1 for each in tiles if each["paper"] is None or each["again"])
    onward = (
        copy_path(document["id"], next_page(document)) if document["state"] == "draft" else copy_path(document["id"])
    )
    return draft_page("papers", document, refusal, tiles=tiles, left=left, asked=asked, wrong=kind, onward=onward)


@pages.post("/<kind>")
@signed_in
def send(request_id: UUID, kind: str) -> Response:
    """Keep one photo; what was filled in elsewhere stays as it is, whatever becomes of this one."""
    document = draft_of(request_id, "papers")
    if document is None:
        return to(copy_path(request_id))
    if kind not in PAPERS:
        raise NotFound
    content = sent_photo("photo", "album")
    if not content:
        return papers_page(document, Refusal("copy_paper_missing", HTTPStatus.UNPROCESSABLE_ENTITY), kind)
    refusal = keep_photo(request_id, document, kind, content, key=request_key())
    if refusal:
        return papers_page(document, refusal, kind)
    return to(f"{copy_path(request_id, 'papers')}#{kind}")


@pages.get("/<uuid:paper_id>/picture")
@signed_in
def look(request_id: UUID, paper_id: UUID) -> Response:
    """One's own photo, with the watermark; the look is written down."""
    document, _ = copy_of(request_id)
    return picture_answer(clients().copies.photo(acting_for(document["patient"]["id"]), request_id, paper_id))
