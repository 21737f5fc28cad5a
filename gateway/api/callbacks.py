"""Where wallet and courier report: raw body and signature go on to their service as they came; it checks them."""

from __future__ import annotations

import hashlib

from flask import Blueprint, Response, request

from gateway.api.forwarding import forward
from gateway.identity.actors import public_actor
from gateway.web.session import request_id
from shared.operations import IDEMPOTENCY_HEADER

callbacks = Blueprint("callbacks", __name__, url_prefix="/callbacks")

_LONGEST_HEADER = 500


@callbacks.post("/sandbox-wallet")
def sandbox_wallet() -> Response:
    """A notice from the sandbox wallet. The same notice again has the same key, so it is answered as before."""
    return _hand_on("wallet-", "billing", "/v1/callbacks/sandbox-wallet")


@callbacks.post("/courier")
def courier() -> Response:
    """A notice from the courier. The same notice again has the same key, so it is answered as before."""
    return _hand_on("courier-", "records", "/v1/callbacks/courier")


def _hand_on(prefix: str, service: str, path: str) -> Response:
    headers = {
        name: value
        for name, value in request.headers
        if name.lower().startswith(prefix) and len(value) <= _LONGEST_HEADER
    }
    headers["Content-Type"] = request.headers.get("Content-Type", "application/json")
    headers[IDEMPOTENCY_HEADER] = request.headers.get(IDEMPOTENCY_HEADER) or _key_of(headers)
    return forward(service, "POST", path, public_actor(request_id()), headers)


def _key_of(headers: dict[str, str]) -> str:
    signed = "".join(f"{name}:{value}\n" for name, value in sorted(headers.items())).encode()
    return hashlib.sha256(signed + request.get_data()).hexdigest()
