"""Packets of copies, what was disclosed to whom, parcels and what the courier says of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shared.database import BigId, Json, UtcDateTime, append_only, partial_unique

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_packets()
    _create_disclosures()
    _create_shipments()
    for table in ("disclosures", "shipment_events"):
        append_only(op.get_bind(), table)


def _create_packets() -> None:
    op.create_table(
        "packets",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("request_id", sa.Uuid, sa.ForeignKey("copy_requests.id"), nullable=False, unique=True),
        sa.Column("encounter_id", sa.Uuid, sa.ForeignKey("encounters.id"), nullable=False),
        sa.Column("patient_id", sa.Uuid, sa.ForeignKey("patients.id"), nullable=False),
        sa.Column("code", sa.String(20), nullable=False, unique=True),
        sa.Column("started_at", UtcDateTime, nullable=False),
        sa.Column("pages", sa.Integer),
        sa.Column("size", sa.Integer),
        sa.Column("fingerprint", sa.String(64)),
        sa.Column("key_sealed", sa.LargeBinary),
        sa.Column("sealed", sa.LargeBinary),
        sa.Column("made_at", UtcDateTime),
        sa.Column("forgotten_at", UtcDateTime),
        sa.CheckConstraint("(made_at IS NULL) = (fingerprint IS NULL)", name="packets_made"),
        sa.CheckConstraint("(sealed IS NULL) = (key_sealed IS NULL)", name="packets_key"),
    )
    op.create_table(
        "packet_sheets",
        sa.Column("packet_id", sa.Uuid, sa.ForeignKey("packets.id"), primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("title", sa.String(60), nullable=False),
        sa.Column("pages", sa.Integer, nullable=False),
        sa.Column("stamped", sa.Boolean, nullable=False),
        sa.Column("key_sealed", sa.LargeBinary, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
    )


def _create_disclosures() -> None:
    op.create_table(
        "disclosures",
        sa.Column("position", BigId, primary_key=True, autoincrement=True),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("patient_id", sa.Uuid, sa.ForeignKey("patients.id"), nullable=False),
        sa.Column("encounter_id", sa.Uuid, sa.ForeignKey("encounters.id"), nullable=False),
        sa.Column("request_id", sa.Uuid, sa.ForeignKey("copy_requests.id"), nullable=False),
        sa.Column("act", sa.String(20), nullable=False),
        sa.Column("receiver", sa.String(10), nullable=False),
        sa.Column("receiver_masked", sa.String(60), nullable=False),
        sa.Column("parts", Json, nullable=False),
        sa.Column("copies", sa.Integer, nullable=False),
        sa.Column("pages", sa.Integer, nullable=False),
        sa.Column("purpose", sa.String(30), nullable=False),
        sa.Column("by", sa.String(80), nullable=False),
        sa.Column("document_shown", sa.String(2)),
        sa.Column("tracking_number", sa.String(40)),
        sa.Index("disclosures_of_patient", "patient_id", "position"),
    )


def _create_shipments() -> None:
    states = (
        "postage_due", "asked", "refused", "cancelled", "labelled", "picked_up", "on_the_way", "delayed", "returning",
        "returned", "delivered", "lost",
    )  # fmt: skip
    op.create_table(
        "shipments",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("request_id", sa.Uuid, sa.ForeignKey("copy_requests.id"), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("postage_fen", sa.Integer),
        sa.Column("paid_at", UtcDateTime),
        sa.Column("tracking_number", sa.String(40), unique=True),
        sa.Column("asks", sa.String(10)),
        sa.Column("was_sent", sa.Boolean, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("due_at", UtcDateTime),
        sa.Column("problem", sa.String(80)),
        sa.Column("heard", sa.Integer, nullable=False),
        sa.Column("created_by", sa.String(80), nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("carried_at", UtcDateTime),
        sa.Column("ended_at", UtcDateTime),
        sa.Column("keep_until", sa.Date),
        sa.UniqueConstraint("request_id", "number", name="shipments_number"),
        sa.CheckConstraint("state IN ({})".format(", ".join(f"'{each}'" for each in states)), name="shipments_state"),
        sa.CheckConstraint("(asks IS NULL) = (due_at IS NULL)", name="shipments_asks"),
        partial_unique(
            "shipments_one_live",
            "request_id",
            where="state IN ('asked', 'delayed', 'labelled', 'on_the_way', 'picked_up', 'postage_due', 'returning')",
        ),
        sa.Index("shipments_due", "due_at"),
    )
    op.create_table(
        "shipment_events",
        sa.Column("shipment_id", sa.Uuid, sa.ForeignKey("shipments.id"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("heard_at", UtcDateTime, nullable=False),
    )
