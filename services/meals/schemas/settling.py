"""What meals reads of billing's facts: bills of companions' meals, and settlements of stays."""

from __future__ import annotations

from marshmallow import fields

from shared.schemas import EventSchema


class SettlementSchema(EventSchema):
    """Of billing.settlement_opened.v1 and billing.settlement_withdrawn.v1."""

    settlement_id = fields.UUID(required=True)
    encounter_id = fields.UUID(required=True)


class BilledSchema(EventSchema):
    """Of the facts of bills: what the bill is for. Those of other things are passed over."""

    billed_kind = fields.String(load_default=None, allow_none=True)
    billed_id = fields.UUID(load_default=None, allow_none=True)
    invoice_id = fields.UUID(required=True)


class BilledRefundSchema(BilledSchema):
    """Of billing.refund_succeeded.v1; fen."""

    amount_fen = fields.Integer(required=True, strict=True)
