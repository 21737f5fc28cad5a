"""Meal orders, their charges, the kitchen's lists and the codes of beds."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shared.database import UtcDateTime, append_only, partial_unique

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

MEALS = ("breakfast", "lunch", "dinner")
STATES = (
    "awaiting_payment",
    "ordered",
    "in_production",
    "plated",
    "delivered",
    "refused",
    "absent",
    "stopped",
    "cancelled",
)
REASONS = ("person", "unpaid", "diet_changed", "allergy", "fasting", "discharged", "settlement")
LIVE = "state NOT IN ('cancelled', 'stopped')"


def upgrade() -> None:
    op.add_column("patients", sa.Column("name_masked", sa.String(80)))
    _create_rules()
    _create_orders()
    _create_order_lines()
    _create_charges()
    _create_production()
    _create_beds_and_settlements()
    for table in ("order_lines", "charges", "charge_reversals", "production_lines"):
        append_only(op.get_bind(), table)


def _choice(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, native_enum=False, create_constraint=True, name=name, length=30)


def _order_indexes() -> list[sa.Index]:
    return [
        partial_unique("orders_one_meal", "encounter_id", "meal_on", "meal", where=f"recipient = 'patient' AND {LIVE}"),
        partial_unique(
            "orders_one_companion",
            "encounter_id",
            "patient_id",
            "meal_on",
            "meal",
            where=f"recipient = 'companion' AND {LIVE}",
        ),
        sa.Index("orders_of_meal", "meal_on", "meal", "state"),
        sa.Index("orders_of_stay", "encounter_id", "meal_on"),
        sa.Index("orders_of_payer", "patient_id", "meal_on"),
        sa.Index(
            "orders_to_expire",
            "pay_until",
            postgresql_where=sa.text("state = 'awaiting_payment'"),
            sqlite_where=sa.text("state = 'awaiting_payment'"),
        ),
    ]


def _create_rules() -> None:
    op.create_table(
        "serving_times",
        sa.Column("meal", _choice("serving_times_meal", *MEALS), primary_key=True),
        sa.Column("days_before", sa.Integer, nullable=False),
        sa.Column("closes", sa.Time, nullable=False),
        sa.Column("begins", sa.Time, nullable=False),
        sa.Column("ends", sa.Time, nullable=False),
        sa.CheckConstraint("begins < ends", name="serving_times_forwards"),
        comment="until when a meal is ordered and when it is served, by the clock on the wall",
    )
    op.create_table(
        "ordering_rules",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("days_ahead", sa.Integer, nullable=False),
        sa.Column("standing_meal", sa.Boolean, nullable=False),
        sa.Column("companion_minutes", sa.Integer, nullable=False),
        sa.Column("keeps_hours", sa.Integer, nullable=False),
        sa.CheckConstraint("id = 1", name="ordering_rules_one_row"),
    )
    op.create_table(
        "sittings",
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("meal", _choice("sittings_meal", *MEALS), primary_key=True),
        sa.Column("closes_at", UtcDateTime, nullable=False),
        sa.Column("begins_at", UtcDateTime, nullable=False),
        sa.Column("ends_at", UtcDateTime, nullable=False),
        sa.Column("frozen_at", UtcDateTime),
        sa.CheckConstraint("begins_at < ends_at", name="sittings_forwards"),
        sa.Index(
            "sittings_to_freeze",
            "closes_at",
            postgresql_where=sa.text("frozen_at IS NULL"),
            sqlite_where=sa.text("frozen_at IS NULL"),
        ),
        comment="one meal of one day: whoever orders shares its row, whoever freezes takes it alone",
    )


def _create_orders() -> None:
    op.create_table(
        "orders",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("recipient", _choice("orders_recipient", "patient", "companion"), nullable=False),
        sa.Column("encounter_id", sa.Uuid, sa.ForeignKey("stays.encounter_id"), nullable=False),
        sa.Column("patient_id", sa.Uuid, nullable=False),
        sa.Column("meal_on", sa.Date, nullable=False),
        sa.Column("meal", _choice("orders_meal", *MEALS), nullable=False),
        sa.Column("chosen", _choice("orders_chosen", "person", "standing", "replacement", "late"), nullable=False),
        sa.Column("state", _choice("orders_state", *STATES), nullable=False),
        sa.Column("amount_fen", sa.BigInteger, nullable=False),
        sa.Column("choice", sa.Integer, nullable=False),
        sa.Column("client_reference", sa.String(80)),
        sa.Column("ordered_by", sa.String(80), nullable=False),
        sa.Column("ordered_at", UtcDateTime, nullable=False),
        sa.Column("charge_id", sa.Uuid, unique=True),
        sa.Column("invoice_id", sa.Uuid),
        sa.Column("pay_until", UtcDateTime),
        sa.Column("paid_at", UtcDateTime),
        sa.Column("refunded_fen", sa.BigInteger, nullable=False),
        sa.Column("diet_zh", sa.String(400)),
        sa.Column("diet_en", sa.String(800)),
        sa.Column("tray_code", sa.String(8), unique=True),
        sa.Column("plated_at", UtcDateTime),
        sa.Column("plated_by", sa.String(80)),
        sa.Column("handed_over_at", UtcDateTime),
        sa.Column("handed_over_by", sa.String(80)),
        sa.Column("ended_at", UtcDateTime),
        sa.Column("end_reason", _choice("orders_end_reason", *REASONS)),
        sa.Column("version", sa.Integer, nullable=False),
        sa.CheckConstraint("amount_fen >= 0", name="orders_amount"),
        sa.CheckConstraint("(ended_at IS NULL) = (end_reason IS NULL)", name="orders_ended"),
        sa.CheckConstraint("recipient = 'patient' OR charge_id IS NULL", name="orders_companions_are_not_charged"),
        sa.ForeignKeyConstraint(["meal_on", "meal"], ["sittings.day", "sittings.meal"], name="orders_sitting"),
        *_order_indexes(),
        comment="one meal for one person; a patient has one that stands for each day and meal",
    )


def _create_order_lines() -> None:
    op.create_table(
        "order_lines",
        sa.Column("order_id", sa.Uuid, sa.ForeignKey("orders.id"), primary_key=True),
        sa.Column("choice", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("dish_id", sa.Uuid, nullable=False),
        sa.Column("name_zh", sa.String(80), nullable=False),
        sa.Column("name_en", sa.String(120), nullable=False),
        sa.Column("portions", sa.Integer, nullable=False),
        sa.Column("price_fen", sa.BigInteger, nullable=False),
        sa.CheckConstraint("portions > 0", name="order_lines_portions"),
        sa.CheckConstraint("price_fen >= 0", name="order_lines_price"),
        comment="append-only: what was chosen first stays beside what was chosen later",
    )


def _create_charges() -> None:
    op.create_table(
        "charges",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("order_id", sa.Uuid, sa.ForeignKey("orders.id"), nullable=False),
        sa.Column("choice", sa.Integer, nullable=False),
        sa.Column("encounter_id", sa.Uuid, nullable=False, index=True),
        sa.Column("amount_fen", sa.BigInteger, nullable=False),
        sa.Column("charged_at", UtcDateTime, nullable=False),
        sa.CheckConstraint("amount_fen > 0", name="charges_amount"),
        sa.UniqueConstraint("order_id", "choice", name="charges_once"),
        comment="append-only: each choice of an order is charged once at most",
    )
    op.create_table(
        "charge_reversals",
        sa.Column("charge_id", sa.Uuid, sa.ForeignKey("charges.id"), primary_key=True),
        sa.Column("reason", sa.String(30), nullable=False),
        sa.Column("reversed_at", UtcDateTime, nullable=False),
        comment="append-only: a charge is taken back once at most, and whole",
    )


def _create_production() -> None:
    op.create_table(
        "production_lines",
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("meal", _choice("production_lines_meal", *MEALS), primary_key=True),
        sa.Column("diet_zh", sa.String(400), primary_key=True),
        sa.Column("dish_id", sa.Uuid, primary_key=True),
        sa.Column("diet_en", sa.String(800), nullable=False),
        sa.Column("name_zh", sa.String(80), nullable=False),
        sa.Column("name_en", sa.String(120), nullable=False),
        sa.Column("portions", sa.Integer, nullable=False),
        sa.CheckConstraint("portions > 0", name="production_lines_portions"),
        sa.ForeignKeyConstraint(["day", "meal"], ["sittings.day", "sittings.meal"], name="production_lines_sitting"),
        comment="append-only: the list as it was frozen; what changes later stands in production_changes",
    )
    op.create_table(
        "production_changes",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("meal", _choice("production_changes_meal", *MEALS), nullable=False),
        sa.Column("kind", _choice("production_changes_kind", "stop", "add", "move"), nullable=False),
        sa.Column("order_id", sa.Uuid, sa.ForeignKey("orders.id"), nullable=False, index=True),
        sa.Column("reason", sa.String(30), nullable=False),
        sa.Column("ward_zh", sa.String(200)),
        sa.Column("ward_en", sa.String(200)),
        sa.Column("bed_label", sa.String(80)),
        sa.Column("noted_at", UtcDateTime, nullable=False),
        sa.Column("seen_at", UtcDateTime),
        sa.Column("seen_by", sa.String(80)),
        sa.Index("production_changes_of_meal", "day", "meal", "noted_at"),
        comment="what the kitchen does differently; ward and bed are where the tray would have gone",
    )


def _create_beds_and_settlements() -> None:
    op.create_table(
        "bed_codes",
        sa.Column("bed_id", sa.Uuid, primary_key=True),
        sa.Column("bed_code", sa.String(24), nullable=False, unique=True),
        sa.Column("ward_id", sa.Uuid, nullable=False, index=True),
        sa.Column("ward_zh", sa.String(200), nullable=False),
        sa.Column("ward_en", sa.String(200), nullable=False),
        sa.Column("bed_label", sa.String(80), nullable=False),
        comment="the unguessable part of the address on each bed's card",
    )
    op.create_table(
        "settlements",
        sa.Column("settlement_id", sa.Uuid, primary_key=True),
        sa.Column("encounter_id", sa.Uuid, nullable=False, index=True),
        sa.Column("opened_at", UtcDateTime),
        sa.Column("withdrawn_at", UtcDateTime),
        comment="bills of stays that are being settled: no meal goes on them while one is opened and not withdrawn",
    )
