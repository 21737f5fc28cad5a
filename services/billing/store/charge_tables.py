"""The tables of the price list, of what stays are charged, and of their deposits.

Behind every lock stands a constraint: what is left of a line is never below nothing, a day is charged once, a meal's
charge is entered once, a deposit has one voucher, and a voucher's number is given once.
"""

from __future__ import annotations

import sqlalchemy as sa

from services.billing.domain.charging import EnteredBy, FeeCategory
from services.billing.domain.insurance import CatalogueClass
from services.billing.domain.non_medical import Entry
from services.billing.domain.stay_days import DailyCharge, StayStep
from services.billing.store.tables import choice, metadata
from shared.database import BigId, Exact, UtcDateTime, partial_unique

PRICE_PLACES, QUANTITY_PLACES, RATIO_PLACES = 6, 4, 4

priced_items = sa.Table(
    "priced_items",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("code", sa.String(30), nullable=False, unique=True),
    sa.Column("national_code", sa.String(40), nullable=False),
    sa.Column("name_zh", sa.String(100), nullable=False),
    sa.Column("name_en", sa.String(150), nullable=False),
    sa.Column("pinyin", sa.String(300), nullable=False),
    sa.Column("initials", sa.String(100), nullable=False),
    sa.Column("spec", sa.String(80), nullable=False),
    sa.Column("unit_zh", sa.String(20), nullable=False),
    sa.Column("unit_en", sa.String(30), nullable=False),
    sa.Column("category", choice(FeeCategory, "priced_items_category"), nullable=False, index=True),
    comment="the hospital's price list; what an item costs from when on stands in price_terms",
)

price_terms = sa.Table(
    "price_terms",
    metadata,
    sa.Column("item_id", sa.Uuid, sa.ForeignKey("priced_items.id"), primary_key=True),
    sa.Column("from_on", sa.Date, primary_key=True),
    sa.Column("price", Exact(PRICE_PLACES), nullable=False),
    sa.Column("catalogue_class", choice(CatalogueClass, "price_terms_class"), nullable=False),
    sa.Column("self_pay_ratio", Exact(RATIO_PLACES), nullable=False),
    sa.Column("ceiling", Exact(PRICE_PLACES)),
    sa.Column("set_by", sa.String(80), nullable=False),
    sa.Column("set_at", UtcDateTime, nullable=False),
    sa.CheckConstraint("price > 0", name="price_terms_price"),
    sa.CheckConstraint("self_pay_ratio BETWEEN 0 AND 10000", name="price_terms_ratio"),
    sa.CheckConstraint("ceiling > 0", name="price_terms_ceiling"),
    comment="append-only: the newest terms that have begun hold; yuan in millionths, ratios in ten-thousandths",
)

daily_rates = sa.Table(
    "daily_rates",
    metadata,
    sa.Column("ward_code", sa.String(80), primary_key=True),
    sa.Column("kind", choice(DailyCharge, "daily_rates_kind"), primary_key=True),
    sa.Column("item_id", sa.Uuid, sa.ForeignKey("priced_items.id"), nullable=False),
    comment="which item is charged for each day in a ward; the row without ward code holds for all others",
)

charge_lines = sa.Table(
    "charge_lines",
    metadata,
    sa.Column("position", BigId, primary_key=True, autoincrement=True),
    sa.Column("id", sa.Uuid, nullable=False, unique=True),
    sa.Column("account_id", sa.Uuid, sa.ForeignKey("accounts.id"), nullable=False),
    sa.Column("encounter_id", sa.Uuid, nullable=False),
    sa.Column("patient_id", sa.Uuid, nullable=False),
    sa.Column("item_id", sa.Uuid, sa.ForeignKey("priced_items.id"), nullable=False),
    sa.Column("code", sa.String(30), nullable=False),
    sa.Column("national_code", sa.String(40), nullable=False),
    sa.Column("name_zh", sa.String(100), nullable=False),
    sa.Column("name_en", sa.String(150), nullable=False),
    sa.Column("spec", sa.String(80), nullable=False),
    sa.Column("unit_zh", sa.String(20), nullable=False),
    sa.Column("unit_en", sa.String(30), nullable=False),
    sa.Column("category", choice(FeeCategory, "charge_lines_category"), nullable=False),
    sa.Column("catalogue_class", choice(CatalogueClass, "charge_lines_class"), nullable=False),
    sa.Column("self_pay_ratio", Exact(RATIO_PLACES), nullable=False),
    sa.Column("ceiling", Exact(PRICE_PLACES)),
    sa.Column("price", Exact(PRICE_PLACES), nullable=False),
    sa.Column("quantity", Exact(QUANTITY_PLACES), nullable=False),
    sa.Column("amount_fen", sa.BigInteger, nullable=False),
    sa.Column("charged_on", sa.Date, nullable=False),
    sa.Column("listed_on", sa.Date, nullable=False),
    sa.Column("department_zh", sa.String(200), nullable=False),
    sa.Column("department_en", sa.String(200), nullable=False),
    sa.Column("entered_through", choice(EnteredBy, "charge_lines_entered_through"), nullable=False),
    sa.Column("entered_by", sa.String(80), nullable=False),
    sa.Column("entered_at", UtcDateTime, nullable=False),
    sa.Column("reference", sa.String(80)),
    sa.Column("returns", sa.Uuid, sa.ForeignKey("charge_lines.id"), index=True),
    sa.Column("reason", sa.String(200)),
    sa.CheckConstraint("amount_fen <> 0 AND quantity <> 0", name="charge_lines_something"),
    sa.CheckConstraint("(amount_fen > 0) = (quantity > 0)", name="charge_lines_signs"),
    sa.CheckConstraint("(returns IS NULL) = (quantity > 0)", name="charge_lines_returns"),
    sa.CheckConstraint("(returns IS NULL) = (reason IS NULL)", name="charge_lines_reason"),
    partial_unique("charge_lines_once", "entered_through", "reference", where="reference IS NOT NULL"),
    sa.Index("charge_lines_of_account", "account_id", "listed_on", "position"),
    comment="append-only: a mistake is taken back by a line below nothing that names its original",
)

charge_rests = sa.Table(
    "charge_rests",
    metadata,
    sa.Column("line_id", sa.Uuid, sa.ForeignKey("charge_lines.id"), primary_key=True),
    sa.Column("quantity_left", Exact(QUANTITY_PLACES), nullable=False),
    sa.Column("amount_left_fen", sa.BigInteger, nullable=False),
    sa.CheckConstraint("quantity_left >= 0", name="charge_rests_quantity"),
    sa.CheckConstraint("amount_left_fen >= 0", name="charge_rests_amount"),
    sa.CheckConstraint("(quantity_left = 0) = (amount_left_fen = 0)", name="charge_rests_both"),
    comment="what is left of each original line after its returns",
)

stay_steps = sa.Table(
    "stay_steps",
    metadata,
    sa.Column("encounter_id", sa.Uuid, primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("step", choice(StayStep, "stay_steps_step"), nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("ward_code", sa.String(80), nullable=False),
    sa.Column("ward_zh", sa.String(200), nullable=False),
    sa.Column("ward_en", sa.String(200), nullable=False),
    comment="append-only: every fact of a stay, for the ward of each day",
)

stay_days = sa.Table(
    "stay_days",
    metadata,
    sa.Column("account_id", sa.Uuid, sa.ForeignKey("accounts.id"), primary_key=True),
    sa.Column("kind", choice(DailyCharge, "stay_days_kind"), primary_key=True),
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("item_id", sa.Uuid, sa.ForeignKey("priced_items.id")),
    sa.Column("line_id", sa.Uuid, sa.ForeignKey("charge_lines.id")),
    sa.CheckConstraint("(item_id IS NULL) = (line_id IS NULL)", name="stay_days_line"),
    comment="what each day of a stay is charged: once for a day and kind; empty where it was taken back",
)

non_medical_lines = sa.Table(
    "non_medical_lines",
    metadata,
    sa.Column("position", BigId, primary_key=True, autoincrement=True),
    sa.Column("charge_id", sa.Uuid, nullable=False),
    sa.Column("entry", choice(Entry, "non_medical_lines_entry"), nullable=False),
    sa.Column("encounter_id", sa.Uuid, nullable=False),
    sa.Column("patient_id", sa.Uuid, nullable=False),
    sa.Column("amount_fen", sa.BigInteger, nullable=False),
    sa.Column("text_zh", sa.String(300), nullable=False),
    sa.Column("text_en", sa.String(300), nullable=False),
    sa.Column("charged_on", sa.Date, nullable=False),
    sa.Column("reason", sa.String(80)),
    sa.Column("heard_at", UtcDateTime, nullable=False),
    sa.UniqueConstraint("charge_id", "entry", name="non_medical_lines_once"),
    sa.CheckConstraint("(entry = 'charge') = (amount_fen > 0)", name="non_medical_lines_sign"),
    sa.CheckConstraint("amount_fen <> 0", name="non_medical_lines_something"),
    sa.Index("non_medical_lines_of_stay", "encounter_id", "position"),
    comment="append-only: meals and the like of a stay, which are no medical fees and never on their list",
)

deposits = sa.Table(
    "deposits",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("account_id", sa.Uuid, sa.ForeignKey("accounts.id"), nullable=False, index=True),
    sa.Column("encounter_id", sa.Uuid, nullable=False),
    sa.Column("patient_id", sa.Uuid, nullable=False),
    sa.Column("amount_fen", sa.BigInteger, nullable=False),
    sa.Column("asked_by", sa.String(80), nullable=False),
    sa.Column("asked_at", UtcDateTime, nullable=False),
    sa.Column("lapses_at", UtcDateTime, index=True),
    sa.CheckConstraint("amount_fen > 0", name="deposits_amount"),
    comment="a wish to pay a deposit; its bill is the invoice of kind deposit with this id",
)

deposit_vouchers = sa.Table(
    "deposit_vouchers",
    metadata,
    sa.Column("number", sa.String(24), primary_key=True),
    sa.Column("deposit_id", sa.Uuid, sa.ForeignKey("deposits.id"), nullable=False, unique=True),
    sa.Column("payment_id", sa.Uuid, sa.ForeignKey("payments.id"), nullable=False),
    sa.Column("amount_fen", sa.BigInteger, nullable=False),
    sa.Column("issued_at", UtcDateTime, nullable=False),
    comment="append-only: the receipt of a paid deposit; it is no receipt of a fee",
)

voucher_counts = sa.Table(
    "voucher_counts",
    metadata,
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("last", sa.Integer, nullable=False),
    comment="how many vouchers each hospital day has; the row is the lock",
)

arrears_warnings = sa.Table(
    "arrears_warnings",
    metadata,
    sa.Column("account_id", sa.Uuid, sa.ForeignKey("accounts.id"), primary_key=True),
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("balance_fen", sa.BigInteger, nullable=False),
    sa.Column("threshold_fen", sa.BigInteger, nullable=False),
    sa.Column("warned_at", UtcDateTime, nullable=False),
    comment="append-only: who was warned of a low balance, once a day",
)
