"""Signatures of the simulators, each with a prefix of its own for its headers (`Wallet`, `Insurer`).

HMAC-SHA256 with the shared secret, in lower-case hex, over the given lines, each ended by a line feed. Requests to
a simulator are signed over method, path, timestamp, nonce and body; what it sends over timestamp, nonce and body.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from datetime import datetime

FRESH_SECONDS = 300


class Unsigned(Exception):
    """The signature is missing, wrong or too old; `code` says which."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def signature(secret: str, *lines: str | bytes) -> str:
    """The signature over these lines."""
    message = b"".join((line.encode() if isinstance(line, str) else line) + b"\n" for line in lines)
    return hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()


def signed_headers(prefix: str, secret: str, body: bytes, now: datetime) -> dict[str, str]:
    """The headers of an answer or a notification."""
    timestamp, nonce = str(int(now.timestamp())), secrets.token_hex(16)
    return {
        f"{prefix}-Timestamp": timestamp,
        f"{prefix}-Nonce": nonce,
        f"{prefix}-Signature": signature(secret, timestamp, nonce, body),
    }


def check_request(
    prefix: str, secret: str, headers: Mapping[str, str], *, method: str, path: str, body: bytes, now: datetime
) -> None:
    """Raises Unsigned for a request that the hospital did not sign within the last five minutes."""
    timestamp, nonce = headers.get(f"{prefix}-Timestamp", ""), headers.get(f"{prefix}-Nonce", "")
    given = headers.get(f"{prefix}-Signature", "")
    wanted = signature(secret, method, path, timestamp, nonce, body)
    if not given.isascii() or not hmac.compare_digest(given, wanted):
        raise Unsigned("signature_wrong")
    if not timestamp.isdecimal() or abs(now.timestamp() - int(timestamp)) > FRESH_SECONDS:
        raise Unsigned("request_stale")
