"""The records room's work with finished copies: the packet, the parcel, and the window where they are fetched."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from flask import Response, request, url_for

from gateway.web.desk import again_page
from gateway.web.patient.asking import REFUSALS, refusal_of
from gateway.web.records_room import OFFICER, pages, review_page, to
from gateway.web.session import actor, clients, request_key, staff

__all__ = ["pages"]

ACTS = {
    "shipment": ("shipments",),
    "cancellation": ("shipments", "cancellation"),
    "another-try": ("packet", "another-try"),
    "hand-out": ("hand-out",),
}


@pages.get("/<uuid:request_id>/packet.pdf")
@staff(OFFICER)
def print_packet(request_id: UUID) -> Response:
    """The packet to be printed; the print is written down, where the patient reads it."""
    try:
        content = clients().copies.packet_to_print(actor(), request_id)
    except REFUSALS as error:
        return review_page(request_id, refusal_of(error))
    response = Response(content, status=HTTPStatus.OK, content_type="application/pdf")
    response.headers["Cache-Control"] = "no-store, private, max-age=0"
    response.headers["Content-Disposition"] = 'inline; filename="copies.pdf"'
    return response


@pages.post("/<uuid:request_id>/copies/<any(shipment, cancellation, 'another-try', 'hand-out'):act>")
@staff(OFFICER)
def work(request_id: UUID, act: str) -> Response:
    """A label is asked for or taken back, a packet tried again, copies handed over."""
    names = ("code", "document_shown") if act == "hand-out" else ()
    body = {name: request.form.get(name, "").strip() for name in names}
    try:
        clients().copies.parcel_act(actor(), request_id, *ACTS[act], key=request_key(), **body)
    except REFUSALS as error:
        refusal = refusal_of(error)
        if refusal.request_id:
            return again_page(refusal, back=url_for("records_room.show", request_id=request_id))
        return review_page(request_id, refusal)
    return to(url_for("records_room.show", request_id=request_id))


@pages.post("/pickup")
@staff(OFFICER)
def find() -> Response:
    """Somebody brings a pick-up code to the window: the page of the request whose copies wait under it."""
    code = request.form.get("code", "").strip()
    try:
        found = clients().copies.find_pickup(actor(), key=request_key(), code=code)
    except REFUSALS as error:
        refusal_of(error)
        return to(url_for("records_room.queue", state="ready", done="wrong-code"))
    return to(url_for("records_room.show", request_id=found["request_id"], code=code))
