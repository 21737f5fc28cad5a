"""Parcels and the window, as they travel through the HTTP door."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from services.records.domain.shipment import ShipmentState
from shared.schemas import Fen, RequestSchema, text

_STATES = [each.value for each in ShipmentState]


class ShipmentEventSchema(Schema):
    """One thing that the courier says has happened."""

    number = fields.Integer(required=True)
    state = fields.String(required=True, validate=validate.OneOf(_STATES))
    at = fields.AwareDateTime(required=True, format="iso")


class ShipmentSchema(Schema):
    """A parcel. `problem` is for officers: why the courier has not answered, or has refused."""

    id = fields.UUID(required=True)
    number = fields.Integer(required=True)
    state = fields.String(required=True, validate=validate.OneOf(_STATES))
    tracking_number = fields.String(required=True, allow_none=True)
    postage = Fen(attribute="postage_fen", required=True, allow_none=True)
    problem = fields.String(required=True, allow_none=True)
    created_at = fields.AwareDateTime(required=True, format="iso")
    ended_at = fields.AwareDateTime(required=True, format="iso", allow_none=True)
    keep_until = fields.Date(required=True, allow_none=True)
    asks = fields.String(required=True, allow_none=True)
    events = fields.List(fields.Nested(ShipmentEventSchema), required=True)


class TrackingSchema(Schema):
    """Where the copies of a request are. `pickup_code` is for who applies, while copies wait at the window."""

    request_id = fields.UUID(required=True)
    state = fields.String(required=True)
    delivery = fields.String(required=True, allow_none=True)
    waits_at_window = fields.Boolean(required=True)
    pickup_code = fields.String(required=True, allow_none=True)
    items = fields.List(fields.Nested(ShipmentSchema), required=True)


class ShipmentStandsSchema(Schema):
    """A parcel after something was asked of it."""

    id = fields.UUID(required=True)
    request_id = fields.UUID(required=True)
    number = fields.Integer(required=True)
    state = fields.String(required=True, validate=validate.OneOf(_STATES))


class PickupBody(RequestSchema):
    """A pick-up code as it was typed or read out."""

    code = text(20)


class HandOutBody(PickupBody):
    """What was shown at the window: a kind of document."""

    document_shown = text(2, shortest=2)


class PickupSchema(Schema):
    """The request whose copies wait under a code."""

    request_id = fields.UUID(attribute="id", required=True)
    number = fields.String(required=True)
    state = fields.String(required=True)


class CourierAnswerSchema(Schema):
    """A notice was taken, also one that was taken before."""

    accepted = fields.Boolean(required=True)
