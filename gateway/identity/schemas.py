"""What identity reads of other services' facts."""

from __future__ import annotations

from marshmallow import fields

from shared.schemas import EventSchema


class PatientMergedSchema(EventSchema):
    """`records.patient_merged.v1`: `patient_id` is the one that ends."""

    patient_id = fields.UUID(required=True)
    merged_into = fields.UUID(required=True)
