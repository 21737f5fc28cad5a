"""Hashes that need the installation's secret: of one-time codes, of what is counted, of form tokens."""

from __future__ import annotations

import hashlib
import hmac
import secrets

_TOKEN_BYTES = 32


class Keyed:
    """Keyed hashes (HMAC-SHA-256) for separate purposes under one secret."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()

    def of(self, purpose: str, *parts: str) -> str:
        """A hash of the parts in hexadecimal; the same parts under another purpose give another one."""
        text = "\x1f".join((purpose, *parts))
        return hmac.new(self._secret, text.encode(), hashlib.sha256).hexdigest()


def token_hash(token: str) -> str:
    """What is kept of a random token of 256 bits: it cannot be guessed, so a plain SHA-256 is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_token() -> str:
    """A random token of 256 bits, safe in cookies and headers."""
    return secrets.token_urlsafe(_TOKEN_BYTES)


def new_code() -> str:
    """A random one-time code of six digits."""
    return f"{secrets.randbelow(10**6):06d}"


def same(one: str, other: str) -> bool:
    """Compare in constant time."""
    return hmac.compare_digest(one.encode(), other.encode())
