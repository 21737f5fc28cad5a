"""The replica of stays: who lies where."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shared.database import UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "stays",
        sa.Column("encounter_id", sa.Uuid, primary_key=True),
        sa.Column("patient_id", sa.Uuid, nullable=False, index=True),
        sa.Column("encounter_class", sa.String(4), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("campus_code", sa.String(80)),
        sa.Column("ward_id", sa.Uuid, index=True),
        sa.Column("ward_code", sa.String(80)),
        sa.Column("ward_zh", sa.String(200)),
        sa.Column("ward_en", sa.String(200)),
        sa.Column("bed_id", sa.Uuid),
        sa.Column("bed_label", sa.String(80)),
        sa.Column("started_at", UtcDateTime),
        sa.Column("ended_at", UtcDateTime),
        sa.Column("version", sa.Integer, nullable=False),
    )
