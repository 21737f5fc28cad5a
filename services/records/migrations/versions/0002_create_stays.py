"""Places, stays and what happened in them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shared.database import UtcDateTime, partial_unique

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_locations()
    _create_encounters()
    _create_encounter_steps()


def _create_locations() -> None:
    op.create_table(
        "locations",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("code", sa.String(80), nullable=False),
        sa.Column("name_zh", sa.String(200), nullable=False),
        sa.Column("name_en", sa.String(200), nullable=False),
        sa.Column("part_of", sa.Uuid, sa.ForeignKey("locations.id")),
        sa.Column("campus_id", sa.Uuid, sa.ForeignKey("locations.id")),
        sa.Column("ward_id", sa.Uuid, sa.ForeignKey("locations.id"), index=True),
        sa.Column("as_sent", sa.Boolean, nullable=False),
        sa.Column("opened_at", UtcDateTime, nullable=False),
        sa.CheckConstraint("kind IN ('campus', 'ward', 'room', 'bed')", name="locations_kind"),
        sa.CheckConstraint("(kind = 'campus') = (part_of IS NULL)", name="locations_part_of"),
        sa.UniqueConstraint("part_of", "kind", "code", name="locations_once"),
        partial_unique("locations_one_campus", "code", where="kind = 'campus'"),
    )


def _create_encounters() -> None:
    op.create_table(
        "encounters",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("patient_id", sa.Uuid, sa.ForeignKey("patients.id"), nullable=False, index=True),
        sa.Column("encounter_class", sa.String(4), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("ward_id", sa.Uuid, sa.ForeignKey("locations.id"), index=True),
        sa.Column("bed_id", sa.Uuid, sa.ForeignKey("locations.id")),
        sa.Column("started_at", UtcDateTime),
        sa.Column("ended_at", UtcDateTime),
        sa.Column("visit_system", sa.String(200)),
        sa.Column("visit_number", sa.String(60)),
        sa.Column("version", sa.Integer, nullable=False),
        sa.CheckConstraint("encounter_class IN ('IMP', 'AMB', 'EMER')", name="encounters_class"),
        sa.CheckConstraint("state IN ('in_progress', 'finished', 'cancelled')", name="encounters_state"),
        sa.CheckConstraint("(state = 'finished') = (ended_at IS NOT NULL)", name="encounters_ended"),
        sa.CheckConstraint("bed_id IS NULL OR ward_id IS NOT NULL", name="encounters_bed_in_ward"),
        sa.CheckConstraint("ended_at >= started_at", name="encounters_forwards"),
        partial_unique("encounters_one_in_a_bed", "bed_id", where="state = 'in_progress'"),
        partial_unique(
            "encounters_one_open_stay",
            "patient_id",
            "encounter_class",
            where="state = 'in_progress' AND encounter_class <> 'AMB'",
        ),
        partial_unique("encounters_by_visit", "visit_system", "visit_number", where="visit_number IS NOT NULL"),
    )


def _create_encounter_steps() -> None:
    op.create_table(
        "encounter_steps",
        sa.Column("encounter_id", sa.Uuid, sa.ForeignKey("encounters.id"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("ward_id", sa.Uuid, sa.ForeignKey("locations.id")),
        sa.Column("bed_id", sa.Uuid, sa.ForeignKey("locations.id")),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("recorded_by", sa.String(80), nullable=False),
        sa.Column("recorded_at", UtcDateTime, nullable=False),
        sa.Column("cancelled_by", sa.String(80)),
        sa.Column("cancelled_at", UtcDateTime),
        sa.CheckConstraint("kind IN ('admission', 'transfer', 'discharge')", name="encounter_steps_kind"),
    )
