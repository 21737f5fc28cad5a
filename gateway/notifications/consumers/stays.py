"""Stays in the hospital: a bed, another bed, home; and what of it was a mistake."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid5

from marshmallow import fields

from gateway.notifications.domain import Telling
from shared.schemas import EventSchema

OUTPATIENT = "AMB"
"""A visit without a bed: the appointment tells of it."""


class WardSchema(EventSchema):
    """The ward of a stay, by name."""

    zh = fields.String(required=True)
    en = fields.String(required=True)


class BedSchema(EventSchema):
    """The bed of a stay."""

    label = fields.String(required=True)


class StaySchema(EventSchema):
    """`records.encounter_*.v1`: the stay as it is now; `at` is when this happened."""

    encounter_id = fields.UUID(required=True)
    patient_id = fields.UUID(required=True)
    encounter_class = fields.String(required=True)
    ward = fields.Nested(WardSchema, required=True, allow_none=True)
    bed = fields.Nested(BedSchema, required=True, allow_none=True)
    at = fields.AwareDateTime(required=True)
    version = fields.Integer(required=True)


def _step(data: dict[str, Any]) -> UUID:
    """One id for each step of a stay: a stay is moved more than once."""
    return uuid5(data["encounter_id"], str(data["version"]))


def _kind(kind: str) -> Callable[[dict[str, Any]], str | None]:
    return lambda data: None if data["encounter_class"] == OUTPATIENT else kind


TELLINGS = {
    f"records.encounter_{fact}.v1": Telling(StaySchema, _kind(f"stay_{fact}"), _step, at="at")
    for fact in (
        *("admitted", "transferred", "discharged"),
        *("admission_cancelled", "transfer_cancelled", "discharge_cancelled"),
    )
}
