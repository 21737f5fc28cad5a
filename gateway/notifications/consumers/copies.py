"""Copies of records: every step of a request, for who applies and for whose record it is."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid5

from marshmallow import fields

from gateway.notifications.domain import Telling
from shared.schemas import EventSchema

TOLD = frozenset(
    {
        *("submit", "pay", "expire", "approve", "ask_correction", "refuse", "object", "withdraw"),
        *("measure_covered", "measure_short", "top_up", "send", "deliver", "return", "pick_up"),
    }
)
"""What people are told of a request; drafts and the officer's own steps are not."""


class CopyRequestMovedSchema(EventSchema):
    """`records.copy_request_moved.v1`; `reason` is a code, never words."""

    request_id = fields.UUID(required=True)
    patient_id = fields.UUID(required=True)
    applicant_id = fields.UUID(required=True)
    number = fields.Integer(required=True)
    act = fields.String(required=True)
    state = fields.String(required=True)


def _kind(data: dict[str, Any]) -> str | None:
    if data["act"] == "submit" and data["applicant_id"] != data["patient_id"]:
        return "copy_asked_by_agent"
    return f"copy_{data['act']}" if data["act"] in TOLD else None


def _step(data: dict[str, Any]) -> UUID:
    """One id for each step of a request."""
    return uuid5(data["request_id"], str(data["number"]))


TELLINGS = {
    "records.copy_request_moved.v1": Telling(CopyRequestMovedSchema, _kind, _step, whose=("applicant_id", "patient_id"))
}
