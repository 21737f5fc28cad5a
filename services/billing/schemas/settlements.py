"""What travels about settlements and late charges; and what meals tells of a stay that is being settled."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from services.billing.domain import Channel, PaymentState, RefundState
from services.billing.domain.checklist import CheckCode, CheckState, Owner
from services.billing.domain.late_charge import ChargeSource, LateChargeState
from services.billing.domain.settlement import Stage
from services.billing.domain.signature import HEIGHT, MOST_POINTS, MOST_STROKES, WIDTH
from services.billing.domain.statement import Basis
from services.billing.schemas.payments import own_path
from shared.schemas import EventSchema, Fen, NamesSchema, RequestSchema, text

REASON = 200
SIGNERS = ("patient", "family")


def _enum(kind: type, **kwargs: object) -> fields.Field[object]:
    return fields.Enum(kind, by_value=True, **kwargs)  # type: ignore[arg-type]


# ------------------------------------------------------------------------------------------------- what comes in


class SettlementRequestSchema(RequestSchema):
    """A settlement to be opened. `discharge_ordered_at` is needed while the stay goes on; now if left out."""

    encounter_id = fields.UUID(required=True)
    discharge_ordered_at = fields.AwareDateTime()


class OverruleSchema(RequestSchema):
    """An item of the checklist to pass over, and why."""

    code = _enum(CheckCode, required=True)
    reason = text(REASON, shortest=2)


class ReasonSchema(RequestSchema):
    """Why."""

    reason = text(REASON, shortest=2)


class SignatureRequestSchema(RequestSchema):
    """A signature under the amounts whose `digest` was shown: strokes in a pad of 1000 by 500, or a typed name."""

    digest = text(16)
    signer = fields.String(required=True, validate=validate.OneOf(SIGNERS))
    strokes = fields.List(
        fields.List(
            fields.List(
                fields.Integer(strict=True, validate=validate.Range(min=0, max=max(WIDTH, HEIGHT))),
                validate=validate.Length(equal=2),
            ),
            validate=validate.Length(max=MOST_POINTS),
        ),
        load_default=list,
        validate=validate.Length(max=MOST_STROKES),
    )
    typed = fields.String(load_default="", validate=validate.Length(max=60))


class SettlementPaymentSchema(RequestSchema):
    """A code to pay by, for exactly what is still due. `return_path` is where the wallet leads the phone."""

    amount_fen = Fen(required=True, data_key="amount")
    return_path = own_path()


class SettlementsQuerySchema(RequestSchema):
    """Whose or which settlements."""

    encounter_id = fields.UUID()
    patient_id = fields.UUID()


class LateChargesQuerySchema(RequestSchema):
    """Which late charges."""

    state = _enum(LateChargeState)


class LateChargeDecisionSchema(RequestSchema):
    """How a late charge ends, and why."""

    way = fields.String(
        required=True,
        validate=validate.OneOf([LateChargeState.BILLED, LateChargeState.BORNE, LateChargeState.GIVEN_BACK]),
    )
    reason = text(REASON, shortest=2)


# ------------------------------------------------------------------------------------------------ what goes out


class CategorySchema(Schema):
    """A category of the closed bill; the national code, or `meals` for what is no medical fee."""

    code = fields.String(required=True)
    amount = Fen(attribute="amount_fen", required=True)


class CheckSchema(Schema):
    """One item of the checklist. `facts` are the numbers of its sentence: counts, days, fen."""

    code = _enum(CheckCode, required=True)
    state = _enum(CheckState, required=True)
    owner = _enum(Owner, required=True)
    facts = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    overruled_by = fields.String(required=True, allow_none=True)
    reason = fields.String(required=True, allow_none=True)
    overruled_at = fields.AwareDateTime(required=True, allow_none=True)


class SignatureSchema(Schema):
    """The newest signature."""

    signer = fields.String(required=True)
    strokes = fields.List(fields.List(fields.List(fields.Integer())), required=True)
    typed = fields.String(required=True)
    own = Fen(attribute="own_fen", required=True)
    witnessed_by = fields.String(required=True)
    signed_at = fields.AwareDateTime(required=True)


class SettlementPaySchema(Schema):
    """A payment that is under way on the settlement's bill, or ended last."""

    id = fields.UUID(required=True)
    state = _enum(PaymentState, required=True)
    amount = Fen(attribute="amount_fen", required=True)
    pay_url = fields.String(required=True, allow_none=True)
    expires_at = fields.AwareDateTime(required=True)


class SettlementRefundSchema(Schema):
    """A part of the surplus on its way to the payment it came from."""

    amount = Fen(attribute="amount_fen", required=True)
    channel = _enum(Channel, required=True)
    state = _enum(RefundState, required=True)
    paid_at = fields.AwareDateTime(required=True)


class SettlementSchema(Schema):
    """A settlement with its amounts as they are now. `balance` is to pay when positive, to come back when negative."""

    id = fields.UUID(required=True)
    encounter_id = fields.UUID(required=True)
    patient_id = fields.UUID(required=True)
    stage = _enum(Stage, required=True)
    basis = _enum(Basis, required=True)
    digest = fields.String(required=True)
    categories = fields.List(fields.Nested(CategorySchema), required=True)
    charge_count = fields.Integer(required=True)
    medical = Fen(attribute="medical_fen", required=True)
    non_medical = Fen(attribute="non_medical_fen", required=True)
    total = Fen(attribute="total_fen", required=True)
    fund = Fen(attribute="fund_fen", required=True)
    other = Fen(attribute="other_fen", required=True)
    personal_account = Fen(attribute="personal_account_fen", required=True)
    insurer = Fen(attribute="insurer_fen", required=True)
    cash = Fen(attribute="cash_fen", required=True)
    own_share = Fen(attribute="own_share_fen", required=True)
    own_expense = Fen(attribute="own_expense_fen", required=True)
    own = Fen(attribute="own_fen", required=True)
    deposits = Fen(attribute="deposits_fen", required=True)
    paid = Fen(attribute="paid_fen", required=True)
    to_pay = Fen(attribute="to_pay_fen", required=True)
    to_return = Fen(attribute="to_return_fen", required=True)
    checks = fields.List(fields.Nested(CheckSchema), required=True)
    signature = fields.Nested(SignatureSchema, required=True, allow_none=True)
    invoice_id = fields.UUID(required=True, allow_none=True)
    payment = fields.Nested(SettlementPaySchema, required=True, allow_none=True)
    refunds = fields.List(fields.Nested(SettlementRefundSchema), required=True)
    claim_problem = fields.String(required=True, allow_none=True)
    admitted_at = fields.AwareDateTime(required=True, allow_none=True)
    discharge_ordered_at = fields.AwareDateTime(required=True)
    opened_at = fields.AwareDateTime(required=True)
    checked_at = fields.AwareDateTime(required=True, allow_none=True)
    presented_at = fields.AwareDateTime(required=True, allow_none=True)
    signed_at = fields.AwareDateTime(required=True, allow_none=True)
    paid_at = fields.AwareDateTime(required=True, allow_none=True)
    insured_at = fields.AwareDateTime(required=True, allow_none=True)
    settled_at = fields.AwareDateTime(required=True, allow_none=True)
    receipted_at = fields.AwareDateTime(required=True, allow_none=True)
    withdrawn_at = fields.AwareDateTime(required=True, allow_none=True)
    withdrawn_reason = fields.String(required=True, allow_none=True)
    version = fields.Integer(required=True)


class SettlementStandingSchema(Schema):
    """What an act on a settlement answers: which it is and where it stands; read the settlement for the rest."""

    id = fields.UUID(required=True)
    encounter_id = fields.UUID(required=True)
    stage = _enum(Stage, required=True)
    version = fields.Integer(required=True)


class SettlementsSchema(Schema):
    """Settlements, the newest first."""

    items = fields.List(fields.Nested(SettlementSchema), required=True)


class LateChargeSchema(Schema):
    """A charge that came after the bill of its stay was closed."""

    id = fields.UUID(required=True)
    encounter_id = fields.UUID(required=True)
    patient_id = fields.UUID(required=True)
    source = _enum(ChargeSource, required=True)
    text = fields.Nested(NamesSchema, required=True)
    amount = Fen(attribute="amount_fen", required=True)
    state = _enum(LateChargeState, required=True)
    is_settled = fields.Boolean(required=True)
    opened_at = fields.AwareDateTime(required=True)
    decided_at = fields.AwareDateTime(required=True, allow_none=True)
    reason = fields.String(required=True, allow_none=True)
    version = fields.Integer(required=True)


class LateChargeStandingSchema(Schema):
    """What a decision answers."""

    id = fields.UUID(required=True)
    state = _enum(LateChargeState, required=True)
    version = fields.Integer(required=True)


class LateChargesSchema(Schema):
    """Late charges, the oldest first."""

    items = fields.List(fields.Nested(LateChargeSchema), required=True)


# ------------------------------------------------------------------------------------------ other services' facts


class StayChargesCompletedSchema(EventSchema):
    """What billing reads of `meals.stay_charges_completed.v1`."""

    settlement_id = fields.UUID(required=True)
    charge_count = fields.Integer(required=True, strict=True)
    amount_fen = fields.Integer(required=True, strict=True)
