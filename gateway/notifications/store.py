"""The tables of the inbox and of the time line."""

from __future__ import annotations

import sqlalchemy as sa

from gateway.database import metadata
from shared.database import BigId, Json, UtcDateTime

notifications = sa.Table(
    "notifications",
    metadata,
    sa.Column("position", BigId, primary_key=True, autoincrement=True),
    sa.Column("id", sa.Uuid, nullable=False, unique=True),
    sa.Column("account_id", sa.Uuid, nullable=False),
    sa.Column("patient_id", sa.Uuid, nullable=False),
    sa.Column("kind", sa.String(40), nullable=False),
    sa.Column("about", sa.Uuid, nullable=False),
    sa.Column("parameters", Json, nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("read_at", UtcDateTime),
    sa.UniqueConstraint("account_id", "kind", "about", name="notifications_once"),
    sa.Index("notifications_of_account", "account_id", "position"),
    sa.Index(
        "notifications_unread",
        "account_id",
        postgresql_where=sa.text("read_at IS NULL"),
        sqlite_where=sa.text("read_at IS NULL"),
    ),
)
"""`position` counts up, so that a reader can ask for what is newer than what it has seen."""

happenings = sa.Table(
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
"""A patient's time line, whether or not somebody acts for them: who is linked later sees what was before."""
