"""The replica of patients."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shared.database import create_toolbox

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_toolbox(op.get_bind())
    op.create_table(
        "patients",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("mrn", sa.String(12), nullable=False, index=True),
        sa.Column("sex", sa.String(10)),
        sa.Column("birth_on", sa.Date),
        sa.Column("verified", sa.Boolean, nullable=False),
    )
    op.create_table(
        "merges",
        sa.Column("patient_id", sa.Uuid, sa.ForeignKey("patients.id"), primary_key=True),
        sa.Column("merged_into", sa.Uuid, sa.ForeignKey("patients.id"), nullable=False, index=True),
    )
