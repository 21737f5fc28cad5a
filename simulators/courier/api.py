"""What a sender can ask of the courier, signed both ways."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, current_app, request

from shared.clock import Clock
from simulators.courier import parcels
from simulators.courier.books import Books, Row
from simulators.courier.moods import OF_CALLS, SILENT_SECONDS, SLOW_SECONDS, Mood, next_mood
from simulators.courier.parcels import NewParcel, Refusal
from simulators.signature import Unsigned, check_request, signed_headers

PREFIX = "Courier"

blueprint = Blueprint("sender", __name__, url_prefix="/api")


def _books() -> Books:
    books: Books = current_app.extensions["courier.books"]
    return books


def _clock() -> Clock:
    clock: Clock = current_app.extensions["courier.clock"]
    return clock


@blueprint.post("/parcels")
def label_parcel() -> Response:
    """Ask for a label; sent again with the same reference it is the same parcel."""
    return _do(lambda: parcels.label(_books(), _new_parcel(_body()), _clock()())[0])


@blueprint.get("/parcels/<reference>")
def show_parcel(reference: str) -> Response:
    """A parcel with everything that has happened to it."""
    return _do(lambda: parcels.find(_books(), reference))


@blueprint.post("/parcels/<reference>/cancellation")
def cancel_parcel(reference: str) -> Response:
    """Take a label back before the parcel is picked up."""
    return _do(lambda: parcels.cancel(_books(), reference, _clock()()))


def _do(work: Callable[[], Row]) -> Response:
    """Check the signature, then do the work as the mood of this call has it."""
    try:
        check_request(
            PREFIX,
            current_app.extensions["courier.secret"],
            dict(request.headers),
            method=request.method,
            path=request.path,
            body=request.get_data(),
            now=_clock()(),
        )
    except Unsigned as error:
        return _problem(401, error.code, "The request is not signed by the sender, or too old.")
    mood = next_mood(_books(), OF_CALLS, _clock()())
    pause: Callable[[float], None] = current_app.extensions["courier.pause"]
    if mood is Mood.REFUSING:
        return _problem(422, "refused_for_demonstration", "The courier was told to refuse.")
    if mood is Mood.SILENT:
        pause(SILENT_SECONDS)
        return Response(status=504)
    try:
        parcel = work()
    except Refusal as refusal:
        return _problem(refusal.status, refusal.code, refusal.detail)
    if mood in {Mood.LOST, Mood.SLOW}:
        pause(SLOW_SECONDS)
    if mood is Mood.LOST:
        return Response(status=504)
    return _signed(parcels.document(parcel, parcels.events_of(_books(), parcel["tracking_number"])), 200)


def _signed(document: dict[str, Any], status: int) -> Response:
    body = json.dumps(document, ensure_ascii=False).encode()
    response = Response(body, status, content_type="application/json")
    response.headers.update(signed_headers(PREFIX, current_app.extensions["courier.secret"], body, _clock()()))
    return response


def _problem(status: int, code: str, detail: str) -> Response:
    return _signed({"title": code.replace("_", " "), "status": status, "code": code, "detail": detail}, status)


# --------------------------------------------------------------------------------------------------- reading bodies


def _invalid(what: str) -> Refusal:
    return Refusal(422, "invalid_request", f"{what} is missing or not valid.")


def _body() -> dict[str, Any]:
    try:
        body = json.loads(request.get_data())
    except ValueError as error:
        raise _invalid("The body") from error
    if not isinstance(body, dict) or not isinstance(body.get("receiver"), dict):
        raise _invalid("receiver")
    return body


def _text(body: dict[str, Any], name: str, longest: int) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= longest or not value.isprintable():
        raise _invalid(name)
    return value


def _new_parcel(body: dict[str, Any]) -> NewParcel:
    receiver = body["receiver"]
    notify_url = _text(body, "notify_url", 500)
    if not notify_url.startswith(current_app.extensions["courier.hospital"] + "/"):
        raise _invalid("notify_url")  # the courier calls nobody but the hospital
    province = _text(receiver, "province", 2)
    return NewParcel(
        sender_reference=_text(body, "sender_reference", 64),
        receiver_name=_text(receiver, "name", 80),
        receiver_phone=_text(receiver, "phone", 20),
        receiver_address=f"{province} {_text(receiver, 'city', 80)} {_text(receiver, 'street', 200)}",
        province=province,
        notify_url=notify_url,
    )
