"""Numbers that tell who somebody is: sealed at rest, found again by a keyed fingerprint, shown only masked."""

from __future__ import annotations

import hashlib
import hmac
import os
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_VERSION = b"\x01"
_NONCE_BYTES = 12


class SealBroken(Exception):
    """The sealed text was changed, or it was sealed under another key."""


@dataclass(frozen=True)
class SealedContent:
    """Something large, sealed under a key of its own; the key is sealed under the installation's secret.

    Without `key_sealed` the content is lost for ever: to forget it, forget the key.
    """

    key_sealed: bytes
    sealed: bytes


class Sealer:
    """Seals and fingerprints under one secret of the installation; each purpose has a key of its own.

    A sealed text can be opened again (AES-256-GCM, so a change is noticed); it differs each time it is sealed. A
    fingerprint (HMAC-SHA-256) is always the same for the same text, so the database can hold it unique.
    """

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()
        self._box = AESGCM(self._derive("seal"))

    def _derive(self, purpose: str, text: str = "") -> bytes:
        return hmac.new(self._secret, f"{purpose}\x1f{text}".encode(), hashlib.sha256).digest()

    def fingerprint(self, text: str, purpose: str = "number") -> str:
        """64 hexadecimal characters, worth nothing without the secret."""
        return self._derive(f"fingerprint:{purpose}", text).hex()

    def derive(self, purpose: str, text: str) -> bytes:
        """32 bytes that only this installation can make from a text, and can make again."""
        return self._derive(f"derive:{purpose}", text)

    def seal(self, text: str) -> bytes:
        """The text, unreadable without the secret."""
        nonce = os.urandom(_NONCE_BYTES)
        return _VERSION + nonce + self._box.encrypt(nonce, text.encode(), _VERSION)

    def open(self, sealed: bytes) -> str:
        """The text again; raises SealBroken."""
        nonce, body = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
        if sealed[:1] != _VERSION:
            raise SealBroken("sealed in an unknown way")
        try:
            return self._box.decrypt(nonce, body, _VERSION).decode()
        except (InvalidTag, ValueError) as error:
            raise SealBroken("changed, or sealed under another key") from error

    def seal_content(self, content: bytes, about: str) -> SealedContent:
        """Seal under a new key of its own. `about` names what it belongs to, and opens it again only there."""
        key, nonce = AESGCM.generate_key(bit_length=256), os.urandom(_NONCE_BYTES)
        sealed = _VERSION + nonce + AESGCM(key).encrypt(nonce, content, about.encode())
        return SealedContent(key_sealed=self.seal(key.hex()), sealed=sealed)

    def open_content(self, content: SealedContent, about: str) -> bytes:
        """The content again; raises SealBroken when it was changed, or belongs to something else."""
        key = AESGCM(bytes.fromhex(self.open(content.key_sealed)))
        nonce, body = content.sealed[1 : 1 + _NONCE_BYTES], content.sealed[1 + _NONCE_BYTES :]
        if content.sealed[:1] != _VERSION:
            raise SealBroken("sealed in an unknown way")
        try:
            return key.decrypt(nonce, body, about.encode())
        except (InvalidTag, ValueError) as error:
            raise SealBroken("changed, or it belongs to something else") from error
