"""What a merchant can ask of the wallet, signed both ways."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, Response, current_app, request

from shared.clock import Clock, from_iso
from simulators.wallet import orders
from simulators.wallet.books import Books, Row
from simulators.wallet.orders import NewOrder, Refusal
from simulators.wallet.signature import Unsigned, check_request, signed_headers

MERCHANTS = ("hospital",)
LARGEST_AMOUNT_FEN = 100_000_000

blueprint = Blueprint("merchant", __name__)


def _books() -> Books:
    books: Books = current_app.extensions["wallet.books"]
    return books


def _clock() -> Clock:
    clock: Clock = current_app.extensions["wallet.clock"]
    return clock


def _secret() -> str:
    secret: str = current_app.extensions["wallet.secret"]
    return secret


@blueprint.before_request
def check_signature() -> None:
    """Nobody but the merchant is answered."""
    check_request(
        _secret(),
        dict(request.headers),
        method=request.method,
        path=request.full_path.rstrip("?"),
        body=request.get_data(),
        now=_clock()(),
    )


@blueprint.after_request
def sign(response: Response) -> Response:
    """Every answer is signed, refusals too."""
    response.headers.update(signed_headers(_secret(), response.get_data(), _clock()()))
    return response


@blueprint.errorhandler(Unsigned)
def refuse_unsigned(error: Unsigned) -> Response:
    """401 for whoever is not the merchant."""
    return _problem(401, error.code, "The request is not signed by the merchant, or too old.")


@blueprint.errorhandler(Refusal)
def refuse(error: Refusal) -> Response:
    """A refusal with its code."""
    return _problem(error.status, error.code, error.detail)


@blueprint.post("/orders")
def place_order() -> Response:
    """Place an order, or give the one that has this id already."""
    order, is_new = orders.place(_books(), _new_order(_body()), _clock()())
    return _answer(_order(order), 201 if is_new else 200)


@blueprint.get("/orders/<merchant_order_id>")
def show_order(merchant_order_id: str) -> Response:
    """An order as it stands now."""
    return _answer(_order(orders.find(_books(), MERCHANTS[0], merchant_order_id, _clock()())))


@blueprint.post("/orders/<merchant_order_id>/closure")
def close_order(merchant_order_id: str) -> Response:
    """Close an order, if it was not paid before."""
    return _answer(_order(orders.close(_books(), MERCHANTS[0], merchant_order_id, _clock()())))


@blueprint.post("/refunds")
def refund_order() -> Response:
    """Give money back, or tell about the refund that has this id already."""
    body = _body()
    made = orders.refund(
        _books(),
        _merchant(body),
        _text(body, "merchant_refund_id", 64),
        _text(body, "merchant_order_id", 64),
        _fen(body),
        _clock()(),
    )
    current_app.extensions["wallet.deliveries"].wake()
    return _answer(_refund(made))


@blueprint.get("/refunds/<merchant_refund_id>")
def show_refund(merchant_refund_id: str) -> Response:
    """A refund as it stands now."""
    return _answer(_refund(orders.find_refund(_books(), MERCHANTS[0], merchant_refund_id)))


def _answer(document: Row, status: int = 200) -> Response:
    return Response(json.dumps(document, ensure_ascii=False), status, content_type="application/json")


def _problem(status: int, code: str, detail: str) -> Response:
    document = {"title": code.replace("_", " "), "status": status, "code": code, "detail": detail}
    return Response(json.dumps(document), status, content_type="application/problem+json")


def _order(order: Row) -> Row:
    names = ("merchant", "merchant_order_id", "number", "amount_fen", "state", "reason", "paid_fen", "refunded_fen")
    site = current_app.extensions["wallet.site"]
    return {
        **{name: order[name] for name in names},
        "order_id": order["id"],
        "transaction_id": order["transaction_id"],
        "currency": "CNY",
        "pay_url": f"{site}/pay/{order['id']}",
    }


def _refund(refund: Row) -> Row:
    names = ("merchant", "merchant_refund_id", "amount_fen", "state")
    return {**{name: refund[name] for name in names}, "refund_id": refund["id"], "currency": "CNY"}


# --------------------------------------------------------------------------------------------------- reading bodies


def _invalid(what: str) -> Refusal:
    return Refusal(422, "invalid_request", f"{what} is missing or not valid.")


def _body() -> dict[str, Any]:
    try:
        body = json.loads(request.get_data())
    except ValueError as error:
        raise _invalid("The body") from error
    if not isinstance(body, dict):
        raise _invalid("The body")
    return body


def _text(body: dict[str, Any], name: str, longest: int) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= longest or not value.isprintable():
        raise _invalid(name)
    return value


def _merchant(body: dict[str, Any]) -> str:
    if body.get("merchant") not in MERCHANTS:
        raise _invalid("merchant")
    return MERCHANTS[0]


def _fen(body: dict[str, Any]) -> int:
    amount = body.get("amount_fen")
    if type(amount) is not int or not 0 < amount <= LARGEST_AMOUNT_FEN:
        raise _invalid("amount_fen")
    return amount


def _hospital_url(body: dict[str, Any], name: str) -> str:
    """An address of the hospital itself: the wallet calls and sends people nowhere else."""
    url = _text(body, name, 500)
    if not url.startswith(current_app.extensions["wallet.hospital"] + "/"):
        raise _invalid(name)
    return url


def _new_order(body: dict[str, Any]) -> NewOrder:
    subject = body.get("subject")
    if not isinstance(subject, dict):
        raise _invalid("subject")
    try:
        expires_at = from_iso(_text(body, "expires_at", 40)).timestamp()
    except ValueError as error:
        raise _invalid("expires_at") from error
    return NewOrder(
        merchant=_merchant(body),
        merchant_order_id=_text(body, "merchant_order_id", 64),
        amount_fen=_fen(body),
        number=_text(body, "number", 40),
        subject_zh=_text(subject, "zh", 300),
        subject_en=_text(subject, "en", 300),
        notify_url=_hospital_url(body, "notify_url"),
        return_url=_hospital_url(body, "return_url"),
        expires_at=expires_at,
    )
