"""The hospital's door to the insurer: one envelope for every transaction number, signed both ways."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, current_app, request

from shared.clock import Clock, iso
from shared.money import to_amount, to_fen
from simulators.insurer.books import Books, Row, insert
from simulators.insurer.moods import SILENT_SECONDS, SLOW_SECONDS, Mood, next_mood
from simulators.insurer.transactions import TRANSACTIONS, Refusal
from simulators.signature import Unsigned, check_request, signed_headers

PREFIX = "Insurer"
DIFFERENCE_FEN = 10_00

blueprint = Blueprint("hospital", __name__)


def _clock() -> Clock:
    clock: Clock = current_app.extensions["insurer.clock"]
    return clock


def _secret() -> str:
    secret: str = current_app.extensions["insurer.secret"]
    return secret


@blueprint.post("/fsi/api/<infno>")
def answer(infno: str) -> Response:
    """One transaction: `{infno, msgid, input}` in, `{infcode, err_msg, output}` out; 0 is done, -1 refused."""
    try:
        check_request(
            PREFIX,
            _secret(),
            dict(request.headers),
            method=request.method,
            path=request.path,
            body=request.get_data(),
            now=_clock()(),
        )
    except Unsigned as error:
        return _signed({"infcode": -1, "err_msg": error.code}, 401)
    if infno not in TRANSACTIONS:
        return _signed({"infcode": -1, "err_msg": "transaction_unknown"}, 404)
    books: Books = current_app.extensions["insurer.books"]
    mood = next_mood(books, infno, _clock()())
    message = _message()
    document = _play(books, infno, message, mood)
    _note(books, infno, message, mood, document)
    return _send(document, mood)


def _message() -> Row:
    try:
        message = json.loads(request.get_data())
    except ValueError:
        return {}
    return message if isinstance(message, dict) and isinstance(message.get("input"), dict) else {}


def _play(books: Books, infno: str, message: Row, mood: Mood) -> Row:
    """Do it, or not, and make the answer of this mood."""
    if mood is Mood.SILENT:
        return {}
    if mood is Mood.REFUSING:
        return {"infcode": -1, "err_msg": "refused_for_demonstration"}
    try:
        less_fen = DIFFERENCE_FEN if mood is Mood.DIFFERING else 0
        output = TRANSACTIONS[infno](books, message["input"] | {"less_fen": less_fen}, _clock()())
    except Refusal as refusal:
        return {"infcode": -1, "err_msg": refusal.code}
    except (KeyError, TypeError, ValueError, AttributeError, ZeroDivisionError):
        return {"infcode": -1, "err_msg": "message_not_understood"}
    if mood is Mood.UNKNOWN:
        return {"infcode": 1, "err_msg": "processing"}
    if mood is Mood.BROKEN and "setlinfo" in output:
        output["setlinfo"] = _broken(output["setlinfo"])
    return {"infcode": 0, "err_msg": "", "output": output}


def _broken(told: Row) -> Row:
    """One yuan that nobody bears."""
    return told | {"hifp_pay": to_amount(to_fen(told["hifp_pay"]) + 1_00)} if "hifp_pay" in told else told


def _note(books: Books, infno: str, message: Row, mood: Mood, document: Row) -> None:
    said = document.get("err_msg") or ("done" if document else "nothing")
    row = {"infno": infno, "mdtrt_id": str(message.get("input", {}).get("mdtrt_id", ""))[:80], "mood": mood.value}
    with books.write() as connection:
        insert(connection, "calls", row | {"answer": said, "at": _clock()().timestamp()})


def _send(document: Row, mood: Mood) -> Response:
    pause: Callable[[float], None] = current_app.extensions["insurer.pause"]
    if mood is Mood.SLOW:
        pause(SLOW_SECONDS)
    if mood is Mood.SILENT:
        pause(SILENT_SECONDS)
    if mood in {Mood.SILENT, Mood.LOST}:
        return Response(status=504)
    return _signed(document, 200)


def _signed(document: dict[str, Any], status: int) -> Response:
    now = _clock()()
    body = json.dumps(document | {"respond_time": iso(now)}, ensure_ascii=False).encode()
    response = Response(body, status, content_type="application/json")
    response.headers.update(signed_headers(PREFIX, _secret(), body, now))
    return response
