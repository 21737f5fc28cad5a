"""Tables of meal orders, their charges, the kitchen's lists, the beds' codes. Behind every lock stands a constraint."""

from __future__ import annotations

from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy import orm

from services.meals.domain.meal_times import Meal
from services.meals.domain.orders import ENDED, Chosen, EndReason, Order, OrderState, Recipient
from services.meals.domain.production import ChangeKind
from services.meals.store.wards import metadata
from shared.database import UtcDateTime, partial_unique


def _values(kind: type[StrEnum]) -> list[str]:
    return [each.value for each in kind]


def choice(kind: type[StrEnum], name: str) -> sa.Enum:
    """A column of one of the words of `kind`, checked by the database too."""
    return sa.Enum(kind, native_enum=False, create_constraint=True, name=name, length=30, values_callable=_values)


_LIVE = "state NOT IN ({})".format(", ".join(f"'{state.value}'" for state in sorted(ENDED)))

serving_times = sa.Table(
    "serving_times",
    metadata,
    sa.Column("meal", choice(Meal, "serving_times_meal"), primary_key=True),
    sa.Column("days_before", sa.Integer, nullable=False),
    sa.Column("closes", sa.Time, nullable=False),
    sa.Column("begins", sa.Time, nullable=False),
    sa.Column("ends", sa.Time, nullable=False),
    sa.CheckConstraint("begins < ends", name="serving_times_forwards"),
    comment="until when a meal is ordered and when it is served, by the clock on the wall",
)

ordering_rules = sa.Table(
    "ordering_rules",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("days_ahead", sa.Integer, nullable=False),
    sa.Column("standing_meal", sa.Boolean, nullable=False),
    sa.Column("companion_minutes", sa.Integer, nullable=False),
    sa.Column("keeps_hours", sa.Integer, nullable=False),
    sa.CheckConstraint("id = 1", name="ordering_rules_one_row"),
)

sittings = sa.Table(
    "sittings",
    metadata,
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("meal", choice(Meal, "sittings_meal"), primary_key=True),
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

orders = sa.Table(
    "orders",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("recipient", choice(Recipient, "orders_recipient"), nullable=False),
    sa.Column("encounter_id", sa.Uuid, sa.ForeignKey("stays.encounter_id"), nullable=False),
    sa.Column("patient_id", sa.Uuid, nullable=False),
    sa.Column("meal_on", sa.Date, nullable=False),
    sa.Column("meal", choice(Meal, "orders_meal"), nullable=False),
    sa.Column("chosen", choice(Chosen, "orders_chosen"), nullable=False),
    sa.Column("state", choice(OrderState, "orders_state"), nullable=False),
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
    sa.Column("end_reason", choice(EndReason, "orders_end_reason")),
    sa.Column("version", sa.Integer, nullable=False),
    sa.CheckConstraint("amount_fen >= 0", name="orders_amount"),
    sa.CheckConstraint("(ended_at IS NULL) = (end_reason IS NULL)", name="orders_ended"),
    sa.CheckConstraint("recipient = 'patient' OR charge_id IS NULL", name="orders_companions_are_not_charged"),
    sa.ForeignKeyConstraint(["meal_on", "meal"], ["sittings.day", "sittings.meal"], name="orders_sitting"),
    partial_unique("orders_one_meal", "encounter_id", "meal_on", "meal", where=f"recipient = 'patient' AND {_LIVE}"),
    partial_unique(
        "orders_one_companion",
        "encounter_id",
        "patient_id",
        "meal_on",
        "meal",
        where=f"recipient = 'companion' AND {_LIVE}",
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
    comment="one meal for one person; a patient has one that stands for each day and meal",
)

order_lines = sa.Table(
    "order_lines",
    metadata,
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

charges = sa.Table(
    "charges",
    metadata,
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

charge_reversals = sa.Table(
    "charge_reversals",
    metadata,
    sa.Column("charge_id", sa.Uuid, sa.ForeignKey("charges.id"), primary_key=True),
    sa.Column("reason", sa.String(30), nullable=False),
    sa.Column("reversed_at", UtcDateTime, nullable=False),
    comment="append-only: a charge is taken back once at most, and whole",
)

production_lines = sa.Table(
    "production_lines",
    metadata,
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("meal", choice(Meal, "production_lines_meal"), primary_key=True),
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

production_changes = sa.Table(
    "production_changes",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("meal", choice(Meal, "production_changes_meal"), nullable=False),
    sa.Column("kind", choice(ChangeKind, "production_changes_kind"), nullable=False),
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

bed_codes = sa.Table(
    "bed_codes",
    metadata,
    sa.Column("bed_id", sa.Uuid, primary_key=True),
    sa.Column("bed_code", sa.String(24), nullable=False, unique=True),
    sa.Column("ward_id", sa.Uuid, nullable=False, index=True),
    sa.Column("ward_zh", sa.String(200), nullable=False),
    sa.Column("ward_en", sa.String(200), nullable=False),
    sa.Column("bed_label", sa.String(80), nullable=False),
    comment="the unguessable part of the address on each bed's card",
)

settlements = sa.Table(
    "settlements",
    metadata,
    sa.Column("settlement_id", sa.Uuid, primary_key=True),
    sa.Column("encounter_id", sa.Uuid, nullable=False, index=True),
    sa.Column("opened_at", UtcDateTime),
    sa.Column("withdrawn_at", UtcDateTime),
    comment="bills of stays that are being settled: no meal goes on them while one is opened and not withdrawn",
)

mapping = orm.registry(metadata=metadata)
mapping.map_imperatively(Order, orders, version_id_col=orders.c.version)
