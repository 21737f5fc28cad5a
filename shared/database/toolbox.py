"""The tables every service has beside its own: outbox, inbox, idempotency keys, access log, relay state."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from shared.database.migrations import append_only
from shared.database.types import BigId, Json, UtcDateTime


@dataclass(frozen=True)
class Toolbox:
    """The toolbox tables of one service."""

    outbox: sa.Table
    sequences: sa.Table
    inbox: sa.Table
    inbox_floors: sa.Table
    unreadable_messages: sa.Table
    idempotency_keys: sa.Table
    access_log: sa.Table
    jobs: sa.Table


def toolbox_of(metadata: sa.MetaData) -> Toolbox:
    """Add the toolbox tables to a service's metadata."""
    return Toolbox(
        outbox=_outbox(metadata),
        sequences=sa.Table(
            "sequences",
            metadata,
            sa.Column("type", sa.String(100), primary_key=True),
            sa.Column("first", BigId, nullable=False),
            sa.Column("last", BigId, nullable=False),
        ),
        inbox=_inbox(metadata),
        inbox_floors=sa.Table(
            "inbox_floors",
            metadata,
            sa.Column("type", sa.String(100), primary_key=True),
            sa.Column("floor", BigId, nullable=False),
            sa.Column("alarm", sa.String(200)),
        ),
        unreadable_messages=sa.Table(
            "unreadable_messages",
            metadata,
            sa.Column("digest", sa.String(64), primary_key=True),
            sa.Column("body", sa.LargeBinary, nullable=False),
            sa.Column("error", sa.String(500), nullable=False),
            sa.Column("received_at", UtcDateTime, nullable=False),
        ),
        idempotency_keys=_idempotency_keys(metadata),
        access_log=_access_log(metadata),
        jobs=_jobs(metadata),
    )


def _outbox(metadata: sa.MetaData) -> sa.Table:
    return sa.Table(
        "outbox",
        metadata,
        sa.Column("position", BigId, primary_key=True, autoincrement=True),
        sa.Column("id", sa.Uuid, nullable=False, unique=True),
        sa.Column("type", sa.String(100), nullable=False),
        sa.Column("envelope", Json, nullable=False),
        sa.Column("sequence", BigId),
        sa.Column("taken_at", UtcDateTime),
        sa.Column("published_at", UtcDateTime),
        sa.Index("outbox_one_number", "type", "sequence", unique=True),
        sa.Index(
            "outbox_waiting",
            "position",
            postgresql_where=sa.text("published_at IS NULL"),
            sqlite_where=sa.text("published_at IS NULL"),
        ),
    )


def _inbox(metadata: sa.MetaData) -> sa.Table:
    return sa.Table(
        "inbox",
        metadata,
        sa.Column("type", sa.String(100), primary_key=True),
        sa.Column("sequence", BigId, primary_key=True, autoincrement=False),
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("envelope", Json),
        sa.Column("error", sa.String(500)),
        sa.Column("tries", sa.Integer, nullable=False, server_default="0"),
        sa.Column("faults", sa.Integer, nullable=False, server_default="0"),
        sa.Column("next_try_at", UtcDateTime),
        sa.Column("received_at", UtcDateTime, nullable=False),
        sa.Column("reason", sa.String(500)),
        sa.CheckConstraint("state IN ('done', 'failed', 'parked', 'set_aside')", name="inbox_state"),
        sa.Index(
            "inbox_due",
            "next_try_at",
            postgresql_where=sa.text("state = 'failed'"),
            sqlite_where=sa.text("state = 'failed'"),
        ),
        sa.Index(
            "inbox_parked",
            "received_at",
            postgresql_where=sa.text("state = 'parked'"),
            sqlite_where=sa.text("state = 'parked'"),
        ),
    )


def _idempotency_keys(metadata: sa.MetaData) -> sa.Table:
    return sa.Table(
        "idempotency_keys",
        metadata,
        sa.Column("subject", sa.String(80), primary_key=True),
        sa.Column("key", sa.String(80), primary_key=True),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("status", sa.Integer),
        sa.Column("body", sa.Text),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Index("idempotency_keys_age", "created_at"),
    )


def _access_log(metadata: sa.MetaData) -> sa.Table:
    return sa.Table(
        "access_log",
        metadata,
        sa.Column("position", BigId, primary_key=True, autoincrement=True),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("subject", sa.String(80), nullable=False),
        sa.Column("roles", sa.String(200), nullable=False),
        sa.Column("patient_id", sa.Uuid, nullable=False),
        sa.Column("operation", sa.String(80), nullable=False),
        sa.Column("purpose", sa.String(80), nullable=False),
        sa.Column("granted", sa.Boolean, nullable=False),
        sa.Column("request_id", sa.String(64), nullable=False),
        sa.Index("access_log_of_patient", "patient_id", "position"),
    )


def _jobs(metadata: sa.MetaData) -> sa.Table:
    return sa.Table(
        "jobs",
        metadata,
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("kind", sa.String(60), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("arguments", Json, nullable=False),
        sa.Column("done", sa.Integer, nullable=False, server_default="0"),
        sa.Column("total", sa.Integer),
        sa.Column("result", Json),
        sa.Column("error", sa.String(500)),
        sa.Column("tries", sa.Integer, nullable=False, server_default="0"),
        sa.Column("due_at", UtcDateTime, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.CheckConstraint("state IN ('waiting', 'running', 'done', 'failed', 'set_aside')", name="jobs_state"),
        sa.Index("jobs_due", "state", "due_at"),
    )


APPEND_ONLY = ("access_log",)


def create_toolbox(connection: Connection) -> None:
    """Create the toolbox tables of version 1; called by the first migration of every service.

    A later change of the toolbox is a new function here, called by a new migration of each service.
    """
    metadata = sa.MetaData()
    toolbox_of(metadata)
    metadata.create_all(connection)
    for table in APPEND_ONLY:
        append_only(connection, table)
