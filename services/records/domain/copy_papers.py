"""Which photos an applicant shows, and the photos themselves: each sealed under a key of its own.

Handbook 5.2 (papers by applicant), 5.9 (documents and a photo with the document in hand, looked at by a person; a face
is never matched by a machine, and the window is always the other way), 6.4 (own key, short life).
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from services.records.domain.copy_refusals import CopyPaperUnknown

CONSENTS: Mapping[str, int] = {"identity_photos": 1, "copying_without_presence": 1}
"""Texts that are agreed to with a request, each with the version in force (handbook 5.5, 6.2)."""
MOST_LIVE_BYTES = 5 * 1024**3
"""What all photos together may take, in bytes: sealed pictures that are not deleted yet."""
MOST_PHOTOS = 40
"""How many photos may be sent for one request, those that were replaced included."""


class ApplicantKind(StrEnum):
    """Who applies. Heirs, guardians, insurers and authorities come to the window."""

    PATIENT = "patient"
    AGENT = "agent"


class PaperKind(StrEnum):
    """What a photo shows."""

    PATIENT_ID_FRONT = "patient_id_front"
    PATIENT_ID_BACK = "patient_id_back"
    PATIENT_HOLDING = "patient_holding"
    AGENT_ID_FRONT = "agent_id_front"
    AGENT_ID_BACK = "agent_id_back"
    AGENT_HOLDING = "agent_holding"
    MANDATE_SIGNATURE = "mandate_signature"


PAPERS: Mapping[ApplicantKind, tuple[PaperKind, ...]] = {
    ApplicantKind.PATIENT: (PaperKind.PATIENT_ID_FRONT, PaperKind.PATIENT_ID_BACK, PaperKind.PATIENT_HOLDING),
    ApplicantKind.AGENT: (
        PaperKind.PATIENT_ID_FRONT,
        PaperKind.PATIENT_ID_BACK,
        PaperKind.AGENT_ID_FRONT,
        PaperKind.AGENT_ID_BACK,
        PaperKind.AGENT_HOLDING,
        PaperKind.MANDATE_SIGNATURE,
    ),
}


class PaperEnd(StrEnum):
    """Why a photo was deleted."""

    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    SCOPE_CHANGED = "scope_changed"
    TIME_OVER = "time_over"


@dataclass(eq=False, kw_only=True)
class Paper:
    """A photo that was sent. When it is deleted its picture and its key are gone; that it was there stays known."""

    id: UUID
    request_id: UUID
    kind: str
    fingerprint: str
    width: int
    height: int
    size: int
    key_sealed: bytes | None
    sealed: bytes | None
    uploaded_by: str
    uploaded_at: datetime
    deleted_at: datetime | None = None
    deleted_because: str | None = None

    def delete(self, because: PaperEnd, now: datetime) -> None:
        """Forget the picture and its key."""
        self.key_sealed = self.sealed = None
        self.deleted_at, self.deleted_because = now, because


def check_asked_for(applicant: ApplicantKind, kind: str) -> PaperKind:
    """The kind of photo, if this applicant shows it. Raises CopyPaperUnknown."""
    for each in PAPERS[applicant]:
        if each == kind:
            return each
    raise CopyPaperUnknown(member="kind")


def missing_papers(applicant: ApplicantKind, live: Container[str]) -> list[str]:
    """The kinds that this applicant has still to show, in order."""
    return [each.value for each in PAPERS[applicant] if each not in live]
