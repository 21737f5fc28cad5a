"""The tables of receipts. A number without its predecessor cannot be stored: there are no gaps, by constraint."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import orm

from services.billing.domain.receipt import Receipt, ReceiptKind
from services.billing.store.tables import choice, mapping, metadata
from shared.database import BigId, Json, UtcDateTime

receipt_series = sa.Table(
    "receipt_series",
    metadata,
    sa.Column("code", sa.String(8), primary_key=True),
    sa.Column("last_number", BigId, nullable=False),
    sa.CheckConstraint("last_number BETWEEN 0 AND 9999999999", name="receipt_series_ten_digits"),
    comment="one row for each kind and year: locked while a number is given, in the transaction of the receipt",
)

receipts = sa.Table(
    "receipts",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("kind", choice(ReceiptKind, "receipts_kind"), nullable=False),
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

receipt_requests = sa.Table(
    "receipt_requests",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("kind", choice(ReceiptKind, "receipt_requests_kind"), nullable=False),
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

mapping.map_imperatively(Receipt, receipts, properties={"content": orm.deferred(receipts.c.content)})
