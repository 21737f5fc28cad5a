"""How a stay's patient is insured, and what the insurer is asked to pay."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shared.database import Json, UtcDateTime, partial_unique

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

CLAIM_STATES = ("requested", "presettled", "settled", "refused", "unknown", "reversing", "reversed")


def upgrade() -> None:
    _create_coverages()
    _create_claims()


def _words(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, native_enum=False, create_constraint=True, name=name, length=30)


def _create_coverages() -> None:
    op.create_table(
        "coverages",
        sa.Column("account_id", sa.Uuid, sa.ForeignKey("accounts.id"), primary_key=True),
        sa.Column("encounter_id", sa.Uuid, nullable=False),
        sa.Column("patient_id", sa.Uuid, nullable=False),
        sa.Column("kind", _words("coverages_kind", "none", "employee", "retired", "resident"), nullable=False),
        sa.Column("psn_no", sa.String(30)),
        sa.Column("use_account", sa.Boolean, nullable=False),
        sa.Column("state", _words("coverages_state", "entered", "asked", "confirmed", "refused"), nullable=False),
        sa.Column("account_balance_fen", sa.BigInteger, nullable=False),
        sa.Column("admissions_before", sa.Integer, nullable=False),
        sa.Column("pool_paid_fen", sa.BigInteger, nullable=False),
        sa.Column("own_in_scope_fen", sa.BigInteger, nullable=False),
        sa.Column("supplement_paid_fen", sa.BigInteger, nullable=False),
        sa.Column("problem", sa.String(80)),
        sa.Column("entered_by", sa.String(80), nullable=False),
        sa.Column("entered_at", UtcDateTime, nullable=False),
        sa.Column("checked_at", UtcDateTime),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("next_try_at", UtcDateTime, index=True),
        sa.Column("version", sa.Integer, nullable=False),
        comment="how the patient of a stay is insured, as entered and as the insurer confirms it",
    )


def _create_claims() -> None:
    op.create_table(
        "claims",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("settlement_id", sa.Uuid, nullable=False, index=True),
        sa.Column("account_id", sa.Uuid, sa.ForeignKey("accounts.id"), nullable=False, index=True),
        sa.Column("patient_id", sa.Uuid, nullable=False),
        sa.Column("psn_no", sa.String(30), nullable=False),
        sa.Column("use_account", sa.Boolean, nullable=False),
        sa.Column("lines", Json, nullable=False),
        sa.Column("total_fen", sa.BigInteger, nullable=False),
        sa.Column("state", _words("claims_state", *CLAIM_STATES), nullable=False),
        sa.Column("wanted", sa.Boolean, nullable=False),
        sa.Column("undo", sa.Boolean, nullable=False),
        sa.Column("sent", sa.Boolean, nullable=False),
        sa.Column("estimate", Json, nullable=False),
        sa.Column("presettled", Json),
        sa.Column("settled", Json),
        sa.Column("setl_id", sa.String(80), unique=True),
        sa.Column("problem", sa.String(80)),
        sa.Column("requested_by", sa.String(80), nullable=False),
        sa.Column("request_id", sa.String(64), nullable=False),
        sa.Column("requested_at", UtcDateTime, nullable=False),
        sa.Column("ended_at", UtcDateTime),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("next_try_at", UtcDateTime, index=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.CheckConstraint("total_fen > 0", name="claims_total"),
        sa.CheckConstraint(
            "state <> 'settled' OR (sent AND setl_id IS NOT NULL)", name="claims_settled_by_the_insurer"
        ),
        partial_unique("claims_one", "account_id", where="state NOT IN ('refused', 'reversed')"),
        sa.Index("claims_by_age", "state", "requested_at"),
        comment="what the insurer is asked to pay of a stay; its id is the key that the insurer sees, one at a time",
    )
