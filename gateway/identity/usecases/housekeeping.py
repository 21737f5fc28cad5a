"""What identity forgets by itself: codes, counts and sessions that have had their time."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from gateway.identity import store
from gateway.identity.domain import Limits
from shared.database import UnitOfWork

_DAY = timedelta(days=1)
_LIMITS = Limits()


def forget(uow: UnitOfWork, *, now: datetime, limit: int) -> int:
    """Delete codes and demo messages a day after, counts after two days, sessions a month after their end."""
    month_ago = now - 30 * _DAY
    over = sa.or_(
        store.sessions.c.ended_at < month_ago,
        store.sessions.c.created_at < month_ago - _LIMITS.account_longest,
    )
    return max(
        store.delete_some(uow, store.login_codes, store.login_codes.c.expires_at < now - _DAY, limit),
        store.delete_some(uow, store.attempts, store.attempts.c.began_at < now - 2 * _DAY, limit),
        store.delete_some(uow, store.demo_messages, store.demo_messages.c.at < now - _DAY, limit),
        store.delete_some(uow, store.sessions, over, limit),
    )
