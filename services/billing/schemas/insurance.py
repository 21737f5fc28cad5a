"""What goes in and out over HTTP about insurance."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from services.billing.domain import InsuredKind
from services.billing.domain.claim import ClaimState
from services.billing.domain.coverage import CoverageState
from shared.schemas import Fen, RequestSchema


class CoverageRequestSchema(RequestSchema):
    """How somebody is insured. `psn_no` is the number of the insurance card; `use_account` is consent to use it."""

    kind = fields.Enum(InsuredKind, by_value=True, required=True)
    psn_no = fields.String(load_default=None, allow_none=True, validate=validate.Regexp(r"[0-9A-Z]{6,30}\Z"))
    use_account = fields.Boolean(load_default=True)


class CoverageSchema(Schema):
    """How the patient of a stay is insured. `problem` is a stable code; of the number only the end is told."""

    encounter_id = fields.UUID(required=True)
    patient_id = fields.UUID(required=True)
    is_entered = fields.Boolean(required=True)
    kind = fields.Enum(InsuredKind, by_value=True, required=True)
    state = fields.Enum(CoverageState, by_value=True, required=True)
    psn_no_end = fields.String(required=True, allow_none=True)
    use_account = fields.Boolean(required=True)
    account_balance = Fen(attribute="account_balance_fen", required=True)
    problem = fields.String(required=True, allow_none=True)
    entered_at = fields.AwareDateTime(required=True, allow_none=True)
    checked_at = fields.AwareDateTime(required=True, allow_none=True)


class InsuranceAmountsSchema(Schema):
    """How a cost divides, named as in the national interface (handbook section 3.6)."""

    medfee_sumamt = Fen(required=True)
    fulamt_ownpay_amt = Fen(required=True)
    overlmt_amt = Fen(required=True)
    preselfpay_amt = Fen(required=True)
    inscp_scp_amt = Fen(required=True)
    act_pay_dedc = Fen(required=True)
    hifp_pay = Fen(required=True)
    cvlserv_pay = Fen(required=True)
    hifes_pay = Fen(required=True)
    hifmi_pay = Fen(required=True)
    hifob_pay = Fen(required=True)
    maf_pay = Fen(required=True)
    oth_pay = Fen(required=True)
    fund_pay_sumamt = Fen(required=True)
    hosp_part_amt = Fen(required=True)
    psn_part_amt = Fen(required=True)
    acct_pay = Fen(required=True)
    acct_mulaid_pay = Fen(required=True)
    psn_cash_pay = Fen(required=True)


class ClaimSchema(Schema):
    """A claim: our estimate (not official), the insurer's pre-settlement and its binding settlement, side by side."""

    id = fields.UUID(required=True)
    settlement_id = fields.UUID(required=True)
    encounter_id = fields.UUID(required=True)
    patient_id = fields.UUID(required=True)
    state = fields.Enum(ClaimState, by_value=True, required=True)
    total = Fen(attribute="total_fen", required=True)
    estimate = fields.Nested(InsuranceAmountsSchema, required=True)
    presettled = fields.Nested(InsuranceAmountsSchema, required=True, allow_none=True)
    settled = fields.Nested(InsuranceAmountsSchema, required=True, allow_none=True)
    problem = fields.String(required=True, allow_none=True)
    requested_at = fields.AwareDateTime(required=True)
    ended_at = fields.AwareDateTime(required=True, allow_none=True)
    tries = fields.Integer(required=True)
    next_try_at = fields.AwareDateTime(required=True, allow_none=True)


class ClaimsSchema(Schema):
    """The claims of a stay."""

    items = fields.List(fields.Nested(ClaimSchema), required=True)
