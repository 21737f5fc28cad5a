"""Patients with what they are known by, merges, link codes and the messages that were taken."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shared.database import BigId, Json, UtcDateTime, create_toolbox, partial_unique

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_toolbox(op.get_bind())
    _create_patients()
    _create_identifiers_and_merges()
    _create_link_codes()


def _create_patients() -> None:
    op.create_table(
        "patients",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("mrn", sa.String(12), nullable=False, unique=True),
        sa.Column("name", sa.String(200)),
        sa.Column("search_key", sa.String(400), nullable=False),
        sa.Column("sex", sa.String(10)),
        sa.Column("birth_on", sa.Date),
        sa.Column("verified", sa.Boolean, nullable=False),
        sa.Column("document_type", sa.String(2)),
        sa.Column("document_number_masked", sa.String(40)),
        sa.Column("document_number_sealed", sa.LargeBinary),
        sa.Column("phone_masked", sa.String(20)),
        sa.Column("phone_sealed", sa.LargeBinary),
        sa.Column("as_sent", Json),
        sa.Column("registered_by", sa.String(80), nullable=False),
        sa.Column("registered_at", UtcDateTime, nullable=False),
        sa.Column("verified_by", sa.String(80)),
        sa.Column("verified_at", UtcDateTime),
        sa.Column("version", sa.Integer, nullable=False),
        sa.CheckConstraint("sex IN ('male', 'female', 'other', 'unknown')", name="patients_sex"),
        sa.Index("patients_by_name", "search_key"),
    )
    op.create_table(
        "mrn_counts",
        sa.Column("count", BigId, primary_key=True, autoincrement=True),
        sa.Column("given_at", UtcDateTime, nullable=False),
    )
    op.create_table(
        "guardians",
        sa.Column("patient_id", sa.Uuid, sa.ForeignKey("patients.id"), primary_key=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("document_type", sa.String(2), nullable=False),
        sa.Column("document_number_masked", sa.String(40), nullable=False),
        sa.Column("document_number_sealed", sa.LargeBinary, nullable=False),
        sa.Column("phone_masked", sa.String(20), nullable=False),
        sa.Column("phone_sealed", sa.LargeBinary, nullable=False),
    )


def _create_identifiers_and_merges() -> None:
    op.create_table(
        "identifiers",
        sa.Column("system", sa.String(200), primary_key=True),
        sa.Column("fingerprint", sa.String(64), primary_key=True),
        sa.Column("patient_id", sa.Uuid, sa.ForeignKey("patients.id"), nullable=False, index=True),
        sa.Column("kind", sa.String(20)),
        sa.Column("masked", sa.String(60)),
        sa.Column("sealed", sa.LargeBinary),
        sa.Column("known_at", UtcDateTime, nullable=False),
        sa.Index("identifiers_by_fingerprint", "fingerprint"),
    )
    op.create_table(
        "merges",
        sa.Column("patient_id", sa.Uuid, sa.ForeignKey("patients.id"), primary_key=True),
        sa.Column("merged_into", sa.Uuid, sa.ForeignKey("patients.id"), nullable=False, index=True),
        sa.Column("merged_by", sa.String(80), nullable=False),
        sa.Column("merged_at", UtcDateTime, nullable=False),
        sa.CheckConstraint("patient_id <> merged_into", name="merges_of_two"),
    )
    op.create_table(
        "messages",
        sa.Column("sender", sa.String(200), primary_key=True),
        sa.Column("control_id", sa.String(200), primary_key=True),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("patient_id", sa.Uuid, sa.ForeignKey("patients.id"), nullable=False, index=True),
        sa.Column("taken_at", UtcDateTime, nullable=False),
    )


def _create_link_codes() -> None:
    op.create_table(
        "link_codes",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("patient_id", sa.Uuid, sa.ForeignKey("patients.id"), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False, unique=True),
        sa.Column("issued_at", UtcDateTime, nullable=False),
        sa.Column("issued_by", sa.String(80), nullable=False),
        sa.Column("valid_until", UtcDateTime, nullable=False, index=True),
        sa.Column("redeemed_at", UtcDateTime),
        sa.Column("redeemed_by", sa.String(80)),
        sa.Column("withdrawn_at", UtcDateTime),
        partial_unique("link_codes_one_open", "patient_id", where="redeemed_at IS NULL AND withdrawn_at IS NULL"),
    )
    op.create_table(
        "link_tries",
        sa.Column("subject", sa.String(80), primary_key=True),
        sa.Column("wrong", sa.Integer, nullable=False),
        sa.Column("locked_until", UtcDateTime),
    )
