"""Receipts numbered without gaps, and who looks after money that did not end."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shared.database import BigId, Json, UtcDateTime, append_only

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

STUCK = ("payment", "refund", "claim", "receipt")


def upgrade() -> None:
    _create_receipts()
    _create_receipt_requests()
    _create_stuck()
    for table in ("receipts", "stuck_notes"):
        append_only(op.get_bind(), table)


def _words(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, native_enum=False, create_constraint=True, name=name, length=30)


def _create_receipts() -> None:
    op.create_table(
        "receipt_series",
        sa.Column("code", sa.String(8), primary_key=True),
        sa.Column("last_number", BigId, nullable=False),
        sa.CheckConstraint("last_number BETWEEN 0 AND 9999999999", name="receipt_series_ten_digits"),
        comment="one row for each kind and year: locked while a number is given, in the transaction of the receipt",
    )
    op.create_table(
        "receipts",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("kind", _words("receipts_kind", "medical", "income"), nullable=False),
        sa.Column("code", sa.String(8), nullable=False),
        sa.Column("number", BigId, nullable=False),
        sa.Column("previous", BigId),
        sa.Column("check_code", sa.String(6), nullable=False),
        sa.Column("subject_id", sa.Uuid, nullable=False),
        sa.Column("encounter_id", sa.Uuid, nullable=False, index=True),
        sa.Column("patient_id", sa.Uuid, nullable=False),
        sa.Column("total_fen", sa.BigInteger, nullable=False),
        sa.Column("content", Json, nullable=False),
        sa.Column("red_of", sa.Uuid, sa.ForeignKey("receipts.id"), unique=True),
        sa.Column("replaces", sa.Uuid, sa.ForeignKey("receipts.id"), unique=True),
        sa.Column("reason", sa.String(200)),
        sa.Column("issued_by", sa.String(80), nullable=False),
        sa.Column("issued_at", UtcDateTime, nullable=False),
        sa.UniqueConstraint("code", "number", name="receipts_number"),
        sa.ForeignKeyConstraint(["code", "previous"], ["receipts.code", "receipts.number"], name="receipts_no_gap"),
        sa.CheckConstraint(
            "number > 0 AND COALESCE(previous, 0) = number - 1 AND (number = 1) = (previous IS NULL)",
            name="receipts_previous",
        ),
        sa.CheckConstraint("(red_of IS NULL) = (reason IS NULL)", name="receipts_red_has_a_reason"),
        sa.CheckConstraint("(total_fen >= 0) = (red_of IS NULL) OR total_fen = 0", name="receipts_red_is_negative"),
        sa.Index("receipts_of_patient", "patient_id", "issued_at"),
        sa.Index("receipts_of_subject", "subject_id", "kind"),
        comment="append-only: blue and red receipts; a correction is a red one, a number is never used again",
    )


def _create_receipt_requests() -> None:
    op.create_table(
        "receipt_requests",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("kind", _words("receipt_requests_kind", "medical", "income"), nullable=False),
        sa.Column("subject_id", sa.Uuid, nullable=False),
        sa.Column("encounter_id", sa.Uuid, nullable=False, index=True),
        sa.Column("patient_id", sa.Uuid, nullable=False),
        sa.Column("content", Json, nullable=False),
        sa.Column("requested_by", sa.String(80), nullable=False),
        sa.Column("requested_at", UtcDateTime, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("next_try_at", UtcDateTime, index=True),
        sa.Column("receipt_id", sa.Uuid, sa.ForeignKey("receipts.id"), unique=True),
        sa.UniqueConstraint("kind", "subject_id", name="receipt_requests_once"),
        comment="receipts to be issued: a receipt that fails is tried again and never holds up a discharge",
    )


def _create_stuck() -> None:
    op.create_table(
        "stuck_cases",
        sa.Column("kind", _words("stuck_cases_kind", *STUCK), primary_key=True),
        sa.Column("reference", sa.Uuid, primary_key=True),
        sa.Column("owner", sa.String(80)),
        sa.Column("set_aside_at", UtcDateTime),
        sa.Column("set_aside_by", sa.String(80)),
        sa.Column("reason", sa.String(200)),
        sa.CheckConstraint("(set_aside_at IS NULL) = (reason IS NULL)", name="stuck_cases_set_aside_has_a_reason"),
        comment="who looks after a payment, refund, claim or receipt that did not end, and whether it was set aside",
    )
    op.create_table(
        "stuck_notes",
        sa.Column("position", BigId, primary_key=True, autoincrement=True),
        sa.Column("kind", _words("stuck_notes_kind", *STUCK), nullable=False),
        sa.Column("reference", sa.Uuid, nullable=False),
        sa.Column("what", sa.String(30), nullable=False),
        sa.Column("outcome", sa.String(30), nullable=False),
        sa.Column("problem", sa.String(200)),
        sa.Column("noted_by", sa.String(80), nullable=False),
        sa.Column("noted_at", UtcDateTime, nullable=False),
        sa.Index("stuck_notes_of", "kind", "reference", "position"),
        comment="append-only: what clock and people tried about something that did not end at once",
    )
