"""Diets, fasting and allergies of stays; ingredients, dishes, recipes and menus."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shared.database import Json, UtcDateTime, append_only, partial_unique

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

NUTRIENTS = (
    *("protein", "fat", "carbohydrate", "fibre", "sodium", "potassium"),
    *("phosphorus", "calcium", "iron", "copper", "purine", "cholesterol"),
)
SOURCES = ("doctor", "dietitian", "verbal", "message")
KINDS = ("no_food", "nothing_by_mouth", "for_now")
REASONS = ("surgery", "blood_test", "ultrasound", "endoscopy", "contrast_ct", "bowel", "condition", "other")
ALLERGENS = (
    *("gluten", "crustacean", "fish", "egg", "peanut", "soy", "milk", "nut"),
    *("mollusc", "mango", "beef_mutton", "alcohol", "msg", "broad_bean"),
)
RECEIVED = ("applied", "open", "settled", "dismissed")


def choice(name: str, words: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*words, native_enum=False, create_constraint=True, name=name, length=30)


def upgrade() -> None:
    create_dishes()
    create_menus()
    create_diets()
    create_allergies()
    create_received_orders()


def create_dishes() -> None:
    op.create_table(
        "ingredients",
        sa.Column("code", sa.String(40), primary_key=True),
        sa.Column("zh", sa.String(80), nullable=False),
        sa.Column("en", sa.String(80), nullable=False),
        *(sa.Column(each, sa.Integer, nullable=False) for each in NUTRIENTS),
        sa.Column("allergens", Json, nullable=False),
        sa.Column("traits", Json, nullable=False),
        comment="composition per 100 g edible: milligrams, iron and copper micrograms",
    )
    op.create_table(
        "dishes",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("code", sa.String(40), nullable=False, unique=True),
        sa.Column("zh", sa.String(80), nullable=False),
        sa.Column("en", sa.String(80), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("consistency", sa.String(20), nullable=False),
        sa.Column("preparation", Json, nullable=False),
        sa.Column("price_fen", sa.BigInteger, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.CheckConstraint("price_fen >= 0", name="dishes_price"),
        comment="`version` names the recipe that is cooked",
    )
    op.create_table(
        "recipes",
        sa.Column("dish_id", sa.Uuid, sa.ForeignKey("dishes.id"), primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("changed_by", sa.String(80), nullable=False),
        sa.Column("changed_at", UtcDateTime, nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        comment="append-only: a changed recipe is a new version",
    )
    op.create_table(
        "recipe_parts",
        sa.Column("dish_id", sa.Uuid, primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("ingredient_code", sa.String(40), sa.ForeignKey("ingredients.code"), primary_key=True),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("amount_mg", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(["dish_id", "version"], ["recipes.dish_id", "recipes.version"]),
        sa.CheckConstraint("amount_mg > 0", name="recipe_parts_amount"),
        comment="append-only: grams of a portion, in milligrams",
    )
    append_only(op.get_bind(), "recipes")
    append_only(op.get_bind(), "recipe_parts")


def create_menus() -> None:
    op.create_table(
        "menus",
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("meal", sa.String(12), primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("changed_by", sa.String(80), nullable=False),
        sa.Column("changed_at", UtcDateTime, nullable=False),
        comment="one row for each meal that has a menu: to lock",
    )
    op.create_table(
        "menu_dishes",
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("meal", sa.String(12), primary_key=True),
        sa.Column("dish_id", sa.Uuid, sa.ForeignKey("dishes.id"), primary_key=True),
        sa.Column("position", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(["day", "meal"], ["menus.day", "menus.meal"]),
    )


def create_diets() -> None:
    op.create_table(
        "diet_orders",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("encounter_id", sa.Uuid, sa.ForeignKey("stays.encounter_id"), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("texture", sa.String(30), nullable=False),
        sa.Column("restrictions", Json, nullable=False),
        sa.Column("energy_kcal", sa.Integer),
        sa.Column("exclusions", Json, nullable=False),
        sa.Column("source", choice("diet_orders_source", SOURCES), nullable=False),
        sa.Column("ordered_by", sa.String(80), nullable=False),
        sa.Column("ordered_at", UtcDateTime, nullable=False),
        sa.Column("starts_at", UtcDateTime, nullable=False),
        sa.Column("ends_at", UtcDateTime),
        sa.Column("note", sa.String(300), nullable=False),
        sa.Column("placer_number", sa.String(80), nullable=False),
        sa.CheckConstraint("ends_at >= starts_at", name="diet_orders_end"),
        sa.UniqueConstraint("encounter_id", "version", name="diet_orders_version"),
        partial_unique("diet_orders_one_active", "encounter_id", where="ends_at IS NULL"),
        comment="the diets of a stay, one after the other; rows are never deleted, only their end is written",
    )
    op.create_table(
        "npo_orders",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("encounter_id", sa.Uuid, sa.ForeignKey("stays.encounter_id"), nullable=False, index=True),
        sa.Column("kind", choice("npo_orders_kind", KINDS), nullable=False),
        sa.Column("reason", choice("npo_orders_reason", REASONS), nullable=False),
        sa.Column("from_at", UtcDateTime, nullable=False),
        sa.Column("until_at", UtcDateTime),
        sa.Column("ordered_at", UtcDateTime, nullable=False),
        sa.Column("ordered_by", sa.String(80), nullable=False),
        sa.Column("ended_at", UtcDateTime),
        sa.Column("ended_by", sa.String(80)),
        sa.Column("cancelled", sa.Boolean, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.CheckConstraint("until_at > from_at", name="npo_orders_until"),
    )


def create_allergies() -> None:
    op.create_table(
        "allergies",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("encounter_id", sa.Uuid, sa.ForeignKey("stays.encounter_id"), nullable=False, index=True),
        sa.Column("allergen", choice("allergies_allergen", ALLERGENS), nullable=False),
        sa.Column("reaction", sa.String(200), nullable=False),
        sa.Column("noted_by", sa.String(80), nullable=False),
        sa.Column("noted_at", UtcDateTime, nullable=False),
        sa.Column("ended_by", sa.String(80)),
        sa.Column("ended_at", UtcDateTime),
        sa.Column("end_reason", sa.String(200), nullable=False),
        partial_unique("allergies_once", "encounter_id", "allergen", where="ended_at IS NULL"),
    )


def create_received_orders() -> None:
    op.create_table(
        "received_orders",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("encounter_id", sa.Uuid, nullable=False, index=True),
        sa.Column("sender", sa.String(200), nullable=False),
        sa.Column("placer_number", sa.String(80), nullable=False),
        sa.Column("control", sa.String(10), nullable=False),
        sa.Column("codes", Json, nullable=False),
        sa.Column("text", sa.String(1000), nullable=False),
        sa.Column("starts_at", UtcDateTime),
        sa.Column("received_at", UtcDateTime, nullable=False),
        sa.Column("state", choice("received_orders_state", RECEIVED), nullable=False),
        sa.Column("unknown", Json, nullable=False),
        sa.Column("problem", sa.String(80), nullable=False),
        sa.Column("diet_order_id", sa.Uuid, sa.ForeignKey("diet_orders.id")),
        sa.Column("settled_by", sa.String(80)),
        sa.Column("settled_at", UtcDateTime),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Index("received_orders_open", "state", "received_at"),
        comment="orders of other systems as they came; what nobody understands waits for the dietitian",
    )
    op.create_table(
        "diet_terms",
        sa.Column("sender", sa.String(200), primary_key=True),
        sa.Column("term", sa.String(200), primary_key=True),
        sa.Column("means", sa.String(40), nullable=False),
        sa.Column("taught_by", sa.String(80), nullable=False),
        sa.Column("taught_at", UtcDateTime, nullable=False),
        comment="what a sender's own codes mean here, as the dietitian has said",
    )
