"""Bills, payments, refunds and the append-only ledger."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shared.database import BigId, UtcDateTime, append_only, create_toolbox, partial_unique

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

CHANNELS = ("sandbox_wallet", "cash")


def upgrade() -> None:
    create_toolbox(op.get_bind())
    _create_invoices()
    _create_payments()
    _create_refunds()
    _create_postings()
    _create_merged_patients()


def _words(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, native_enum=False, create_constraint=True, name=name, length=30)


def _create_invoices() -> None:
    op.create_table(
        "appointments",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("cancelled_at", UtcDateTime),
        sa.Column("lapsed_at", UtcDateTime),
        comment="one row for each appointment that billing has heard of: to lock, and to remember its end",
    )
    op.create_table(
        "invoices",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("number", sa.String(24), nullable=False, unique=True),
        sa.Column("appointment_id", sa.Uuid, sa.ForeignKey("appointments.id"), nullable=False, unique=True),
        sa.Column("patient_id", sa.Uuid, nullable=False),
        sa.Column("state", _words("invoices_state", "draft", "issued", "balanced", "cancelled"), nullable=False),
        sa.Column("amount_fen", sa.BigInteger, nullable=False),
        sa.Column("paid_fen", sa.BigInteger, nullable=False),
        sa.Column("refunded_fen", sa.BigInteger, nullable=False),
        sa.Column("client_reference", sa.String(80)),
        sa.Column("issued_at", UtcDateTime),
        sa.Column("cancelled_at", UtcDateTime),
        sa.Column("version", sa.Integer, nullable=False),
        sa.CheckConstraint("amount_fen >= 0", name="invoices_amount"),
        sa.CheckConstraint("paid_fen BETWEEN 0 AND amount_fen", name="invoices_never_overpaid"),
        sa.CheckConstraint("refunded_fen BETWEEN 0 AND paid_fen", name="invoices_never_refunded_beyond_paid"),
        sa.Index("invoices_of_patient", "patient_id", "issued_at"),
    )
    op.create_table(
        "invoice_lines",
        sa.Column("invoice_id", sa.Uuid, sa.ForeignKey("invoices.id"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("text_zh", sa.String(300), nullable=False),
        sa.Column("text_en", sa.String(300), nullable=False),
        sa.Column("amount_fen", sa.BigInteger, nullable=False),
    )


def _create_payments() -> None:
    states = ("requested", "open", "succeeded", "failed", "cancelled", "unknown")
    op.create_table(
        "payments",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("invoice_id", sa.Uuid, sa.ForeignKey("invoices.id"), nullable=False, index=True),
        sa.Column("appointment_id", sa.Uuid, nullable=False),
        sa.Column("patient_id", sa.Uuid, nullable=False),
        sa.Column("channel", _words("payments_channel", *CHANNELS), nullable=False),
        sa.Column("state", _words("payments_state", *states), nullable=False),
        sa.Column("amount_fen", sa.BigInteger, nullable=False),
        sa.Column("received_fen", sa.BigInteger, nullable=False),
        sa.Column("returned_fen", sa.BigInteger, nullable=False),
        sa.Column("counted", sa.Boolean, nullable=False),
        sa.Column("provider_transaction_id", sa.String(80)),
        sa.Column("pay_url", sa.String(500)),
        sa.Column("return_path", sa.String(300), nullable=False),
        sa.Column("client_reference", sa.String(80)),
        sa.Column("problem", sa.String(80)),
        sa.Column("closing", sa.Boolean, nullable=False),
        sa.Column("requested_by", sa.String(80), nullable=False),
        sa.Column("request_id", sa.String(64), nullable=False),
        sa.Column("requested_at", UtcDateTime, nullable=False),
        sa.Column("expires_at", UtcDateTime, nullable=False),
        sa.Column("ended_at", UtcDateTime),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("next_try_at", UtcDateTime, index=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.CheckConstraint("amount_fen > 0", name="payments_amount"),
        sa.CheckConstraint("received_fen >= 0", name="payments_received"),
        sa.CheckConstraint("returned_fen BETWEEN 0 AND received_fen", name="payments_never_returned_beyond_received"),
        sa.CheckConstraint("state <> 'succeeded' OR received_fen = amount_fen", name="payments_succeeded_in_full"),
        partial_unique("payments_one_live", "invoice_id", where="state IN ('open', 'requested', 'unknown')"),
        partial_unique(
            "payments_one_transaction",
            "channel",
            "provider_transaction_id",
            where="provider_transaction_id IS NOT NULL",
        ),
        sa.Index("payments_of_patient", "patient_id", "requested_at"),
    )


def _create_refunds() -> None:
    states = ("requested", "accepted", "succeeded", "refused", "unknown")
    reasons = ("appointment_cancelled", "paid_too_late", "not_due", "amount_mismatch")
    op.create_table(
        "refunds",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("payment_id", sa.Uuid, sa.ForeignKey("payments.id"), nullable=False, index=True),
        sa.Column("invoice_id", sa.Uuid, sa.ForeignKey("invoices.id"), nullable=False, index=True),
        sa.Column("patient_id", sa.Uuid, nullable=False),
        sa.Column("channel", _words("refunds_channel", *CHANNELS), nullable=False),
        sa.Column("state", _words("refunds_state", *states), nullable=False),
        sa.Column("amount_fen", sa.BigInteger, nullable=False),
        sa.Column("reason", _words("refunds_reason", *reasons), nullable=False),
        sa.Column("problem", sa.String(80)),
        sa.Column("paid_out_by", sa.String(80)),
        sa.Column("requested_at", UtcDateTime, nullable=False),
        sa.Column("ended_at", UtcDateTime),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("next_try_at", UtcDateTime, index=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.CheckConstraint("amount_fen > 0", name="refunds_amount"),
        sa.Index("refunds_of_patient", "patient_id", "requested_at"),
    )


def _create_postings() -> None:
    op.create_table(
        "postings",
        sa.Column("position", BigId, primary_key=True, autoincrement=True),
        sa.Column("kind", sa.String(30), nullable=False),
        sa.Column("reference", sa.Uuid, nullable=False),
        sa.Column("invoice_id", sa.Uuid, sa.ForeignKey("invoices.id"), nullable=False, index=True),
        sa.Column("debit_account", sa.String(40), nullable=False),
        sa.Column("credit_account", sa.String(40), nullable=False),
        sa.Column("amount_fen", sa.BigInteger, nullable=False),
        sa.Column("posted_at", UtcDateTime, nullable=False),
        sa.CheckConstraint("amount_fen > 0", name="postings_amount"),
        sa.CheckConstraint("debit_account <> credit_account", name="postings_two_sides"),
        sa.UniqueConstraint("kind", "reference", name="postings_once"),
        comment="append-only: a mistake is corrected by a posting the other way round",
    )
    append_only(op.get_bind(), "postings")


def _create_merged_patients() -> None:
    op.create_table(
        "merged_patients",
        sa.Column("patient_id", sa.Uuid, primary_key=True),
        sa.Column("merged_into", sa.Uuid, nullable=False, index=True),
        comment="ids of patients that have become another patient; no row elsewhere is rewritten",
    )
