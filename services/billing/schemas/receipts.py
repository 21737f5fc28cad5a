"""What goes in and out over HTTP about receipts."""

from __future__ import annotations

from marshmallow import Schema, fields

from services.billing.domain.receipt import ReceiptKind
from shared.schemas import Fen, RequestSchema, text


class CorrectionSchema(RequestSchema):
    """Why a receipt is taken back, and whether a new one follows."""

    reason = text(200, shortest=2)
    reissue = fields.Boolean(load_default=True)


class ReceiptPartSchema(Schema):
    """A category or an item of a receipt."""

    code = fields.String(required=True)
    name = fields.String(required=True)
    unit = fields.String(load_default="", dump_default="")
    quantity = fields.String(load_default="", dump_default="")
    unit_price = fields.String(load_default="", dump_default="")
    amount = Fen(attribute="amount_fen", required=True)


class ReceiptContentSchema(Schema):
    """What stands on a receipt, in the words of the national form (handbook section 3.14)."""

    categories = fields.List(fields.Nested(ReceiptPartSchema), required=True)
    items = fields.List(fields.Nested(ReceiptPartSchema), required=True)
    prepaid = Fen(attribute="prepaid_fen", required=True)
    added = Fen(attribute="added_fen", required=True)
    refunded = Fen(attribute="refunded_fen", required=True)
    fund = Fen(attribute="fund_fen", required=True)
    other = Fen(attribute="other_fen", required=True)
    account = Fen(attribute="account_fen", required=True)
    cash = Fen(attribute="cash_fen", required=True)
    own_share = Fen(attribute="own_share_fen", required=True)
    own_expense = Fen(attribute="own_expense_fen", required=True)
    insured_kind = fields.String(required=True)
    psn_no = fields.String(required=True, allow_none=True)
    setl_id = fields.String(required=True, allow_none=True)
    stay_from = fields.String(required=True, allow_none=True)
    stay_to = fields.String(required=True, allow_none=True)


class ReceiptShortSchema(Schema):
    """A receipt in a list. A red one takes another back (`red_of`, `reason`)."""

    id = fields.UUID(required=True)
    kind = fields.Enum(ReceiptKind, by_value=True, required=True)
    code = fields.String(required=True)
    number = fields.String(required=True)
    check_code = fields.String(required=True)
    encounter_id = fields.UUID(required=True)
    patient_id = fields.UUID(required=True)
    total = Fen(attribute="total_fen", required=True)
    is_red = fields.Boolean(required=True)
    is_taken_back = fields.Boolean(required=True)
    red_of = fields.UUID(required=True, allow_none=True)
    reason = fields.String(required=True, allow_none=True)
    issued_at = fields.AwareDateTime(required=True)


class ReceiptSchema(ReceiptShortSchema):
    """A receipt with everything on it; the total also in Chinese capitals."""

    capitals = fields.String(required=True)
    issued_by = fields.String(required=True)
    content = fields.Nested(ReceiptContentSchema, required=True)


class ReceiptsSchema(Schema):
    """The receipts of a stay, and how many are still to be issued."""

    items = fields.List(fields.Nested(ReceiptShortSchema), required=True)
    pending = fields.Integer(required=True)


class IssuedSchema(Schema):
    """The receipt that was issued last."""

    id = fields.UUID(required=True)
    code = fields.String(required=True)
    number = fields.String(attribute="shown_number", required=True)
    check_code = fields.String(required=True)
    total = Fen(attribute="total_fen", required=True)
    is_red = fields.Boolean(required=True)


class ReceiptCheckSchema(Schema):
    """Whether a receipt is real; of one that is, number, date and amount, and nothing about a person."""

    is_real = fields.Boolean(required=True)
    kind = fields.Enum(ReceiptKind, by_value=True, required=True, allow_none=True)
    code = fields.String(required=True, allow_none=True)
    number = fields.String(required=True, allow_none=True)
    total = Fen(attribute="total_fen", required=True, allow_none=True)
    is_red = fields.Boolean(required=True)
    is_taken_back = fields.Boolean(required=True)
    issued_at = fields.AwareDateTime(required=True, allow_none=True)
