"""Requests for copies as they travel through the HTTP door, and what records reads of billing's facts."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, post_load, validate

from services.records.domain.copies import CopyState, Delivery
from services.records.domain.copy_eligibility import HoldKind
from services.records.domain.copy_papers import CONSENTS, ApplicantKind, PaperKind
from services.records.domain.copy_prices import CopyTerms
from shared.schemas import EventSchema, Fen, RequestSchema, text

MOST_COPIES = 5
_CODE = validate.Length(min=1, max=40)


class StartBody(RequestSchema):
    """Of which stay, and whether somebody applies for themself or for the patient."""

    encounter_id = fields.UUID(required=True)
    applicant_kind = fields.Enum(ApplicantKind, by_value=True, required=True)


class ContentsBody(RequestSchema):
    """What is copied, for what, how many times."""

    purpose = text(40)
    parts = fields.List(fields.String(validate=_CODE), required=True, validate=validate.Length(min=1, max=40))
    copies = fields.Integer(required=True, strict=True, validate=validate.Range(1, MOST_COPIES))


class AddressBody(RequestSchema):
    """Where to; which member is wrong is said by its name."""

    name = text(60, shortest=0)
    phone = text(20, shortest=0)
    province = text(2, shortest=0)
    city = text(60, shortest=0)
    street = text(120, shortest=0)


class DeliveryBody(RequestSchema):
    """By post with an address, or picked up."""

    delivery = fields.Enum(Delivery, by_value=True, required=True)
    address = fields.Nested(AddressBody)


class MandateBody(RequestSchema):
    """Until when the agent may act, and the version of the text that was read."""

    valid_until = fields.Date(required=True, format="iso")
    text_version = fields.Integer(required=True, strict=True, validate=validate.Range(1, 1000))


class SubmissionBody(RequestSchema):
    """The price that was shown, and the texts that were agreed to, each with its version."""

    amount = Fen(required=True)
    consents = fields.Dict(
        keys=fields.String(validate=validate.OneOf(list(CONSENTS))), values=fields.Integer(strict=True), required=True
    )

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Amounts are fen inside."""
        return {"amount_fen": data["amount"], "consents": data["consents"]}


class NothingBody(RequestSchema):
    """Nothing more to say."""


class ApprovalBody(RequestSchema):
    """The round that the officer has seen."""

    round_ = fields.Integer(data_key="round", required=True, strict=True, validate=validate.Range(1, 1000))


class RefusalBody(ApprovalBody):
    """Why, from the list, and in words."""

    reason = text(40)
    words = text(300)


class CorrectionBody(RefusalBody):
    """Why, in words, and which photos are to be taken anew."""

    papers = fields.List(fields.String(validate=validate.OneOf(list(PaperKind))), validate=validate.Length(max=10))


class HoldBody(RequestSchema):
    """Why a record is not simply copied."""

    kind = fields.Enum(HoldKind, by_value=True, required=True)


class CopyTermsBody(RequestSchema):
    """Prices (fen) and times that the hospital sets."""

    valid_from = fields.Date(required=True, format="iso")
    waiting_working_days = fields.Integer(strict=True)
    review_working_days = fields.Integer(strict=True)
    page_fen = fields.Integer(strict=True)
    prepay_most_fen = fields.Integer(strict=True)
    postage_province_fen = fields.Integer(strict=True)
    postage_other_fen = fields.Integer(strict=True)
    postage_flat_fen = fields.Integer(strict=True, allow_none=True)
    home_province = fields.String(validate=validate.Length(equal=2))
    payment_hours = fields.Integer(strict=True)
    correction_days = fields.Integer(strict=True)
    photo_days = fields.Integer(strict=True)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> dict[str, CopyTerms]:
        """The domain's form, as the use case's argument `terms`."""
        return {"terms": CopyTerms(**data)}


class RequestsArguments(RequestSchema):
    """Whose record or whose requests."""

    patient_id = fields.UUID(required=True)


class ReviewsArguments(RequestSchema):
    """Only requests that stand there."""

    state = fields.String(validate=validate.OneOf([each.value for each in CopyState if each is not CopyState.DRAFT]))


# ------------------------------------------------------------------------------------------------- facts from billing


class _BilledSchema(EventSchema):
    """A bill of anything; what it is for says whether records cares."""

    billed_kind = fields.String(load_default=None, allow_none=True)
    billed_id = fields.UUID(load_default=None, allow_none=True)


class InvoiceCancelledSchema(_BilledSchema):
    """`billing.invoice_cancelled.v1`."""


class InvoiceAmountSchema(_BilledSchema):
    """`billing.invoice_issued.v1`, `billing.invoice_paid.v1`, `billing.refund_succeeded.v1`; the amount is in fen."""

    amount_fen = fields.Integer(required=True, strict=True)
