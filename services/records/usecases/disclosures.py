"""The registry of disclosures: what of a record left the hospital, to whom, why, and by which request.

Append-only; the patient reads it beside the log of who has looked at the record.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from services.records.domain.copies import CopyRequest
from services.records.domain.packet import mask_name
from services.records.store import packets
from shared.database import UnitOfWork


class Disclosed(StrEnum):
    """What happened to the copies."""

    PRINTED = "printed"
    POSTED = "posted"
    DELIVERED = "delivered"
    RETURNED = "returned"
    LOST = "lost"
    HANDED_OUT = "handed_out"


def disclose(
    uow: UnitOfWork,
    request: CopyRequest,
    act: Disclosed,
    *,
    by: str,
    now: datetime,
    document_shown: str | None = None,
    tracking_number: str | None = None,
) -> None:
    """Write down what just happened to the copies of a locked request."""
    packets.add_disclosure(
        uow,
        {
            "at": now,
            "patient_id": request.patient_id,
            "encounter_id": request.encounter_id,
            "request_id": request.id,
            "act": act,
            "receiver": request.applicant_kind,
            "receiver_masked": mask_name(packets.name_of(uow, request.applicant_id or request.patient_id)),
            "parts": list(request.parts),
            "copies": request.copies,
            "pages": request.pages or 0,
            "purpose": request.purpose or "",
            "by": by,
            "document_shown": document_shown,
            "tracking_number": tracking_number,
        },
    )
