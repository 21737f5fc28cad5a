"""Bearer tokens for machines: random, kept as a hash, recognised by their first characters, with an end."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from gateway.identity import store
from shared.database import UnitOfWork
from shared.errors import NotFound


def create_token(
    uow: UnitOfWork,
    *,
    now: datetime,
    token_hash: str,
    prefix: str,
    name: str,
    expires_at: datetime,
    account_id: UUID | None = None,
    staff_id: UUID | None = None,
) -> UUID:
    """Let a machine act as this account or member of staff until `expires_at` (UTC)."""
    token_id = uuid4()
    row = {
        "id": token_id,
        "prefix": prefix,
        "token_hash": token_hash,
        "account_id": account_id,
        "staff_id": staff_id,
        "name": name,
        "created_at": now,
        "expires_at": expires_at,
    }
    uow.insert(store.tokens, [row])
    return token_id


def revoke_token(uow: UnitOfWork, *, now: datetime, token_id: UUID) -> None:
    """The token is worth nothing from the next request on. Raises NotFound."""
    table = store.tokens
    statement = table.update().where(table.c.id == token_id, table.c.revoked_at.is_(None)).values(revoked_at=now)
    if uow.session.execute(statement.returning(table.c.id)).one_or_none() is None:
        raise NotFound
