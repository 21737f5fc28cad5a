"""Packets, their check page and the registry of disclosures, as they travel through the HTTP door."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from shared.schemas import NamesSchema

PACKET_STATES = ("making", "failed", "made", "forgotten")


class PacketSchema(Schema):
    """How far a packet is. `code` and `error` are for officers."""

    request_id = fields.UUID(required=True)
    patient_id = fields.UUID(required=True)
    state = fields.String(required=True, validate=validate.OneOf(PACKET_STATES))
    done = fields.Integer(required=True)
    total = fields.Integer(required=True, allow_none=True)
    pages = fields.Integer(required=True, allow_none=True)
    size = fields.Integer(required=True, allow_none=True)
    fingerprint = fields.String(required=True, allow_none=True)
    code = fields.String(required=True, allow_none=True)
    error = fields.String(required=True, allow_none=True)
    started_at = fields.AwareDateTime(required=True, format="iso")
    made_at = fields.AwareDateTime(required=True, format="iso", allow_none=True)


class PacketStandsSchema(Schema):
    """A packet after something was asked of it."""

    request_id = fields.UUID(required=True)


class PacketPrintSchema(Schema):
    """The packet itself, in base 64."""

    media_type = fields.String(required=True)
    content = fields.String(required=True)


class PacketCheckSchema(Schema):
    """What anybody may know of a packet whose code they bring."""

    hospital = fields.Nested(NamesSchema, required=True)
    made_on = fields.Date(required=True)
    pages = fields.Integer(required=True)
    size = fields.Integer(required=True)
    fingerprint = fields.String(required=True)
    name_masked = fields.String(required=True)


class DisclosureSchema(Schema):
    """One thing that left the hospital. `by` is the kind of who did it: staff or system."""

    position = fields.Integer(required=True)
    at = fields.AwareDateTime(required=True, format="iso")
    act = fields.String(required=True)
    request_id = fields.UUID(required=True)
    request_number = fields.String(required=True)
    encounter_id = fields.UUID(required=True)
    receiver = fields.String(required=True)
    receiver_masked = fields.String(required=True)
    parts = fields.List(fields.String(), required=True)
    copies = fields.Integer(required=True)
    pages = fields.Integer(required=True)
    purpose = fields.String(required=True)
    by = fields.String(required=True)
    document_shown = fields.String(required=True, allow_none=True)
    tracking_number = fields.String(required=True, allow_none=True)


class DisclosureListSchema(Schema):
    """A person's registry."""

    patient_id = fields.UUID(required=True)
    items = fields.List(fields.Nested(DisclosureSchema), required=True)
