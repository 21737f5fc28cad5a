"""The packet of a request: the documents of the stay under one cover, numbered and stamped, with a code to check it by.

Made in steps by a job: each document is fetched, then numbered and stamped, and at the end everything is put under the
cover. Handbook 5.5 (stamp on each page and across the seam), 5.7.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from services.records.domain.record_documents import RecordDocument, StayOnPaper
from shared.errors import Conflict, NotFound

PACKET_JOB = "records.packet"
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's 32: no I, L, O and U."""
_CODE_LENGTH, _GROUP = 20, 4
_MISREAD = str.maketrans("OIL", "011")


class Sealed(Protocol):
    """Something sealed under a key of its own, as `shared.sealing` gives it."""

    @property
    def key_sealed(self) -> bytes:
        """The key, sealed under the installation's secret."""

    @property
    def sealed(self) -> bytes:
        """The content."""


class PacketNotReady(Conflict):
    """The packet is not made yet, or may not be printed at this time."""


class PacketNotOurs(NotFound):
    """No packet of this hospital has this code."""


@dataclass(eq=False, kw_only=True)
class Packet:
    """A packet; its content is sealed under a key of its own, and forgotten in time. Fingerprint and code stay.

    `pages` counts the record's pages, without the cover; `fingerprint` is the SHA-256 of the whole file in hex.
    """

    id: UUID
    request_id: UUID
    encounter_id: UUID
    patient_id: UUID
    code: str
    started_at: datetime
    pages: int | None = None
    size: int | None = None
    fingerprint: str | None = None
    key_sealed: bytes | None = None
    sealed: bytes | None = None
    made_at: datetime | None = None
    forgotten_at: datetime | None = None

    def finish(self, *, pages: int, size: int, fingerprint: str, content: Sealed, now: datetime) -> None:
        """The packet is made."""
        self.pages, self.size, self.fingerprint, self.made_at = pages, size, fingerprint, now
        self.key_sealed, self.sealed = content.key_sealed, content.sealed

    def forget(self, now: datetime) -> None:
        """Its content and its key are gone; that it was there, and how it is checked, stays."""
        self.key_sealed = self.sealed = None
        self.forgotten_at = now


def new_code() -> str:
    """A code of 100 random bits: it says nothing about the packet, and nobody can guess one."""
    return "".join(secrets.choice(_LETTERS) for _ in range(_CODE_LENGTH))


def spaced(code: str) -> str:
    """The code as a person reads it: ABCD-EFGH-…"""
    return "-".join(code[at : at + _GROUP] for at in range(0, len(code), _GROUP))


def read_code(text: str) -> str:
    """A code as it was typed or scanned, with O, I and L read as digits. Raises PacketNotOurs for what is no code."""
    code = "".join(each for each in text.upper() if each not in "- \t").translate(_MISREAD)
    if len(code) != _CODE_LENGTH or not set(code) <= set(_LETTERS):
        raise PacketNotOurs
    return code


def mask_name(name: str | None) -> str:
    """The first letter of a name, and that there is more."""
    return f"{name[0]}{'*' * min(len(name) - 1, 3)}" if name else "*"


# -------------------------------------------------------------------------------------------------- steps of the job


@dataclass(frozen=True, kw_only=True)
class CoverFacts:
    """What the cover says. Parts are (name, pages)."""

    request_number: str
    patient_name: str
    patient_mrn: str
    stay: str
    applicant: str
    purpose: str
    copies: int
    parts: Sequence[tuple[str, int]]
    made_on: date
    check_code: str


@dataclass(frozen=True, kw_only=True)
class FetchStep:
    """Fetch a document from the store."""

    about: str
    stay: StayOnPaper
    document: RecordDocument


@dataclass(frozen=True, kw_only=True)
class StampStep:
    """Number and stamp a document that was fetched; `before` pages come before it, of `total`."""

    about: str
    content: Sealed
    before: int
    total: int
    made_on: date


@dataclass(frozen=True, kw_only=True)
class AssembleStep:
    """Put all documents under the cover. `sheets` are (about, content)."""

    about: str
    cover: CoverFacts
    sheets: Sequence[tuple[str, Sealed]]


@dataclass(frozen=True, kw_only=True)
class Made:
    """What a step has made, sealed."""

    pages: int
    size: int
    fingerprint: str
    content: Sealed


PacketStep = FetchStep | StampStep | AssembleStep
