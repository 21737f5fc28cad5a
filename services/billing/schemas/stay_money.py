"""The account of a stay over HTTP: what it costs, its daily list, its deposits and its balance."""

from __future__ import annotations

from marshmallow import Schema, fields

from services.billing.domain import AccountState, InvoiceState
from services.billing.domain.charging import FeeCategory
from services.billing.domain.ledger import Channel
from services.billing.domain.non_medical import Entry
from services.billing.schemas.charging import ChargeLineSchema
from shared.schemas import Fen, NamesSchema, RequestSchema


class FeeCategoryTotalSchema(Schema):
    """What came together in a fee category."""

    category = fields.Enum(FeeCategory, by_value=True, required=True)
    amount = Fen(attribute="amount_fen", required=True)


class ListedDaySchema(Schema):
    """A day of the daily list in one line; `corrections` says whether it holds anything of an earlier day."""

    day = fields.Date(required=True)
    amount = Fen(attribute="amount_fen", required=True)
    lines = fields.Integer(required=True)
    corrections = fields.Boolean(required=True)


class DepositSchema(Schema):
    """A deposit. `voucher` is null until it is paid; `left` is what of it has not gone back."""

    id = fields.UUID(required=True)
    invoice_id = fields.UUID(required=True)
    encounter_id = fields.UUID(required=True)
    patient_id = fields.UUID(required=True)
    state = fields.Enum(InvoiceState, by_value=True, required=True)
    amount = Fen(attribute="amount_fen", required=True)
    left = Fen(attribute="left_fen", required=True)
    voucher = fields.String(required=True, allow_none=True)
    channel = fields.Enum(Channel, by_value=True, required=True, allow_none=True)
    asked_at = fields.AwareDateTime(required=True)
    paid_at = fields.AwareDateTime(required=True, allow_none=True)


class BalanceSchema(Schema):
    """What a stay has and costs; `balance` below 0 is owed."""

    held = Fen(attribute="held_fen", required=True)
    medical = Fen(attribute="medical_fen", required=True)
    non_medical = Fen(attribute="non_medical_fen", required=True)
    balance = Fen(attribute="balance_fen", required=True)


class StayAccountSchema(BalanceSchema):
    """The account of a stay as it is now."""

    id = fields.UUID(required=True)
    encounter_id = fields.UUID(required=True)
    patient_id = fields.UUID(required=True)
    state = fields.Enum(AccountState, by_value=True, required=True)
    ward = fields.Nested(NamesSchema, required=True)
    opened_at = fields.AwareDateTime(required=True, allow_none=True)
    closed_at = fields.AwareDateTime(required=True, allow_none=True)
    threshold = Fen(attribute="threshold_fen", required=True)
    is_low = fields.Boolean(required=True)
    suggested_deposit = Fen(attribute="suggested_deposit_fen", required=True)
    categories = fields.List(fields.Nested(FeeCategoryTotalSchema), required=True)
    days = fields.List(fields.Nested(ListedDaySchema), required=True)
    deposits = fields.List(fields.Nested(DepositSchema), required=True)


class StayDaySchema(Schema):
    """The list of one hospital day: its lines, its total, and how the stay stood at its end (or stands now)."""

    encounter_id = fields.UUID(required=True)
    patient_id = fields.UUID(required=True)
    day = fields.Date(required=True)
    items = fields.List(fields.Nested(ChargeLineSchema), required=True)
    categories = fields.List(fields.Nested(FeeCategoryTotalSchema), required=True)
    amount = Fen(attribute="amount_fen", required=True)
    to_date = Fen(attribute="to_date_fen", required=True)
    held = Fen(attribute="held_fen", required=True)
    non_medical = Fen(attribute="non_medical_fen", required=True)
    balance = Fen(attribute="balance_fen", required=True)


class NonMedicalLineSchema(Schema):
    """A line of the non-medical ledger; a reversal is below 0."""

    charge_id = fields.UUID(required=True)
    entry = fields.Enum(Entry, by_value=True, required=True)
    text = fields.Nested(NamesSchema, required=True)
    amount = Fen(attribute="amount_fen", required=True)
    charged_on = fields.Date(required=True)
    reason = fields.String(required=True, allow_none=True)


class NonMedicalSchema(Schema):
    """Meals and the like of a stay, which are no medical fees; `amount` is the sum of what stands."""

    encounter_id = fields.UUID(required=True)
    patient_id = fields.UUID(required=True)
    items = fields.List(fields.Nested(NonMedicalLineSchema), required=True)
    count = fields.Integer(required=True)
    amount = Fen(attribute="amount_fen", required=True)


class DepositRequestSchema(RequestSchema):
    """How much is to be paid in advance."""

    amount_fen = Fen(required=True, data_key="amount")


class NewDepositSchema(Schema):
    """A deposit that was asked for, and its bill."""

    id = fields.UUID(required=True)
    invoice_id = fields.UUID(required=True)
    encounter_id = fields.UUID(required=True)
    patient_id = fields.UUID(required=True)
    amount = Fen(attribute="amount_fen", required=True)


class LowBalancesQuerySchema(RequestSchema):
    """Of which ward; of the whole hospital without one."""

    ward_id = fields.UUID()


class LowBalanceSchema(BalanceSchema):
    """A stay whose deposits are nearly used up."""

    encounter_id = fields.UUID(required=True)
    patient_id = fields.UUID(required=True)
    ward = fields.Nested(NamesSchema, required=True)


class LowBalancesSchema(Schema):
    """The lowest first."""

    items = fields.List(fields.Nested(LowBalanceSchema), required=True)
