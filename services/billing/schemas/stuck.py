"""What goes in and out over HTTP about money that did not end."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from services.billing.domain import Channel
from services.billing.domain.stuck import StuckKind, WayOut
from shared.schemas import Fen, RequestSchema


class StuckQuerySchema(RequestSchema):
    """Which of them."""

    limit = fields.Integer(load_default=100, validate=validate.Range(min=1, max=500))
    kind = fields.Enum(StuckKind, by_value=True)
    set_aside = fields.Boolean(load_default=False)


class StuckSchema(Schema):
    """Something that did not end. `what` is what it is for, `ways` is what a person can do, `owner` looks after it."""

    kind = fields.Enum(StuckKind, by_value=True, required=True)
    reference = fields.UUID(required=True)
    what = fields.String(required=True)
    number = fields.String(required=True, allow_none=True)
    state = fields.String(required=True)
    channel = fields.Enum(Channel, by_value=True, required=True, allow_none=True)
    amount = Fen(attribute="amount_fen", required=True)
    problem = fields.String(required=True, allow_none=True)
    patient_id = fields.UUID(required=True)
    since = fields.AwareDateTime(required=True)
    tries = fields.Integer(required=True)
    next_try_at = fields.AwareDateTime(required=True, allow_none=True)
    ways = fields.List(fields.Enum(WayOut, by_value=True), required=True)
    owner = fields.String(required=True, allow_none=True)
    set_aside_at = fields.AwareDateTime(required=True, allow_none=True)
    set_aside_by = fields.String(required=True, allow_none=True)
    reason = fields.String(required=True, allow_none=True)


class StuckNoteSchema(Schema):
    """One attempt, of the clock or of a person."""

    what = fields.String(required=True)
    outcome = fields.String(required=True)
    problem = fields.String(required=True, allow_none=True)
    noted_by = fields.String(required=True)
    noted_at = fields.AwareDateTime(required=True)


class StuckDetailSchema(StuckSchema):
    """One of them with everything that was tried, the newest first."""

    history = fields.List(fields.Nested(StuckNoteSchema), required=True)


class StuckListSchema(Schema):
    """What is stuck, with the number of each kind, and how many were set aside."""

    items = fields.List(fields.Nested(StuckSchema), required=True)
    counts = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    set_aside = fields.Integer(required=True)


class StuckActSchema(Schema):
    """What was done something about."""

    kind = fields.Enum(StuckKind, by_value=True, required=True)
    reference = fields.UUID(required=True)
