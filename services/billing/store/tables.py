"""Billing's tables and their mapping to things of the domain. Behind every lock stands a constraint."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy import orm

from services.billing.domain import (
    LIVE,
    AccountState,
    BilledKind,
    Channel,
    Invoice,
    InvoiceLine,
    InvoiceState,
    Payment,
    PaymentState,
    Refund,
    RefundReason,
    RefundState,
)
from shared.database import BigId, UtcDateTime, partial_unique, toolbox_of

metadata = sa.MetaData()
toolbox = toolbox_of(metadata)


def _values(kind: type[StrEnum]) -> list[str]:
    return [each.value for each in kind]


def choice(kind: type[StrEnum], name: str) -> sa.Enum:
    """A column of one of the words of `kind`, checked by the database too."""
    return sa.Enum(
        kind,
        native_enum=False,
        create_constraint=True,
        name=name,
        length=30,
        values_callable=_values,
    )


def _one_of(states: Iterable[StrEnum]) -> str:
    return "state IN ({})".format(", ".join(f"'{state}'" for state in sorted(states)))


billed = sa.Table(
    "billed",
    metadata,
    sa.Column("kind", choice(BilledKind, "billed_kind"), primary_key=True),
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("cancelled_at", UtcDateTime),
    sa.Column("lapsed_at", UtcDateTime),
    comment="one row for each thing that billing has heard of and bills: to lock, and to remember its end",
)

invoices = sa.Table(
    "invoices",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("number", sa.String(24), nullable=False, unique=True),
    sa.Column("billed_kind", choice(BilledKind, "invoices_billed_kind"), nullable=False),
    sa.Column("billed_id", sa.Uuid, nullable=False),
    sa.Column("patient_id", sa.Uuid, nullable=False),
    sa.Column("state", choice(InvoiceState, "invoices_state"), nullable=False),
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

invoice_lines = sa.Table(
    "invoice_lines",
    metadata,
    sa.Column("invoice_id", sa.Uuid, sa.ForeignKey("invoices.id"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("text_zh", sa.String(300), nullable=False),
    sa.Column("text_en", sa.String(300), nullable=False),
    sa.Column("amount_fen", sa.BigInteger, nullable=False),
)

payments = sa.Table(
    "payments",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("invoice_id", sa.Uuid, sa.ForeignKey("invoices.id"), nullable=False, index=True),
    sa.Column("billed_kind", choice(BilledKind, "payments_billed_kind"), nullable=False),
    sa.Column("billed_id", sa.Uuid, nullable=False),
    sa.Column("patient_id", sa.Uuid, nullable=False),
    sa.Column("channel", choice(Channel, "payments_channel"), nullable=False),
    sa.Column("state", choice(PaymentState, "payments_state"), nullable=False),
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
    partial_unique("payments_one_live", "invoice_id", where=_one_of(LIVE)),
    partial_unique(
        "payments_one_transaction", "channel", "provider_transaction_id", where="provider_transaction_id IS NOT NULL"
    ),
    sa.Index("payments_of_patient", "patient_id", "requested_at"),
)

refunds = sa.Table(
    "refunds",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("payment_id", sa.Uuid, sa.ForeignKey("payments.id"), nullable=False, index=True),
    sa.Column("invoice_id", sa.Uuid, sa.ForeignKey("invoices.id"), nullable=False, index=True),
    sa.Column("patient_id", sa.Uuid, nullable=False),
    sa.Column("channel", choice(Channel, "refunds_channel"), nullable=False),
    sa.Column("state", choice(RefundState, "refunds_state"), nullable=False),
    sa.Column("amount_fen", sa.BigInteger, nullable=False),
    sa.Column("reason", choice(RefundReason, "refunds_reason"), nullable=False),
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

postings = sa.Table(
    "postings",
    metadata,
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

merged_patients = sa.Table(
    "merged_patients",
    metadata,
    sa.Column("patient_id", sa.Uuid, primary_key=True),
    sa.Column("merged_into", sa.Uuid, nullable=False, index=True),
    comment="ids of patients that have become another patient; no row elsewhere is rewritten",
)

accounts = sa.Table(
    "accounts",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("encounter_id", sa.Uuid, nullable=False, unique=True),
    sa.Column("patient_id", sa.Uuid, nullable=False),
    sa.Column("state", choice(AccountState, "accounts_state"), nullable=False),
    sa.Column("opened_at", UtcDateTime),
    sa.Column("closed_at", UtcDateTime),
    sa.Column("stay_version", sa.Integer, nullable=False),
    sa.Column("heard_at", UtcDateTime, nullable=False),
    sa.Column("ward_id", sa.Uuid, index=True),
    sa.Column("ward_zh", sa.String(200), nullable=False, server_default=""),
    sa.Column("ward_en", sa.String(200), nullable=False, server_default=""),
    sa.Column("days_charged_to", sa.Date),
    sa.Column("days_charged_version", sa.Integer, nullable=False, server_default="0"),
    sa.Column("balance_looked_at_on", sa.Date),
    sa.CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="accounts_closed"),
    sa.Index("accounts_of_patient", "patient_id", "heard_at"),
    comment="one row for each inpatient stay; the newest version of the stay counts",
)

mapping = orm.registry(metadata=metadata)
mapping.map_imperatively(InvoiceLine, invoice_lines)
mapping.map_imperatively(
    Invoice,
    invoices,
    version_id_col=invoices.c.version,
    properties={"lines": orm.relationship(InvoiceLine, order_by=invoice_lines.c.number, lazy="selectin")},
)
mapping.map_imperatively(Payment, payments, version_id_col=payments.c.version)
mapping.map_imperatively(Refund, refunds, version_id_col=refunds.c.version)
