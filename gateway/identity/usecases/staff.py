"""Members of staff: logging in by user name and password, with a lockout that is kept in the database."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

import sqlalchemy as sa

from gateway.identity import store
from gateway.identity.domain import STAFF_ROLES, Limits, LogIn, NewSession, PasswordWrong, TooManyTries
from shared.database import UnitOfWork
from shared.errors import DomainError, NotFound


@dataclass(frozen=True)
class Credential:
    """What a password is to be checked against; without a member of staff it is a hash that nothing opens."""

    staff_id: UUID | None
    password_hash: str | None


def admit_password_try(
    uow: UnitOfWork, *, now: datetime, user_name: str, name_key: str, address_key: str, limits: Limits
) -> Credential | DomainError:
    """Count the try, and say what the password is to be checked against. Unknown names are counted alike.

    The check itself takes long and happens with no unit of work open; since the count is committed before it, guessing
    in parallel is no quicker. Returns TooManyTries.
    """
    of_name = store.count_attempt(uow, f"staff:{name_key}", now=now, window=limits.try_window)
    from_here = store.count_attempt(uow, f"staff:from:{address_key}", now=now, window=limits.try_window)
    if of_name.count > limits.staff_tries or from_here.count > limits.tries_per_address:
        return TooManyTries()
    table = store.staff_members
    statement = sa.select(table.c.id, table.c.password_hash).where(table.c.user_name == user_name, table.c.is_active)
    found = uow.session.execute(statement).one_or_none()
    return Credential(found.id, found.password_hash) if found else Credential(None, None)


def log_in_staff(
    uow: UnitOfWork, *, now: datetime, credential: Credential, name_key: str, session: NewSession
) -> LogIn:
    """Open a session for whoever's password was right. Raises PasswordWrong if it was changed meanwhile."""
    table = store.staff_members
    statement = sa.select(table.c.id).where(
        table.c.id == credential.staff_id, table.c.is_active, table.c.password_hash == credential.password_hash
    )
    if uow.session.execute(statement.with_for_update()).one_or_none() is None:
        raise PasswordWrong
    store.forget_attempts(uow, f"staff:{name_key}")
    uow.insert(
        store.sessions,
        [
            {
                "id": session.id,
                "token_hash": session.token_hash,
                "staff_id": credential.staff_id,
                "created_at": now,
                "seen_at": now,
            }
        ],
    )
    return LogIn(session_id=session.id, staff_id=credential.staff_id)


def add_staff_member(
    uow: UnitOfWork, *, now: datetime, user_name: str, display_name: str, password_hash: str, roles: Iterable[str]
) -> bool:
    """Add a member of staff with these roles; False when the user name is taken, and then nothing changes."""
    made = uow.insert_once(
        store.staff_members,
        [
            {
                "id": uuid4(),
                "user_name": user_name,
                "display_name": display_name,
                "password_hash": password_hash,
                "roles": _known(roles),
                "is_active": True,
                "created_at": now,
            }
        ],
        returning=[store.staff_members.c.id],
    )
    return bool(made)


def change_password(uow: UnitOfWork, *, now: datetime, staff_id: UUID, password_hash: str) -> None:
    """Give a member of staff another password; every session of theirs ends, and so does every token."""
    _change(uow, staff_id, now, password_hash=password_hash)


def change_roles(
    uow: UnitOfWork, *, now: datetime, staff_id: UUID, roles: Iterable[str], is_active: bool = True
) -> None:
    """Give a member of staff other roles, or let them go; every session of theirs ends, and so does every token."""
    _change(uow, staff_id, now, roles=_known(roles), is_active=is_active)


def _change(uow: UnitOfWork, staff_id: UUID, now: datetime, **values: object) -> None:
    table = store.staff_members
    statement = table.update().where(table.c.id == staff_id).values(**values).returning(table.c.id)
    if uow.session.execute(statement).one_or_none() is None:
        raise NotFound
    store.end_sessions(uow, now=now, staff_id=staff_id)
    of_staff = sa.and_(store.tokens.c.staff_id == staff_id, store.tokens.c.revoked_at.is_(None))
    uow.session.execute(store.tokens.update().where(of_staff).values(revoked_at=now))


def _known(roles: Iterable[str]) -> list[str]:
    wanted = sorted(set(roles))
    if unknown := [role for role in wanted if role not in STAFF_ROLES]:
        raise ValueError(f"no such roles: {', '.join(unknown)}")
    return wanted
