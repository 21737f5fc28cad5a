"""Accounts of inpatient stays."""

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
        "accounts",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("encounter_id", sa.Uuid, nullable=False, unique=True),
        sa.Column("patient_id", sa.Uuid, nullable=False),
        sa.Column(
            "state",
            sa.Enum("open", "closed", native_enum=False, create_constraint=True, name="accounts_state", length=30),
            nullable=False,
        ),
        sa.Column("opened_at", UtcDateTime),
        sa.Column("closed_at", UtcDateTime),
        sa.Column("stay_version", sa.Integer, nullable=False),
        sa.Column("heard_at", UtcDateTime, nullable=False),
        sa.CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="accounts_closed"),
        sa.Index("accounts_of_patient", "patient_id", "heard_at"),
        comment="one row for each inpatient stay; the newest version of the stay counts",
    )
