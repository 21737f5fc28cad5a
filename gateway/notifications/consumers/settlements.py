"""Settling a stay: begun, to be paid, settled, called off."""

from __future__ import annotations

from marshmallow import fields

from gateway.notifications.domain import Telling
from shared.schemas import EventSchema


class SettlementSchema(EventSchema):
    """`billing.settlement_opened.v1` and `billing.settlement_withdrawn.v1`."""

    settlement_id = fields.UUID(required=True)
    encounter_id = fields.UUID(required=True)
    patient_id = fields.UUID(required=True)


class SettlementToPaySchema(SettlementSchema):
    """`billing.settlement_to_pay.v1`; the amount is in fen."""

    invoice_id = fields.UUID(required=True)
    amount_fen = fields.Integer(required=True, strict=True)


class StaySettledSchema(SettlementSchema):
    """`billing.stay_settled.v1`; fen."""

    total_fen = fields.Integer(required=True, strict=True)
    own_fen = fields.Integer(required=True, strict=True)
    refunded_fen = fields.Integer(required=True, strict=True)


TELLINGS = {
    "billing.settlement_opened.v1": Telling(SettlementSchema, "settlement_opened", "settlement_id"),
    "billing.settlement_to_pay.v1": Telling(SettlementToPaySchema, "settlement_to_pay", "invoice_id"),
    "billing.settlement_withdrawn.v1": Telling(SettlementSchema, "settlement_withdrawn", "settlement_id"),
    "billing.stay_settled.v1": Telling(StaySettledSchema, "settlement_done", "settlement_id"),
}
