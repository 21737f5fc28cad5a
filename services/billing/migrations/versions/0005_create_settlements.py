"""Settlements of stays, what their sources answered, what was overruled and signed, and charges that came too late."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shared.database import Json, UtcDateTime, append_only, partial_unique

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

STAGES = ("opened", "checked", "presented", "signed", "paid", "insured", "settled", "withdrawn")


def upgrade() -> None:
    _create_settlements()
    _create_what_belongs_to_them()
    _create_late_charges()
    for table in ("settlement_overrules", "settlement_signatures"):
        append_only(op.get_bind(), table)


def _words(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, native_enum=False, create_constraint=True, name=name, length=30)


def _fen(*names: str) -> list[sa.Column[int]]:
    return [sa.Column(f"{name}_fen", sa.BigInteger, nullable=False) for name in names]


def _create_settlements() -> None:
    op.create_table(
        "settlements",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("account_id", sa.Uuid, sa.ForeignKey("accounts.id"), nullable=False),
        sa.Column("encounter_id", sa.Uuid, nullable=False, index=True),
        sa.Column("patient_id", sa.Uuid, nullable=False),
        sa.Column("stage", _words("settlements_stage", *STAGES), nullable=False),
        sa.Column("basis", _words("settlements_basis", "self_pay", "estimate", "binding"), nullable=False),
        sa.Column("categories", Json, nullable=False),
        sa.Column("charge_count", sa.Integer, nullable=False),
        *_fen("medical", "non_medical", "fund", "other", "personal_account", "cash", "own_share", "own_expense"),
        sa.Column("signed_own_fen", sa.BigInteger),
        sa.Column("signed_id", sa.Uuid),
        *_fen("deposits", "paid", "returned"),
        sa.Column("claim_id", sa.Uuid),
        sa.Column("claim_problem", sa.String(80)),
        sa.Column("opened_by", sa.String(80), nullable=False),
        sa.Column("opened_at", UtcDateTime, nullable=False),
        sa.Column("discharge_ordered_at", UtcDateTime, nullable=False),
        sa.Column("checked_by", sa.String(80)),
        *(sa.Column(f"{each}_at", UtcDateTime) for each in ("checked", "presented", "signed", "paid", "insured")),
        *(sa.Column(f"{each}_at", UtcDateTime) for each in ("settled", "receipted", "withdrawn")),
        sa.Column("withdrawn_by", sa.String(80)),
        sa.Column("withdrawn_reason", sa.String(200)),
        sa.Column("version", sa.Integer, nullable=False),
        sa.CheckConstraint(
            "medical_fen = fund_fen + other_fen + personal_account_fen + cash_fen", name="settlements_receipt_total"
        ),
        sa.CheckConstraint(
            "personal_account_fen + cash_fen = own_share_fen + own_expense_fen", name="settlements_receipt_own"
        ),
        sa.CheckConstraint(
            "stage <> 'settled' OR signed_own_fen = cash_fen + non_medical_fen", name="settlements_as_signed"
        ),
        sa.CheckConstraint(
            "stage <> 'settled' OR deposits_fen + paid_fen - returned_fen = cash_fen + non_medical_fen",
            name="settlements_balance",
        ),
        partial_unique("settlements_one", "account_id", where="stage <> 'withdrawn'"),
        sa.Index("settlements_under_way", "stage", "opened_at"),
        sa.Index("settlements_of_patient", "patient_id", "opened_at"),
        comment="how a stay is settled; a settlement that was called off stays, and another may be opened",
    )


def _create_what_belongs_to_them() -> None:
    op.create_table(
        "settlement_answers",
        sa.Column("settlement_id", sa.Uuid, sa.ForeignKey("settlements.id"), primary_key=True),
        sa.Column("participant", sa.String(20), primary_key=True),
        sa.Column("charge_count", sa.Integer, nullable=False),
        sa.Column("amount_fen", sa.BigInteger, nullable=False),
        sa.Column("answered_at", UtcDateTime, nullable=False),
        comment="what each source of charges says of the stay; the bill closes when billing has the same",
    )
    op.create_table(
        "settlement_overrules",
        sa.Column("settlement_id", sa.Uuid, sa.ForeignKey("settlements.id"), primary_key=True),
        sa.Column("code", sa.String(30), primary_key=True),
        sa.Column("overruled_by", sa.String(80), nullable=False),
        sa.Column("roles", sa.String(80), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("overruled_at", UtcDateTime, nullable=False),
        comment="append-only: who passed over which item of the checklist, and why",
    )
    op.create_table(
        "settlement_signatures",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("settlement_id", sa.Uuid, sa.ForeignKey("settlements.id"), nullable=False, index=True),
        sa.Column("digest", sa.String(16), nullable=False),
        *_fen("own", "to_pay", "to_return"),
        sa.Column("signer", sa.String(20), nullable=False),
        sa.Column("strokes", Json, nullable=False),
        sa.Column("typed", sa.String(60), nullable=False),
        sa.Column("witnessed_by", sa.String(80), nullable=False),
        sa.Column("signed_at", UtcDateTime, nullable=False),
        comment="append-only: what was signed, bound to the amounts by their digest; the newest counts",
    )


def _create_late_charges() -> None:
    op.create_table(
        "late_charges",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("settlement_id", sa.Uuid, sa.ForeignKey("settlements.id"), nullable=False, index=True),
        sa.Column("account_id", sa.Uuid, sa.ForeignKey("accounts.id"), nullable=False, index=True),
        sa.Column("encounter_id", sa.Uuid, nullable=False),
        sa.Column("patient_id", sa.Uuid, nullable=False),
        sa.Column("source", _words("late_charges_source", "medical", "non_medical"), nullable=False),
        sa.Column("charge_id", sa.Uuid, nullable=False),
        sa.Column("text_zh", sa.String(300), nullable=False),
        sa.Column("text_en", sa.String(300), nullable=False),
        sa.Column("amount_fen", sa.BigInteger, nullable=False),
        sa.Column(
            "state",
            _words("late_charges_state", "open", "billed", "borne", "given_back", "absorbed"),
            nullable=False,
        ),
        sa.Column("opened_at", UtcDateTime, nullable=False),
        sa.Column("decided_at", UtcDateTime),
        sa.Column("decided_by", sa.String(80)),
        sa.Column("reason", sa.String(200)),
        sa.Column("version", sa.Integer, nullable=False),
        sa.CheckConstraint("(state = 'open') = (decided_at IS NULL)", name="late_charges_decided"),
        sa.UniqueConstraint("source", "charge_id", "amount_fen", name="late_charges_once"),
        sa.Index("late_charges_by_age", "state", "opened_at"),
        comment="charges that came after the bill of their stay was closed, each with its decision",
    )
