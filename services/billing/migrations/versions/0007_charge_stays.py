"""Price list, charges of stays, non-medical ledger, deposits and warnings of low balances."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shared.database import BigId, Exact, UtcDateTime, append_only, partial_unique

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

CATEGORIES = tuple(f"{number:02d}" for number in range(1, 15))
CLASSES = ("01", "02", "03")
STEPS = (
    *("admitted", "transferred", "discharged"),
    *("admission_cancelled", "transfer_cancelled", "discharge_cancelled"),
)
APPEND_ONLY = ("price_terms", "charge_lines", "stay_steps", "non_medical_lines", "deposit_vouchers", "arrears_warnings")


def upgrade() -> None:
    _extend_accounts()
    _create_price_list()
    _create_charge_lines()
    _create_stay_days()
    _create_non_medical_ledger()
    _create_deposits()
    for table in APPEND_ONLY:
        append_only(op.get_bind(), table)


def _words(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, native_enum=False, create_constraint=True, name=name, length=30)


def _extend_accounts() -> None:
    for column in (
        sa.Column("ward_id", sa.Uuid),
        sa.Column("ward_zh", sa.String(200), nullable=False, server_default=""),
        sa.Column("ward_en", sa.String(200), nullable=False, server_default=""),
        sa.Column("days_charged_to", sa.Date),
        sa.Column("days_charged_version", sa.Integer, nullable=False, server_default="0"),
        sa.Column("balance_looked_at_on", sa.Date),
    ):
        op.add_column("accounts", column)
    op.create_index("ix_accounts_ward_id", "accounts", ["ward_id"])


def _create_price_list() -> None:
    op.create_table(
        "priced_items",
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
        sa.Column("category", _words("priced_items_category", *CATEGORIES), nullable=False, index=True),
        comment="the hospital's price list; what an item costs from when on stands in price_terms",
    )
    op.create_table(
        "price_terms",
        sa.Column("item_id", sa.Uuid, sa.ForeignKey("priced_items.id"), primary_key=True),
        sa.Column("from_on", sa.Date, primary_key=True),
        sa.Column("price", Exact(6), nullable=False),
        sa.Column("catalogue_class", _words("price_terms_class", *CLASSES), nullable=False),
        sa.Column("self_pay_ratio", Exact(4), nullable=False),
        sa.Column("ceiling", Exact(6)),
        sa.Column("set_by", sa.String(80), nullable=False),
        sa.Column("set_at", UtcDateTime, nullable=False),
        sa.CheckConstraint("price > 0", name="price_terms_price"),
        sa.CheckConstraint("self_pay_ratio BETWEEN 0 AND 10000", name="price_terms_ratio"),
        sa.CheckConstraint("ceiling > 0", name="price_terms_ceiling"),
        comment="append-only: the newest terms that have begun hold; yuan in millionths, ratios in ten-thousandths",
    )
    op.create_table(
        "daily_rates",
        sa.Column("ward_code", sa.String(80), primary_key=True),
        sa.Column("kind", _words("daily_rates_kind", "bed", "nursing"), primary_key=True),
        sa.Column("item_id", sa.Uuid, sa.ForeignKey("priced_items.id"), nullable=False),
        comment="which item is charged for each day in a ward; the row without ward code holds for all others",
    )


def _create_charge_lines() -> None:
    op.create_table(
        "charge_lines",
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
        sa.Column("category", _words("charge_lines_category", *CATEGORIES), nullable=False),
        sa.Column("catalogue_class", _words("charge_lines_class", *CLASSES), nullable=False),
        sa.Column("self_pay_ratio", Exact(4), nullable=False),
        sa.Column("ceiling", Exact(6)),
        sa.Column("price", Exact(6), nullable=False),
        sa.Column("quantity", Exact(4), nullable=False),
        sa.Column("amount_fen", sa.BigInteger, nullable=False),
        sa.Column("charged_on", sa.Date, nullable=False),
        sa.Column("listed_on", sa.Date, nullable=False),
        sa.Column("department_zh", sa.String(200), nullable=False),
        sa.Column("department_en", sa.String(200), nullable=False),
        sa.Column("entered_through", _words("charge_lines_entered_through", "ward", "file", "clock"), nullable=False),
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
    _create_charge_rests()


def _create_charge_rests() -> None:
    op.create_table(
        "charge_rests",
        sa.Column("line_id", sa.Uuid, sa.ForeignKey("charge_lines.id"), primary_key=True),
        sa.Column("quantity_left", Exact(4), nullable=False),
        sa.Column("amount_left_fen", sa.BigInteger, nullable=False),
        sa.CheckConstraint("quantity_left >= 0", name="charge_rests_quantity"),
        sa.CheckConstraint("amount_left_fen >= 0", name="charge_rests_amount"),
        sa.CheckConstraint("(quantity_left = 0) = (amount_left_fen = 0)", name="charge_rests_both"),
        comment="what is left of each original line after its returns",
    )


def _create_stay_days() -> None:
    op.create_table(
        "stay_steps",
        sa.Column("encounter_id", sa.Uuid, primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("step", _words("stay_steps_step", *STEPS), nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("ward_code", sa.String(80), nullable=False),
        sa.Column("ward_zh", sa.String(200), nullable=False),
        sa.Column("ward_en", sa.String(200), nullable=False),
        comment="append-only: every fact of a stay, for the ward of each day",
    )
    op.create_table(
        "stay_days",
        sa.Column("account_id", sa.Uuid, sa.ForeignKey("accounts.id"), primary_key=True),
        sa.Column("kind", _words("stay_days_kind", "bed", "nursing"), primary_key=True),
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("item_id", sa.Uuid, sa.ForeignKey("priced_items.id")),
        sa.Column("line_id", sa.Uuid, sa.ForeignKey("charge_lines.id")),
        sa.CheckConstraint("(item_id IS NULL) = (line_id IS NULL)", name="stay_days_line"),
        comment="what each day of a stay is charged: once for a day and kind; empty where it was taken back",
    )


def _create_non_medical_ledger() -> None:
    op.create_table(
        "non_medical_lines",
        sa.Column("position", BigId, primary_key=True, autoincrement=True),
        sa.Column("charge_id", sa.Uuid, nullable=False),
        sa.Column("entry", _words("non_medical_lines_entry", "charge", "reversal"), nullable=False),
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


def _create_deposits() -> None:
    op.create_table(
        "deposits",
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
    op.create_table(
        "deposit_vouchers",
        sa.Column("number", sa.String(24), primary_key=True),
        sa.Column("deposit_id", sa.Uuid, sa.ForeignKey("deposits.id"), nullable=False, unique=True),
        sa.Column("payment_id", sa.Uuid, sa.ForeignKey("payments.id"), nullable=False),
        sa.Column("amount_fen", sa.BigInteger, nullable=False),
        sa.Column("issued_at", UtcDateTime, nullable=False),
        comment="append-only: the receipt of a paid deposit; it is no receipt of a fee",
    )
    op.create_table(
        "voucher_counts",
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("last", sa.Integer, nullable=False),
        comment="how many vouchers each hospital day has; the row is the lock",
    )
    op.create_table(
        "arrears_warnings",
        sa.Column("account_id", sa.Uuid, sa.ForeignKey("accounts.id"), primary_key=True),
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("balance_fen", sa.BigInteger, nullable=False),
        sa.Column("threshold_fen", sa.BigInteger, nullable=False),
        sa.Column("warned_at", UtcDateTime, nullable=False),
        comment="append-only: who was warned of a low balance, once a day",
    )
