"""What happened to a patient, as people read it: the time line."""

import sqlalchemy as sa
from alembic import op

from shared.database import BigId, Json, UtcDateTime

revision = "0003_create_happenings"
down_revision = "0002_create_notifications"


def upgrade() -> None:
    metadata = sa.MetaData()
    sa.Table(
        "happenings",
        metadata,
        sa.Column("position", BigId, primary_key=True, autoincrement=True),
        sa.Column("id", sa.Uuid, nullable=False, unique=True),
        sa.Column("patient_id", sa.Uuid, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("about", sa.Uuid, nullable=False),
        sa.Column("parameters", Json, nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.UniqueConstraint("patient_id", "kind", "about", name="happenings_once"),
        sa.Index("happenings_of_patient", "patient_id", "at", "position"),
    )
    metadata.create_all(op.get_bind())
