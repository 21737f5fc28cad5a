"""Requests for copies as records tells them."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from services.records.domain.copies import CopyState
from shared.schemas import Fen, NamesSchema


def _instant(**kwargs: Any) -> fields.AwareDateTime:
    return fields.AwareDateTime(required=True, format="iso", **kwargs)


class CodeSchema(Schema):
    """A code and its words."""

    code = fields.String(required=True)
    name = fields.Nested(NamesSchema, required=True)


class PartSchema(CodeSchema):
    """A part of the record, and the rule that opens it."""

    basis = fields.String(required=True)


class PurposeSchema(CodeSchema):
    """A purpose, and what is usually needed for it."""

    parts = fields.List(fields.String(), required=True)


class ReasonSchema(CodeSchema):
    """A reason; `mendable` ones can be supplemented."""

    mendable = fields.Boolean(required=True)


class CopyTermsSchema(Schema):
    """Prices and times in force."""

    valid_from = fields.Date(required=True)
    waiting_working_days = fields.Integer(required=True)
    review_working_days = fields.Integer(required=True)
    page = Fen(attribute="page_fen", required=True)
    prepay_most = Fen(attribute="prepay_most_fen", required=True)
    postage_province = Fen(attribute="postage_province_fen", required=True)
    postage_other = Fen(attribute="postage_other_fen", required=True)
    postage_flat = Fen(attribute="postage_flat_fen", required=True, allow_none=True)
    home_province = fields.String(required=True)
    payment_hours = fields.Integer(required=True)
    correction_days = fields.Integer(required=True)
    photo_days = fields.Integer(required=True)


class OfficeSchema(Schema):
    """Where the records office is, and when it is open."""

    place = fields.Nested(NamesSchema, required=True)
    hours = fields.Nested(NamesSchema, required=True)


class CatalogueSchema(Schema):
    """What can be asked for and what it costs."""

    terms = fields.Nested(CopyTermsSchema, required=True)
    parts = fields.List(fields.Nested(PartSchema), required=True)
    purposes = fields.List(fields.Nested(PurposeSchema), required=True)
    papers = fields.Dict(keys=fields.String(), values=fields.List(fields.String()), required=True)
    reasons = fields.List(fields.Nested(ReasonSchema), required=True)
    provinces = fields.List(fields.Nested(CodeSchema), required=True)
    consents = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    office = fields.Nested(OfficeSchema, required=True)


class StayShortSchema(Schema):
    """A stay as a person names it."""

    encounter_id = fields.UUID(required=True)
    ward = fields.Nested(NamesSchema, required=True, allow_none=True)
    started_at = _instant(allow_none=True)
    ended_at = _instant(allow_none=True)


class CopyableStaySchema(StayShortSchema):
    """A stay, from which day it can be copied, or the code that says why not."""

    copy_from = fields.Date(required=True, allow_none=True)
    problem = fields.String(required=True, allow_none=True)


class CopyableStaysSchema(Schema):
    """The inpatient stays of a person."""

    items = fields.List(fields.Nested(CopyableStaySchema), required=True)


class PersonSchema(Schema):
    """A person as the records office has them, with numbers masked."""

    id = fields.UUID(required=True)
    mrn = fields.String(required=True)
    name = fields.String(required=True, allow_none=True)
    sex = fields.String(required=True, allow_none=True)
    birth_on = fields.Date(required=True, allow_none=True)
    document_type = fields.String(required=True, allow_none=True)
    document_number_masked = fields.String(required=True, allow_none=True)
    phone_masked = fields.String(required=True, allow_none=True)


class CopyStepSchema(Schema):
    """One thing that happened to a request."""

    number = fields.Integer(required=True)
    act = fields.String(required=True)
    state = fields.String(required=True)
    at = _instant()
    reason = fields.String(required=True, allow_none=True)
    words = fields.String(required=True, allow_none=True)
    papers = fields.List(fields.String(), required=True)
    amount = Fen(attribute="amount_fen", required=True, allow_none=True)


class CopyRequestSchema(Schema):
    """A request in short."""

    id = fields.UUID(required=True)
    number = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(list(CopyState)))
    applicant_kind = fields.String(required=True)
    purpose = fields.String(required=True, allow_none=True)
    parts = fields.List(fields.String(), required=True)
    copies = fields.Integer(required=True)
    delivery = fields.String(required=True, allow_none=True)
    province = fields.String(required=True, allow_none=True)
    copy_from = fields.Date(required=True, allow_none=True)
    started_at = _instant()
    changed_at = _instant()
    submitted_at = _instant(allow_none=True)
    lapsed_at = _instant(allow_none=True)
    paid_at = _instant(allow_none=True)
    review_by = fields.Date(required=True, allow_none=True)
    round = fields.Integer(required=True)
    pages = fields.Integer(required=True, allow_none=True)
    ended_at = _instant(allow_none=True)
    amount = Fen(required=True, allow_none=True)
    final = Fen(required=True, allow_none=True)
    patient = fields.Nested(PersonSchema, required=True)
    applicant = fields.Nested(PersonSchema, required=True, allow_none=True)
    stay = fields.Nested(StayShortSchema, required=True)
    mine = fields.Boolean(required=True)
    said = fields.Nested(CopyStepSchema, required=True, allow_none=True)


class CopyRequestListSchema(Schema):
    """Requests."""

    items = fields.List(fields.Nested(CopyRequestSchema), required=True)


class CopyReviewListSchema(CopyRequestListSchema):
    """What waits for an officer, and how many requests stand where."""

    counts = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)


class CopyPaperSchema(Schema):
    """A photo that is kept; the picture itself is looked at by itself."""

    id = fields.UUID(required=True)
    kind = fields.String(required=True)
    width = fields.Integer(required=True)
    height = fields.Integer(required=True)
    uploaded_at = _instant()


class CopyPictureSchema(Schema):
    """A photo with its watermark: Base64 of a JPEG picture."""

    media_type = fields.String(required=True)
    content = fields.String(required=True)


class CopyPriceSchema(Schema):
    """What is paid beforehand; settled by real pages afterwards."""

    pages_fewest = fields.Integer(required=True)
    pages_most = fields.Integer(required=True)
    copying = Fen(attribute="copying_fen", required=True)
    postage = Fen(attribute="postage_fen", required=True)
    amount = Fen(attribute="amount_fen", required=True)


class MandateSchema(Schema):
    """What the patient has allowed the agent to do."""

    parts = fields.List(fields.String(), required=True)
    purpose = fields.String(required=True)
    valid_until = fields.Date(required=True)
    given_at = fields.String(required=True)
    text_version = fields.Integer(required=True)


class AddressSchema(Schema):
    """Where it is posted to."""

    name = fields.String(required=True)
    phone = fields.String(required=True)
    province = fields.String(required=True)
    city = fields.String(required=True)
    street = fields.String(required=True)


class CopyRequestDetailSchema(CopyRequestSchema):
    """One request with everything about it."""

    mandate = fields.Nested(MandateSchema, required=True, allow_none=True)
    postage = Fen(required=True, allow_none=True)
    page_price = Fen(required=True, allow_none=True)
    address = fields.Nested(AddressSchema, required=True, allow_none=True)
    papers = fields.List(fields.Nested(CopyPaperSchema), required=True)
    papers_missing = fields.List(fields.String(), required=True)
    price = fields.Nested(CopyPriceSchema, required=True, allow_none=True)
    steps = fields.List(fields.Nested(CopyStepSchema), required=True)
    holds = fields.List(fields.String(), required=True)
    decided_by = fields.String(required=True, allow_none=True)
    editable = fields.Boolean(required=True)
    may_withdraw = fields.Boolean(required=True)
    may_object = fields.Boolean(required=True)


class CopyStandsSchema(Schema):
    """What a command on a request answers: where it stands now."""

    id = fields.UUID(required=True)
    number = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(list(CopyState)))
    copy_from = fields.Date(required=True, allow_none=True)
    amount = Fen(attribute="amount_fen", required=True, allow_none=True)


class RecordHoldSchema(Schema):
    """A mark on a stay's record."""

    encounter_id = fields.UUID(required=True)
    kind = fields.String(required=True)
    placed_at = _instant()
    lifted_at = _instant(allow_none=True)
