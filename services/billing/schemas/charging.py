"""The price list and the charges of a stay over HTTP."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from services.billing.domain.charging import EnteredBy, FeeCategory
from services.billing.domain.insurance import CatalogueClass
from services.billing.schemas.numbers import PRICE, QUANTITY, RATIO, Exact
from shared.schemas import Fen, NamesSchema, RequestSchema, text

MOST_LINES = 200
LONGEST_FILE = 900_000


class PriceListQuerySchema(RequestSchema):
    """What somebody types to find an item: Chinese, English, pinyin, initials or code."""

    search = fields.String(load_default="", validate=validate.Length(max=60))
    limit = fields.Integer(load_default=30, validate=validate.Range(min=1, max=400))


class PriceSchema(Schema):
    """What an item costs from a day on (yuan), and how the insurance catalogue treats it (01 甲, 02 乙, 03 丙)."""

    from_on = fields.Date(required=True)
    price = Exact(required=True)
    catalogue_class = fields.Enum(CatalogueClass, by_value=True, required=True)
    self_pay_ratio = Exact(required=True)
    ceiling = Exact(required=True, allow_none=True)


class PricedItemSchema(Schema):
    """An item of the price list; `terms` are those of today, null before the first begin."""

    id = fields.UUID(required=True)
    code = fields.String(required=True)
    national_code = fields.String(required=True)
    name = fields.Nested(NamesSchema, required=True)
    spec = fields.String(required=True)
    unit = fields.Nested(NamesSchema, required=True)
    category = fields.Enum(FeeCategory, by_value=True, required=True)
    terms = fields.Nested(PriceSchema, required=True, allow_none=True)


class PriceListSchema(Schema):
    """Items that match."""

    items = fields.List(fields.Nested(PricedItemSchema), required=True)


class NewPriceSchema(RequestSchema):
    """New terms of an item from a day on."""

    from_on = fields.Date(required=True)
    price = Exact(PRICE, required=True)
    catalogue_class = fields.Enum(CatalogueClass, by_value=True, required=True)
    self_pay_ratio = Exact(RATIO, required=True)
    ceiling = Exact(PRICE, load_default=None, allow_none=True)


class WantedLineSchema(RequestSchema):
    """One line to be charged; without `charged_on` of today."""

    item_id = fields.UUID(required=True)
    quantity = Exact(QUANTITY, required=True)
    charged_on = fields.Date()


class ChargesRequestSchema(RequestSchema):
    """Lines to be charged, all or none."""

    lines = fields.List(fields.Nested(WantedLineSchema), required=True, validate=validate.Length(min=1, max=MOST_LINES))


class ReturnRequestSchema(RequestSchema):
    """How much of a line goes back, and why; without `quantity` all that is left."""

    quantity = Exact(QUANTITY)
    reason = text(200)


class ChargeLineSchema(Schema):
    """A line of a stay. A return is below 0 and names its original; only originals have a `quantity_left`."""

    id = fields.UUID(required=True)
    encounter_id = fields.UUID(required=True)
    patient_id = fields.UUID(required=True)
    item_id = fields.UUID(required=True)
    code = fields.String(required=True)
    name = fields.Nested(NamesSchema, required=True)
    spec = fields.String(required=True)
    unit = fields.Nested(NamesSchema, required=True)
    category = fields.Enum(FeeCategory, by_value=True, required=True)
    catalogue_class = fields.Enum(CatalogueClass, by_value=True, required=True)
    self_pay_ratio = Exact(required=True)
    ceiling = Exact(required=True, allow_none=True)
    price = Exact(required=True)
    quantity = Exact(required=True)
    amount = Fen(attribute="amount_fen", required=True)
    charged_on = fields.Date(required=True)
    listed_on = fields.Date(required=True)
    department = fields.Nested(NamesSchema, required=True)
    entered_through = fields.Enum(EnteredBy, by_value=True, required=True)
    entered_at = fields.AwareDateTime(required=True)
    returns = fields.UUID(required=True, allow_none=True)
    reason = fields.String(required=True, allow_none=True)
    quantity_left = Exact(required=True, allow_none=True)


class ChargeLinesSchema(Schema):
    """Lines, the newest first."""

    items = fields.List(fields.Nested(ChargeLineSchema), required=True)


class ChargesQuerySchema(RequestSchema):
    """Which lines; `after` is the id of the last line of the page before."""

    limit = fields.Integer(load_default=50, validate=validate.Range(min=1, max=200))
    after = fields.UUID()


class ChargeFileSchema(RequestSchema):
    """A CSV file: reference,encounter_id,item_code,quantity,charged_on with a heading."""

    text = text(LONGEST_FILE)


class BadLineSchema(Schema):
    """A line of a file that was not taken; the heading is line 1."""

    number = fields.Integer(required=True)
    code = fields.String(required=True)
    reason = fields.Nested(NamesSchema, required=True)


class ChargeFileReportSchema(Schema):
    """What became of a file: lines read, entered, known from before, and those that were not taken."""

    read = fields.Integer(required=True)
    entered = fields.Integer(required=True)
    repeated = fields.Integer(required=True)
    bad = fields.List(fields.Nested(BadLineSchema), required=True)
