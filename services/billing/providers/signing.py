"""How billing signs what it says to the outside world, and what counts as no answer."""

from __future__ import annotations

import hashlib
import hmac


class Unclear(Exception):
    """No answer, or none that can be verified and read."""


def signature(secret: bytes, *lines: str | bytes) -> str:
    """HMAC-SHA256 in hex over the lines, each ended by a line feed."""
    message = b"".join((line.encode() if isinstance(line, str) else line) + b"\n" for line in lines)
    return hmac.new(secret, message, hashlib.sha256).hexdigest()
