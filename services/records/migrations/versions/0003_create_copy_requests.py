"""Requests for copies of records: terms, requests with their steps and decisions, photos and looks at them, holds."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from shared.database import BigId, Json, UtcDateTime, append_only, partial_unique

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_copy_terms()
    _create_copy_requests()
    _create_copy_steps()
    _create_copy_decisions()
    _create_copy_papers()
    _create_copy_paper_views()
    _create_record_holds()
    for table in ("copy_terms", "copy_steps", "copy_decisions", "copy_paper_views"):
        append_only(op.get_bind(), table)


def _create_copy_terms() -> None:
    op.create_table(
        "copy_terms",
        sa.Column("position", BigId, primary_key=True, autoincrement=True),
        sa.Column("valid_from", sa.Date, nullable=False),
        sa.Column("terms", Json, nullable=False),
        sa.Column("set_by", sa.String(80), nullable=False),
        sa.Column("set_at", UtcDateTime, nullable=False),
    )


def _columns_of_requests() -> list[sa.Column[Any]]:
    return [
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("number", sa.String(12), nullable=False, unique=True),
        sa.Column("encounter_id", sa.Uuid, sa.ForeignKey("encounters.id"), nullable=False, index=True),
        sa.Column("patient_id", sa.Uuid, sa.ForeignKey("patients.id"), nullable=False, index=True),
        sa.Column("applicant_kind", sa.String(10), nullable=False),
        sa.Column("applicant_id", sa.Uuid, sa.ForeignKey("patients.id"), index=True),
        sa.Column("started_by", sa.String(80), nullable=False),
        sa.Column("started_at", UtcDateTime, nullable=False),
        sa.Column("changed_at", UtcDateTime, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("purpose", sa.String(30)),
        sa.Column("parts", Json, nullable=False),
        sa.Column("parts_key", sa.String(300)),
        sa.Column("copies", sa.Integer, nullable=False),
        sa.Column("delivery", sa.String(10)),
        sa.Column("province", sa.String(2)),
        sa.Column("sealed", sa.LargeBinary),
        sa.Column("mandate", Json),
        sa.Column("consents", Json),
        sa.Column("copy_from", sa.Date),
        sa.Column("terms_from", sa.Date),
        sa.Column("page_fen", sa.Integer),
        sa.Column("postage_fen", sa.Integer),
        sa.Column("amount_fen", sa.Integer),
        sa.Column("submitted_at", UtcDateTime),
        sa.Column("lapsed_at", UtcDateTime),
        sa.Column("paid_at", UtcDateTime),
        sa.Column("review_by", sa.Date),
        sa.Column("round", sa.Integer, nullable=False),
        sa.Column("decided_by", sa.String(80)),
        sa.Column("pages", sa.Integer),
        sa.Column("final_fen", sa.Integer),
        sa.Column("packet_started_at", UtcDateTime),
        sa.Column("ended_at", UtcDateTime),
        sa.Column("photos_until", UtcDateTime, index=True),
        sa.Column("version", sa.Integer, nullable=False),
    ]


def _create_copy_requests() -> None:
    op.create_table(
        "copy_requests",
        *_columns_of_requests(),
        sa.CheckConstraint(
            "state IN ('draft', 'awaiting_payment', 'in_review', 'correction_asked', 'approved', 'awaiting_top_up', "
            "'ready', 'sent', 'returned', 'delivered', 'picked_up', 'refused', 'withdrawn', 'expired')",
            name="copy_requests_state",
        ),
        sa.CheckConstraint("applicant_kind IN ('patient', 'agent')", name="copy_requests_applicant"),
        sa.CheckConstraint("copies BETWEEN 1 AND 5", name="copy_requests_copies"),
        sa.CheckConstraint("state = 'draft' OR state = 'withdrawn' OR amount_fen > 0", name="copy_requests_priced"),
        partial_unique(
            "copy_requests_once",
            "encounter_id",
            "parts_key",
            where="state IN ('approved', 'awaiting_payment', 'awaiting_top_up', 'correction_asked', 'in_review', "
            "'ready', 'returned', 'sent')",
        ),
        partial_unique(
            "copy_requests_one_draft", "encounter_id", "started_by", "applicant_kind", where="state = 'draft'"
        ),
        sa.Index("copy_requests_by_state", "state", "review_by", "changed_at"),
    )


def _create_copy_steps() -> None:
    op.create_table(
        "copy_steps",
        sa.Column("request_id", sa.Uuid, sa.ForeignKey("copy_requests.id"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("act", sa.String(20), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("by", sa.String(80), nullable=False),
        sa.Column("reason", sa.String(40)),
        sa.Column("words", sa.String(300)),
        sa.Column("papers", Json, nullable=False),
        sa.Column("amount_fen", sa.Integer),
    )


def _create_copy_decisions() -> None:
    op.create_table(
        "copy_decisions",
        sa.Column("request_id", sa.Uuid, sa.ForeignKey("copy_requests.id"), primary_key=True),
        sa.Column("round", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("decision", sa.String(20), nullable=False),
        sa.Column("reason", sa.String(40)),
        sa.Column("decided_by", sa.String(80), nullable=False),
        sa.Column("decided_at", UtcDateTime, nullable=False),
    )


def _create_copy_papers() -> None:
    op.create_table(
        "copy_papers",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("request_id", sa.Uuid, sa.ForeignKey("copy_requests.id"), nullable=False, index=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("width", sa.Integer, nullable=False),
        sa.Column("height", sa.Integer, nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("key_sealed", sa.LargeBinary),
        sa.Column("sealed", sa.LargeBinary),
        sa.Column("uploaded_by", sa.String(80), nullable=False),
        sa.Column("uploaded_at", UtcDateTime, nullable=False),
        sa.Column("deleted_at", UtcDateTime),
        sa.Column("deleted_because", sa.String(20)),
        sa.CheckConstraint("(deleted_at IS NULL) = (sealed IS NOT NULL)", name="copy_papers_content"),
        sa.CheckConstraint("(sealed IS NULL) = (key_sealed IS NULL)", name="copy_papers_key"),
        partial_unique("copy_papers_one_live", "request_id", "kind", where="deleted_at IS NULL"),
    )


def _create_copy_paper_views() -> None:
    op.create_table(
        "copy_paper_views",
        sa.Column("position", BigId, primary_key=True, autoincrement=True),
        sa.Column("paper_id", sa.Uuid, sa.ForeignKey("copy_papers.id"), nullable=False, index=True),
        sa.Column("request_id", sa.Uuid, sa.ForeignKey("copy_requests.id"), nullable=False),
        sa.Column("patient_id", sa.Uuid, nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("subject", sa.String(80), nullable=False),
        sa.Column("roles", sa.String(200), nullable=False),
        sa.Column("trace", sa.String(64), nullable=False),
    )


def _create_record_holds() -> None:
    op.create_table(
        "record_holds",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("encounter_id", sa.Uuid, sa.ForeignKey("encounters.id"), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("placed_by", sa.String(80), nullable=False),
        sa.Column("placed_at", UtcDateTime, nullable=False),
        sa.Column("lifted_by", sa.String(80)),
        sa.Column("lifted_at", UtcDateTime),
        sa.CheckConstraint("kind IN ('sealed', 'disputed', 'restricted')", name="record_holds_kind"),
        partial_unique("record_holds_once", "encounter_id", "kind", where="lifted_at IS NULL"),
    )
