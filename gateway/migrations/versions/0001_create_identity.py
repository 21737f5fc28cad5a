"""The toolbox, and who people are: accounts, consents, staff, links, sessions, tokens, codes, counts."""

import sqlalchemy as sa
from alembic import op

from shared.database import BigId, Json, UtcDateTime, append_only, create_toolbox, partial_unique

revision = "0001_create_identity"
down_revision = None


def upgrade() -> None:
    connection = op.get_bind()
    create_toolbox(connection)
    metadata = sa.MetaData()
    _people(metadata)
    _family(metadata)
    _ways_in(metadata)
    _guessing(metadata)
    metadata.create_all(connection)
    append_only(connection, "consents")


def _people(metadata: sa.MetaData) -> None:
    sa.Table(
        "accounts",
        metadata,
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("phone", sa.String(20), nullable=False, unique=True),
        sa.Column("consented", Json, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
    )
    sa.Table(
        "consents",
        metadata,
        sa.Column("position", BigId, primary_key=True, autoincrement=True),
        sa.Column("account_id", sa.Uuid, sa.ForeignKey("accounts.id"), nullable=False),
        sa.Column("text", sa.String(40), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("given", sa.Boolean, nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Index("consents_of_account", "account_id", "position"),
    )
    sa.Table(
        "staff_members",
        metadata,
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("user_name", sa.String(40), nullable=False, unique=True),
        sa.Column("display_name", sa.String(60), nullable=False),
        sa.Column("password_hash", sa.String(200), nullable=False),
        sa.Column("roles", Json, nullable=False),
        sa.Column("is_active", sa.Boolean, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
    )


def _family(metadata: sa.MetaData) -> None:
    sa.Table(
        "links",
        metadata,
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("account_id", sa.Uuid, sa.ForeignKey("accounts.id"), nullable=False),
        sa.Column("patient_id", sa.Uuid, nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("relation", sa.String(10), nullable=False),
        sa.Column("display_name", sa.String(80), nullable=False),
        sa.Column("scopes", Json, nullable=False),
        sa.Column("proof", sa.String(12), nullable=False),
        sa.Column("request_key", sa.String(80), nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("ended_at", UtcDateTime),
        partial_unique("links_once", "account_id", "patient_id", where="ended_at IS NULL"),
        partial_unique("links_one_place", "account_id", "place", where="ended_at IS NULL"),
        partial_unique("links_one_self", "account_id", where="ended_at IS NULL AND relation = 'self'"),
        sa.Index("links_of_patient", "patient_id"),
        sa.CheckConstraint("relation IN ('self', 'child', 'parent', 'spouse', 'other')", name="links_relation"),
        sa.CheckConstraint("proof IN ('registered', 'link_code')", name="links_proof"),
        sa.CheckConstraint("place >= 1", name="links_place"),
    )
    sa.Table(
        "merged_patients",
        metadata,
        sa.Column("patient_id", sa.Uuid, primary_key=True),
        sa.Column("merged_into", sa.Uuid, nullable=False),
        sa.Column("known_as", sa.Uuid, nullable=False),
        sa.Index("merged_patients_known_as", "known_as"),
    )


def _ways_in(metadata: sa.MetaData) -> None:
    sa.Table(
        "sessions",
        metadata,
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("token_hash", sa.String(64), nullable=False, unique=True),
        sa.Column("account_id", sa.Uuid, sa.ForeignKey("accounts.id")),
        sa.Column("staff_id", sa.Uuid, sa.ForeignKey("staff_members.id")),
        sa.Column("link_id", sa.Uuid, sa.ForeignKey("links.id")),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("seen_at", UtcDateTime, nullable=False),
        sa.Column("ended_at", UtcDateTime),
        sa.CheckConstraint("(account_id IS NULL) <> (staff_id IS NULL)", name="sessions_one_owner"),
        sa.Index("sessions_of_account", "account_id"),
        sa.Index("sessions_of_staff", "staff_id"),
    )
    sa.Table(
        "tokens",
        metadata,
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("prefix", sa.String(12), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False, unique=True),
        sa.Column("account_id", sa.Uuid, sa.ForeignKey("accounts.id")),
        sa.Column("staff_id", sa.Uuid, sa.ForeignKey("staff_members.id")),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("expires_at", UtcDateTime, nullable=False),
        sa.Column("revoked_at", UtcDateTime),
        sa.CheckConstraint("(account_id IS NULL) <> (staff_id IS NULL)", name="tokens_one_owner"),
        sa.Index("tokens_of_account", "account_id"),
        sa.Index("tokens_of_staff", "staff_id"),
    )


def _guessing(metadata: sa.MetaData) -> None:
    sa.Table(
        "login_codes",
        metadata,
        sa.Column("phone", sa.String(20), primary_key=True),
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("sent_at", UtcDateTime, nullable=False),
        sa.Column("expires_at", UtcDateTime, nullable=False),
        sa.Column("used_at", UtcDateTime),
        sa.Index("login_codes_age", "expires_at"),
    )
    sa.Table(
        "attempts",
        metadata,
        sa.Column("name", sa.String(80), primary_key=True),
        sa.Column("began_at", UtcDateTime, nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Index("attempts_age", "began_at"),
    )
    sa.Table(
        "demo_messages",
        metadata,
        sa.Column("position", BigId, primary_key=True, autoincrement=True),
        sa.Column("phone", sa.String(20), nullable=False),
        sa.Column("code", sa.String(6), nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
    )
