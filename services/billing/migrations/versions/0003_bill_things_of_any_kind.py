"""Bills are for things of any kind, not for appointments only; a posting may belong to a stay instead of a bill.

SQLite can neither drop a constraint nor replace a table that others refer to, so that on both databases the rows are
set aside, the tables made anew and filled again, in one transaction.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shared.database import BigId, UtcDateTime, append_only, partial_unique

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

CHANNELS = ("sandbox_wallet", "cash")
BILLED = ("appointment", "meal_order", "copy_request", "copy_top_up", "deposit", "settlement", "late_charge")
REASONS = (
    *("appointment_cancelled", "meal_cancelled", "copy_request_ended", "fewer_pages", "deposit_called_off"),
    *("deposit_left_over", "settlement_withdrawn", "settlement_surplus", "late_charge_ended", "late_correction"),
    *("paid_too_late", "not_due", "amount_mismatch"),
)
KEPT = ("appointments", "invoices", "invoice_lines", "payments", "refunds", "postings")
"""The tables made anew, each after those it refers to."""


def upgrade() -> None:
    for table in KEPT:
        op.execute(f"CREATE TABLE kept_{table} AS SELECT * FROM {table}")  # noqa: S608 (names of this file)
    for table in reversed(KEPT):
        op.drop_table(table)
    _create_invoices()
    _create_payments()
    _create_refunds()
    _create_postings()
    _fill()
    for table in KEPT:
        op.drop_table(f"kept_{table}")
    append_only(op.get_bind(), "postings")


def _words(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, native_enum=False, create_constraint=True, name=name, length=30)


def _create_invoices() -> None:
    op.create_table(
        "billed",
        sa.Column("kind", _words("billed_kind", *BILLED), primary_key=True),
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("cancelled_at", UtcDateTime),
        sa.Column("lapsed_at", UtcDateTime),
        comment="one row for each thing that billing has heard of and bills: to lock, and to remember its end",
    )
    op.create_table(
        "invoices",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("number", sa.String(24), nullable=False, unique=True),
        sa.Column("billed_kind", _words("invoices_billed_kind", *BILLED), nullable=False),
        sa.Column("billed_id", sa.Uuid, nullable=False),
        sa.Column("patient_id", sa.Uuid, nullable=False),
        sa.Column("state", _words("invoices_state", "draft", "issued", "balanced", "cancelled"), nullable=False),
        sa.Column("amount_fen", sa.BigInteger, nullable=False),
        sa.Column("paid_fen", sa.BigInteger, nullable=False),
        sa.Column("refunded_fen", sa.BigInteger, nullable=False),
        sa.Column("client_reference", sa.String(80)),
        sa.Column("issued_at", UtcDateTime),
        sa.Column("cancelled_at", UtcDateTime),
        sa.Column("version", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(["billed_kind", "billed_id"], ["billed.kind", "billed.id"], name="invoices_billed"),
        sa.UniqueConstraint("billed_kind", "billed_id", name="invoices_once"),
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
        sa.Column("billed_kind", _words("payments_billed_kind", *BILLED), nullable=False),
        sa.Column("billed_id", sa.Uuid, nullable=False),
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
    op.create_table(
        "refunds",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("payment_id", sa.Uuid, sa.ForeignKey("payments.id"), nullable=False, index=True),
        sa.Column("invoice_id", sa.Uuid, sa.ForeignKey("invoices.id"), nullable=False, index=True),
        sa.Column("patient_id", sa.Uuid, nullable=False),
        sa.Column("channel", _words("refunds_channel", *CHANNELS), nullable=False),
        sa.Column("state", _words("refunds_state", *states), nullable=False),
        sa.Column("amount_fen", sa.BigInteger, nullable=False),
        sa.Column("reason", _words("refunds_reason", *REASONS), nullable=False),
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
        sa.Column("invoice_id", sa.Uuid, sa.ForeignKey("invoices.id"), index=True),
        sa.Column("stay_account_id", sa.Uuid, sa.ForeignKey("accounts.id"), index=True),
        sa.Column("debit_account", sa.String(40), nullable=False),
        sa.Column("credit_account", sa.String(40), nullable=False),
        sa.Column("amount_fen", sa.BigInteger, nullable=False),
        sa.Column("posted_at", UtcDateTime, nullable=False),
        sa.CheckConstraint("amount_fen > 0", name="postings_amount"),
        sa.CheckConstraint("debit_account <> credit_account", name="postings_two_sides"),
        sa.CheckConstraint("invoice_id IS NOT NULL OR stay_account_id IS NOT NULL", name="postings_of_something"),
        sa.UniqueConstraint("kind", "reference", name="postings_once"),
        comment="append-only: a mistake is corrected by a posting the other way round",
    )


def _fill() -> None:
    """Bring back what was set aside; everything billed until now was an appointment."""
    op.execute(
        "INSERT INTO billed (kind, id, cancelled_at, lapsed_at) "
        "SELECT 'appointment', id, cancelled_at, lapsed_at FROM kept_appointments"
    )
    _bring_back(
        "invoices",
        *("id", "number", "patient_id", "state", "amount_fen", "paid_fen", "refunded_fen", "client_reference"),
        *("issued_at", "cancelled_at", "version"),
        billed=True,
    )
    _bring_back("invoice_lines", "invoice_id", "number", "text_zh", "text_en", "amount_fen")
    _bring_back(
        "payments",
        *("id", "invoice_id", "patient_id", "channel", "state", "amount_fen", "received_fen", "returned_fen"),
        *("counted", "provider_transaction_id", "pay_url", "return_path", "client_reference", "problem", "closing"),
        *("requested_by", "request_id", "requested_at", "expires_at", "ended_at", "tries", "next_try_at", "version"),
        billed=True,
    )
    _bring_back(
        "refunds",
        *("id", "payment_id", "invoice_id", "patient_id", "channel", "state", "amount_fen", "reason", "problem"),
        *("paid_out_by", "requested_at", "ended_at", "tries", "next_try_at", "version"),
    )
    _bring_back(
        "postings",
        *("position", "kind", "reference", "invoice_id", "debit_account", "credit_account", "amount_fen", "posted_at"),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "SELECT setval(pg_get_serial_sequence('postings', 'position'), "
            "(SELECT COALESCE(MAX(position), 1) FROM postings), EXISTS (SELECT 1 FROM postings))"
        )


def _bring_back(table: str, *columns: str, billed: bool = False) -> None:
    names = ", ".join(columns)
    also = ("billed_kind, billed_id, ", "'appointment', appointment_id, ") if billed else ("", "")
    op.execute(f"INSERT INTO {table} ({also[0]}{names}) SELECT {also[1]}{names} FROM kept_{table}")  # noqa: S608 (names of this file)
