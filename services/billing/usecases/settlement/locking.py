"""The first step of every act on a settlement: the account of the stay is locked, then the settlement."""

from __future__ import annotations

from uuid import UUID

from services.billing import store
from services.billing.domain.settlement import Settlement
from shared.database import UnitOfWork
from shared.errors import NotFound


def locked(uow: UnitOfWork, settlement_id: UUID) -> tuple[store.StayAccount, Settlement]:
    """A settlement and its account for changing. Raises NotFound."""
    found = store.lock_settlement(uow, settlement_id)
    if found is None:
        raise NotFound
    return found
