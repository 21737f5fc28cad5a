"""Identity's reads. Whoever asks with a session or a token is found, with the patient acted for, by one statement."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from gateway.identity import store
from gateway.identity.domain import Limits, Link, Principal, Proof, Relation, is_alive, masked_phone
from shared.database import UnitOfWork
from shared.errors import NotFound

_links, _merged = store.links, store.merged_patients
_sessions, _tokens, _accounts, _staff = store.sessions, store.tokens, store.accounts, store.staff_members

_asked_for = sa.bindparam("patient_id", type_=sa.Uuid)
_asked_today = sa.func.coalesce(
    sa.select(_merged.c.known_as).where(_merged.c.patient_id == _asked_for).scalar_subquery(), _asked_for
)


def _finder(owner: sa.Table, of_link: sa.ColumnElement[bool]) -> sa.Select[Any]:
    """Everything about the owners of sessions or tokens, with the links that count, in one statement."""
    return sa.select(
        owner,
        *(_accounts.c.consented, _staff.c.roles, _staff.c.is_active, _staff.c.display_name.label("staff_name")),
        _links.c.id.label("of_link"),
        *(_links.c.patient_id.label("linked_as"), store.today_patient.label("known_as")),
        *(_links.c.relation, _links.c.display_name, _links.c.scopes, _links.c.proof),
        _links.c.created_at.label("linked_at"),
    ).select_from(
        owner.outerjoin(_accounts, _accounts.c.id == owner.c.account_id)
        .outerjoin(_staff, _staff.c.id == owner.c.staff_id)
        .outerjoin(_links, sa.and_(_links.c.account_id == owner.c.account_id, _links.c.ended_at.is_(None), of_link))
    )


_ONE_SESSION = _sessions.c.token_hash == sa.bindparam("token_hash")
_BY_SESSION = _finder(_sessions, _links.c.id == _sessions.c.link_id).where(_ONE_SESSION).limit(1)
_BY_SESSION_FOR = _finder(_sessions, store.today_patient == _asked_today).where(_ONE_SESSION).limit(1)
_BY_TOKENS = _finder(_tokens, sa.true()).where(_tokens.c.token_hash.in_(sa.bindparam("hashes", expanding=True)))


def find_session(
    uow: UnitOfWork, *, token_hash: str, now: datetime, limits: Limits, patient_id: UUID | None = None
) -> Principal | None:
    """Whoever a living session belongs to, acting for the patient chosen in it or, where given, for `patient_id`."""
    arguments: dict[str, Any] = {"token_hash": token_hash}
    if patient_id is not None:
        arguments["patient_id"] = patient_id
    statement = _BY_SESSION if patient_id is None else _BY_SESSION_FOR
    row = uow.session.connection().execute(statement, arguments).first()  # past the ORM: this runs in every request
    if row is None or row.ended_at is not None:
        return None
    alive = is_alive(
        now=now, created_at=row.created_at, seen_at=row.seen_at, staff=row.staff_id is not None, limits=limits
    )
    return _principal(row, session_id=row.id, seen_at=row.seen_at) if alive else None


@dataclass(frozen=True)
class ShownToken:
    """A bearer token that somebody shows, by its hash, and the patient they name."""

    token_hash: str
    patient_id: UUID | None


def find_tokens(uow: UnitOfWork, *, shown: Sequence[ShownToken], now: datetime) -> list[Principal | None]:
    """For each token, in order, whoever it belongs to while it is in force, acting for the patient named.

    The account must be linked to that patient, under whichever of its merged ids it was named.
    """
    rows: dict[str, list[sa.Row[Any]]] = {each.token_hash: [] for each in shown}
    for row in uow.session.connection().execute(_BY_TOKENS, {"hashes": list(rows)}):
        rows[row.token_hash].append(row)  # one for each patient the account is linked to, or one without
    return [_holder(uow, rows[each.token_hash], each.patient_id, now) for each in shown]


def _holder(uow: UnitOfWork, rows: list[sa.Row[Any]], patient_id: UUID | None, now: datetime) -> Principal | None:
    if not rows or rows[0].revoked_at is not None or rows[0].expires_at <= now:
        return None
    chosen = [row for row in rows if patient_id is not None and patient_id in {row.linked_as, row.known_as}]
    if not chosen and patient_id is not None and rows[0].of_link is not None:
        today = store.known_as(uow, patient_id)
        chosen = [row for row in rows if row.known_as == today]
    found = _principal(rows[0], session_id=None, seen_at=None)
    return replace(found, link=_link(chosen[0]) if chosen else None) if found else None


def _principal(row: sa.Row[Any], *, session_id: UUID | None, seen_at: datetime | None) -> Principal | None:
    if row.staff_id is not None:
        if not row.is_active:
            return None
        return Principal(
            staff_id=row.staff_id,
            session_id=session_id,
            roles=tuple(row.roles),
            display_name=row.staff_name,
            seen_at=seen_at,
        )
    return Principal(
        account_id=row.account_id,
        session_id=session_id,
        roles=("patient",),
        consented=row.consented,
        link=_link(row),
        seen_at=seen_at,
    )


def _link(row: sa.Row[Any]) -> Link | None:
    if row.of_link is None:
        return None
    return Link(
        id=row.of_link,
        patient_id=row.known_as,
        relation=Relation(row.relation),
        display_name=row.display_name,
        scopes=tuple(row.scopes),
        proof=Proof(row.proof),
        created_at=row.linked_at,
    )


def links_of(uow: UnitOfWork, *, account_id: UUID) -> list[Link]:
    """The patients an account acts for, oldest first; two that records has merged are one."""
    once: dict[UUID, Link] = {}
    for row in store.active_links(uow, account_id):
        once.setdefault(row.known_as, store.to_link(row))
    return list(once.values())


def link_to(uow: UnitOfWork, *, account_id: UUID, patient_id: UUID) -> Link | None:
    """The account's link to a patient, under whichever of its merged ids."""
    today = store.known_as(uow, patient_id)
    return next((link for link in links_of(uow, account_id=account_id) if link.patient_id == today), None)


def accounts_of_patient(uow: UnitOfWork, *, patient_id: UUID) -> list[UUID]:
    """The accounts that act for a patient today, each once."""
    today = store.known_as(uow, patient_id)
    ended = sa.select(_merged.c.patient_id).where(_merged.c.known_as == today)
    same_person = sa.or_(_links.c.patient_id == today, _links.c.patient_id.in_(ended))
    statement = sa.select(_links.c.account_id).distinct().where(same_person, _links.c.ended_at.is_(None))
    return list(uow.session.execute(statement.order_by(_links.c.account_id)).scalars())


def records_of(uow: UnitOfWork, *, patient_ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """Every record of these persons, also those merged away, each with the record in which the person goes on."""
    today = {store.known_as(uow, each) for each in patient_ids}
    statement = sa.select(_merged.c.patient_id, _merged.c.known_as).where(_merged.c.known_as.in_(today))
    ended = {row.patient_id: row.known_as for row in uow.session.execute(statement)}
    return {each: each for each in today} | ended


def phone_of(uow: UnitOfWork, *, account_id: UUID) -> str:
    """The account's own phone, masked. Raises NotFound."""
    phone = uow.session.execute(sa.select(_accounts.c.phone).where(_accounts.c.id == account_id)).scalar_one_or_none()
    if phone is None:
        raise NotFound
    return masked_phone(phone)


@dataclass(frozen=True)
class DemoMessage:
    """A text message of the demo hospital, as its phone would show it."""

    phone: str
    code: str
    at: datetime


def demo_messages(uow: UnitOfWork, *, limit: int = 20) -> list[DemoMessage]:
    """The newest messages of the demo's message box, newest first; there are none in production."""
    table = store.demo_messages
    rows = uow.session.execute(sa.select(table).order_by(table.c.position.desc()).limit(limit))
    return [DemoMessage(row.phone, row.code, row.at) for row in rows]


@dataclass(frozen=True)
class TokenLine:
    """What is shown of a bearer token: never more than its first characters."""

    id: UUID
    prefix: str
    name: str
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None


def tokens_of(uow: UnitOfWork, *, account_id: UUID | None = None, staff_id: UUID | None = None) -> list[TokenLine]:
    """The bearer tokens of an account or of a member of staff, newest first."""
    owner = _tokens.c.account_id == account_id if account_id else _tokens.c.staff_id == staff_id
    rows = uow.session.execute(sa.select(_tokens).where(owner).order_by(_tokens.c.created_at.desc(), _tokens.c.id))
    return [TokenLine(r.id, r.prefix, r.name, r.created_at, r.expires_at, r.revoked_at) for r in rows]


def open_sessions(uow: UnitOfWork, *, account_id: UUID) -> Sequence[tuple[UUID, datetime, datetime]]:
    """The sessions of an account that have not ended: id, opened at, last used at; last used first."""
    statement = (
        sa.select(_sessions.c.id, _sessions.c.created_at, _sessions.c.seen_at)
        .where(_sessions.c.account_id == account_id, _sessions.c.ended_at.is_(None))
        .order_by(_sessions.c.seen_at.desc(), _sessions.c.id)
    )
    return [(row.id, row.created_at, row.seen_at) for row in uow.session.execute(statement)]


def find_account(uow: UnitOfWork, *, phone: str) -> UUID | None:
    """The account of a phone, for the command line and for demo data."""
    return store.find_account(uow, phone)


def find_staff(uow: UnitOfWork, *, user_name: str) -> UUID | None:
    """The member of staff with a user name, for the command line."""
    return uow.session.execute(sa.select(_staff.c.id).where(_staff.c.user_name == user_name)).scalar_one_or_none()


def tokens_beginning(uow: UnitOfWork, *, prefix: str) -> list[UUID]:
    """The bearer tokens in force whose visible first characters are these."""
    statement = sa.select(_tokens.c.id).where(_tokens.c.prefix == prefix[:12], _tokens.c.revoked_at.is_(None))
    return list(uow.session.execute(statement).scalars())
