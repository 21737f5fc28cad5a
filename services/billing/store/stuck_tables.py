"""The tables of stuck money: who looks after it, and what was tried."""

from __future__ import annotations

import sqlalchemy as sa

from services.billing.domain.stuck import StuckKind
from services.billing.store.tables import choice, metadata
from shared.database import BigId, UtcDateTime

stuck_cases = sa.Table(
    "stuck_cases",
    metadata,
    sa.Column("kind", choice(StuckKind, "stuck_cases_kind"), primary_key=True),
    sa.Column("reference", sa.Uuid, primary_key=True),
    sa.Column("owner", sa.String(80)),
    sa.Column("set_aside_at", UtcDateTime),
    sa.Column("set_aside_by", sa.String(80)),
    sa.Column("reason", sa.String(200)),
    sa.CheckConstraint("(set_aside_at IS NULL) = (reason IS NULL)", name="stuck_cases_set_aside_has_a_reason"),
    comment="who looks after a payment, refund, claim or receipt that did not end, and whether it was set aside",
)

stuck_notes = sa.Table(
    "stuck_notes",
    metadata,
    sa.Column("position", BigId, primary_key=True, autoincrement=True),
    sa.Column("kind", choice(StuckKind, "stuck_notes_kind"), nullable=False),
    sa.Column("reference", sa.Uuid, nullable=False),
    sa.Column("what", sa.String(30), nullable=False),
    sa.Column("outcome", sa.String(30), nullable=False),
    sa.Column("problem", sa.String(200)),
    sa.Column("noted_by", sa.String(80), nullable=False),
    sa.Column("noted_at", UtcDateTime, nullable=False),
    sa.Index("stuck_notes_of", "kind", "reference", "position"),
    comment="append-only: what clock and people tried about something that did not end at once",
)
