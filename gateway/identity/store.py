"""Identity's tables, and the locks and finders that its use cases need."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from gateway.database import metadata
from gateway.identity.domain import Link, Proof, Relation
from shared.database import BigId, Json, UnitOfWork, UtcDateTime, partial_unique

accounts = sa.Table(
    "accounts",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("phone", sa.String(20), nullable=False, unique=True),
    sa.Column("consented", Json, nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
)
"""`consented` is the version of each text that is given now; how it came about is in `consents`."""

consents = sa.Table(
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

staff_members = sa.Table(
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

links = sa.Table(
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

merged_patients = sa.Table(
    "merged_patients",
    metadata,
    sa.Column("patient_id", sa.Uuid, primary_key=True),
    sa.Column("merged_into", sa.Uuid, nullable=False),
    sa.Column("known_as", sa.Uuid, nullable=False),
    sa.Index("merged_patients_known_as", "known_as"),
)
"""A replica of records' mergers; `known_as` is the end of the chain. Links are resolved on read, never rewritten."""

sessions = sa.Table(
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

tokens = sa.Table(
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

login_codes = sa.Table(
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

attempts = sa.Table(
    "attempts",
    metadata,
    sa.Column("name", sa.String(80), primary_key=True),
    sa.Column("began_at", UtcDateTime, nullable=False),
    sa.Column("count", sa.Integer, nullable=False),
    sa.Index("attempts_age", "began_at"),
)
"""What is counted to slow down guessing: `name` is a kind and a keyed hash, and tells no phone and no address."""

demo_messages = sa.Table(
    "demo_messages",
    metadata,
    sa.Column("position", BigId, primary_key=True, autoincrement=True),
    sa.Column("phone", sa.String(20), nullable=False),
    sa.Column("code", sa.String(6), nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
)
"""The demo hospital's message box. It stays empty in production."""


@dataclass(frozen=True)
class Counted:
    """How often something was tried within a window, and when that window ends."""

    count: int
    ends_at: datetime


def count_attempt(uow: UnitOfWork, name: str, *, now: datetime, window: timedelta) -> Counted:
    """Count one more under a lock that holds until the unit ends."""
    fresh = attempts.c.began_at <= now - window
    count, began_at = uow.insert_or_change(
        attempts,
        {"name": name, "began_at": now, "count": 1},
        key=attempts.c.name,
        changes={
            "count": sa.case((fresh, 1), else_=attempts.c.count + 1),
            "began_at": sa.case((fresh, now), else_=attempts.c.began_at),
        },
        returning=(attempts.c.count, attempts.c.began_at),
    )
    return Counted(count, began_at + window)


def uncount_attempt(uow: UnitOfWork, name: str) -> None:
    """Take one back that did no harm."""
    uow.session.execute(attempts.update().where(attempts.c.name == name).values(count=attempts.c.count - 1))


def forget_attempts(uow: UnitOfWork, name: str) -> None:
    """Begin to count anew after a success."""
    uow.session.execute(attempts.delete().where(attempts.c.name == name))


def put_code(uow: UnitOfWork, *, phone: str, code_hash: str, sent_at: datetime, expires_at: datetime) -> None:
    """The one code that is good for a phone from now on; an older one is void."""
    values = {"code_hash": code_hash, "tries": 0, "sent_at": sent_at, "expires_at": expires_at, "used_at": None}
    key = login_codes.c.phone
    uow.insert_or_change(login_codes, {"phone": phone, **values}, key=key, changes=values, returning=[key])


def find_code(uow: UnitOfWork, phone: str) -> sa.Row[Any] | None:
    """The last code sent to a phone, used or not."""
    return uow.session.execute(sa.select(login_codes).where(login_codes.c.phone == phone)).one_or_none()


def count_try(uow: UnitOfWork, phone: str, *, now: datetime, most: int) -> str | None:
    """Count a try on the phone's code before anybody compares; gives the code's hash, or None if none may be tried."""
    statement = (
        login_codes.update()
        .where(
            login_codes.c.phone == phone,
            login_codes.c.used_at.is_(None),
            login_codes.c.expires_at > now,
            login_codes.c.tries < most,
        )
        .values(tries=login_codes.c.tries + 1)
        .returning(login_codes.c.code_hash)
    )
    return uow.session.execute(statement).scalar_one_or_none()


def use_code(uow: UnitOfWork, phone: str, *, now: datetime) -> None:
    """A code opens one session only."""
    uow.session.execute(login_codes.update().where(login_codes.c.phone == phone).values(used_at=now))


def find_account(uow: UnitOfWork, phone: str) -> UUID | None:
    """The account of a phone, if it has one."""
    return uow.session.execute(sa.select(accounts.c.id).where(accounts.c.phone == phone)).scalar_one_or_none()


def lock_account(uow: UnitOfWork, account_id: UUID) -> sa.Row[Any] | None:
    """The account, locked until the unit ends: whoever changes its links or consents comes one after the other."""
    statement = sa.select(accounts).where(accounts.c.id == account_id).with_for_update()
    return uow.session.execute(statement).one_or_none()


def known_as(uow: UnitOfWork, patient_id: UUID) -> UUID:
    """The patient under whom this one lives on after mergers."""
    statement = sa.select(merged_patients.c.known_as).where(merged_patients.c.patient_id == patient_id)
    return uow.session.execute(statement).scalar_one_or_none() or patient_id


today_patient = sa.func.coalesce(
    sa.select(merged_patients.c.known_as)
    .where(merged_patients.c.patient_id == links.c.patient_id)
    .correlate(links)
    .scalar_subquery(),
    links.c.patient_id,
)
"""SQL for the patient of a link as known today."""


def to_link(row: sa.Row[Any]) -> Link:
    """A link from a row of `links` with `known_as`."""
    return Link(
        id=row.id,
        patient_id=row.known_as,
        relation=Relation(row.relation),
        display_name=row.display_name,
        scopes=tuple(row.scopes),
        proof=Proof(row.proof),
        created_at=row.created_at,
    )


def active_links(uow: UnitOfWork, account_id: UUID) -> list[sa.Row[Any]]:
    """The links of an account that are in force, oldest first, each with `known_as`."""
    statement = (
        sa.select(links, today_patient.label("known_as"))
        .where(links.c.account_id == account_id, links.c.ended_at.is_(None))
        .order_by(links.c.created_at, links.c.place)
    )
    return list(uow.session.execute(statement))


def add_link(uow: UnitOfWork, link: Link, *, account_id: UUID, patient_id: UUID, place: int, request_key: str) -> None:
    """Write a link down; `patient_id` is the patient as named in the request, before any merger."""
    row = {
        "id": link.id,
        "account_id": account_id,
        "patient_id": patient_id,
        "place": place,
        "relation": link.relation.value,
        "display_name": link.display_name,
        "scopes": list(link.scopes),
        "proof": link.proof.value,
        "request_key": request_key,
        "created_at": link.created_at,
    }
    uow.insert(links, [row])


def end_sessions(
    uow: UnitOfWork, *, now: datetime, account_id: UUID | None = None, staff_id: UUID | None = None
) -> None:
    """End every session of an account or of a staff member."""
    owner = sessions.c.account_id == account_id if account_id else sessions.c.staff_id == staff_id
    statement = sessions.update().where(owner, sessions.c.ended_at.is_(None)).values(ended_at=now)
    uow.session.execute(statement)


def delete_some(uow: UnitOfWork, table: sa.Table, condition: sa.ColumnElement[bool], limit: int) -> int:
    """Delete up to `limit` rows that match; gives how many."""
    (key,) = table.primary_key.columns
    found = list(uow.session.execute(sa.select(key).where(condition).limit(limit)).scalars())
    if found:
        uow.session.execute(table.delete().where(key.in_(found)))
    return len(found)
