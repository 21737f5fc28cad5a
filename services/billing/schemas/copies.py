"""What billing reads of records' facts about copies. Amounts are in fen."""

from __future__ import annotations

from marshmallow import fields

from shared.schemas import EventSchema


class CopyRequestSchema(EventSchema):
    """`records.copy_request_lapsed.v1`, `…_refused.v1` and `…_withdrawn.v1`."""

    request_id = fields.UUID(required=True)


class _BilledSchema(CopyRequestSchema):
    patient_id = fields.UUID(required=True)
    text_zh = fields.String(required=True)
    text_en = fields.String(required=True)


class CopyRequestSubmittedSchema(_BilledSchema):
    """`records.copy_request_submitted.v1`."""

    amount_fen = fields.Integer(required=True, strict=True)


class CopyRequestMeasuredSchema(_BilledSchema):
    """`records.copy_request_measured.v1`."""

    final_fen = fields.Integer(required=True, strict=True)


class CopyPostageSchema(EventSchema):
    """`records.copy_postage_withdrawn.v1`."""

    shipment_id = fields.UUID(required=True)


class CopyPostageDueSchema(CopyPostageSchema):
    """`records.copy_postage_due.v1`."""

    patient_id = fields.UUID(required=True)
    amount_fen = fields.Integer(required=True, strict=True)
    text_zh = fields.String(required=True)
    text_en = fields.String(required=True)
