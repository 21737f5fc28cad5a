"""An account's consents, and the end of sessions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from gateway.identity import store
from gateway.identity.domain import ConsentOutdated
from shared.database import UnitOfWork
from shared.errors import NotFound


def give_consents(
    uow: UnitOfWork,
    *,
    now: datetime,
    account_id: UUID,
    versions: Mapping[str, int],
    in_force: Mapping[str, int],
    language: str,
) -> None:
    """Write down that the person agreed to these texts in the version in force, in which language and when.

    Raises ConsentOutdated when a text has another version by now. Given again, nothing changes.
    """
    if any(in_force.get(text) != version for text, version in versions.items()):
        raise ConsentOutdated
    account = store.lock_account(uow, account_id)
    if account is None:
        raise NotFound
    new = {text: version for text, version in versions.items() if account.consented.get(text) != version}
    _keep(uow, account_id, {**account.consented, **new}, new, given=True, language=language, now=now)


def withdraw_consent(uow: UnitOfWork, *, now: datetime, account_id: UUID, text: str, language: str) -> None:
    """Take a consent back, as easily as it was given; from the next request on the phone serves no more."""
    account = store.lock_account(uow, account_id)
    if account is None:
        raise NotFound
    given = dict(account.consented)
    version = given.pop(text, None)
    if version is not None:
        _keep(uow, account_id, given, {text: version}, given=False, language=language, now=now)


def _keep(
    uow: UnitOfWork,
    account_id: UUID,
    consented: Mapping[str, int],
    changes: Mapping[str, int],
    *,
    given: bool,
    language: str,
    now: datetime,
) -> None:
    uow.insert(
        store.consents,
        [
            {
                "account_id": account_id,
                "text": text,
                "version": version,
                "given": given,
                "language": language,
                "at": now,
            }
            for text, version in changes.items()
        ],
    )
    statement = store.accounts.update().where(store.accounts.c.id == account_id)
    uow.session.execute(statement.values(consented=dict(consented)))


def note_use(uow: UnitOfWork, *, now: datetime, session_id: UUID) -> None:
    """A session that is used lives on."""
    uow.session.execute(store.sessions.update().where(store.sessions.c.id == session_id).values(seen_at=now))


def end_session(uow: UnitOfWork, *, now: datetime, session_id: UUID) -> None:
    """Log out on this device."""
    statement = store.sessions.update().where(store.sessions.c.id == session_id, store.sessions.c.ended_at.is_(None))
    uow.session.execute(statement.values(ended_at=now))


def end_all_sessions(
    uow: UnitOfWork, *, now: datetime, account_id: UUID | None = None, staff_id: UUID | None = None
) -> None:
    """Log out everywhere: every session of this account or member of staff ends."""
    store.end_sessions(uow, now=now, account_id=account_id, staff_id=staff_id)
