"""Orders of other systems as they travel: the HTTP door of the dietitian's page, and the fact that brings them."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from services.meals.domain import ReceivedState
from services.meals.schemas.diets import DietBody
from shared.schemas import EventSchema, NamesSchema, RequestSchema, text

_MOST = 20


class MeaningBody(RequestSchema):
    """What a code that was not understood means: `code` counts them from 0."""

    code = fields.Integer(required=True, strict=True, validate=validate.Range(min=0, max=99))
    means = text(40)


class SettlementBody(DietBody):
    """The diet that a received order means, and what its codes mean from now on."""

    meanings = fields.List(fields.Nested(MeaningBody), load_default=list, validate=validate.Length(max=_MOST))


class ReceivedOrdersQuerySchema(RequestSchema):
    """Which orders that came by message."""

    state = fields.Enum(ReceivedState, by_value=True, load_default=ReceivedState.OPEN)
    limit = fields.Integer(load_default=50, validate=validate.Range(min=1, max=200))


class SentCodeSchema(Schema):
    """A code as another system sent it."""

    kind = fields.String(required=True)
    code = fields.String(required=True)
    text = fields.String(required=True)


class ReceivedOrderSchema(Schema):
    """An order that came by message; `not_understood` are the codes that nobody here knows."""

    id = fields.UUID(required=True)
    encounter_id = fields.UUID(required=True)
    sender = fields.String(required=True)
    placer_number = fields.String(required=True)
    control = fields.String(required=True)
    codes = fields.List(fields.Nested(SentCodeSchema), required=True)
    not_understood = fields.List(fields.Nested(SentCodeSchema), attribute="unknown", required=True)
    text = fields.String(required=True)
    starts_at = fields.AwareDateTime(format="iso", required=True, allow_none=True)
    received_at = fields.AwareDateTime(format="iso", required=True)
    state = fields.Enum(ReceivedState, by_value=True, required=True)
    problem = fields.String(required=True)
    diet_order_id = fields.UUID(required=True, allow_none=True)
    settled_by = fields.String(required=True, allow_none=True)
    settled_at = fields.AwareDateTime(format="iso", required=True, allow_none=True)
    reason = fields.String(required=True)


class UnderstoodSchema(Schema):
    """What an order means as far as it is understood, in codes of the manual."""

    textures = fields.List(fields.String(), required=True)
    restrictions = fields.List(fields.String(), required=True)
    exclusions = fields.List(fields.String(), required=True)


class ShownReceivedOrderSchema(ReceivedOrderSchema):
    """An order that came by message, with whose it is and what of it is understood."""

    understood = fields.Nested(UnderstoodSchema, required=True)
    patient_id = fields.UUID(required=True)
    ward = fields.Nested(NamesSchema, required=True, allow_none=True)
    bed = fields.String(required=True, allow_none=True)


class ReceivedOrdersSchema(Schema):
    """Orders that came by message, the oldest first."""

    items = fields.List(fields.Nested(ShownReceivedOrderSchema), required=True)


class EventCodeSchema(EventSchema):
    """A code of an order, as sent: `kind` is diet, supplement, preference or allergy."""

    kind = fields.String(required=True)
    code = fields.String(required=True)
    text = fields.String(required=True)


class DietOrderReceivedSchema(EventSchema):
    """Of records.diet_order_received.v1."""

    order_id = fields.UUID(required=True)
    encounter_id = fields.UUID(required=True)
    patient_id = fields.UUID(required=True)
    encounter_class = fields.String(required=True)
    sender = fields.String(required=True)
    placer_number = fields.String(required=True)
    control = fields.String(required=True)
    codes = fields.List(fields.Nested(EventCodeSchema), required=True)
    text = fields.String(required=True)
    starts_at = fields.AwareDateTime(required=True, allow_none=True)
