"""Named locks and finders of insurance. Locks are taken in one order: account, settlement, coverage, claim."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa

from services.billing.domain.claim import OVER_CLAIMS, Claim
from services.billing.domain.coverage import Coverage
from services.billing.store.claim_tables import claims, coverages
from services.billing.store.tables import accounts
from shared.database import UnitOfWork


class InsuredAccount(NamedTuple):
    """An account that is locked: whose it is and when its stay began."""

    id: UUID
    patient_id: UUID
    opened_at: datetime | None


def lock_account(uow: UnitOfWork, account_id: UUID) -> InsuredAccount | None:
    """An account, so that its insurance is changed by one at a time."""
    columns = (accounts.c.id, accounts.c.patient_id, accounts.c.opened_at)
    row = uow.session.execute(sa.select(*columns).where(accounts.c.id == account_id).with_for_update()).one_or_none()
    return InsuredAccount(*row) if row else None


def lock_account_of_stay(uow: UnitOfWork, encounter_id: UUID) -> InsuredAccount | None:
    """The account of a stay, so that its insurance is changed by one at a time."""
    found = uow.session.execute(sa.select(accounts.c.id).where(accounts.c.encounter_id == encounter_id))
    account_id = found.scalar_one_or_none()
    return None if account_id is None else lock_account(uow, account_id)


def lock_coverage(uow: UnitOfWork, account_id: UUID) -> Coverage | None:
    """The insurance of an account for changing."""
    query = sa.select(Coverage).where(coverages.c.account_id == account_id).with_for_update()
    return uow.session.execute(query.execution_options(populate_existing=True)).scalar_one_or_none()


def coverage_of(uow: UnitOfWork, account_id: UUID) -> Coverage | None:
    """The insurance of an account for reading."""
    return uow.session.execute(sa.select(Coverage).where(coverages.c.account_id == account_id)).scalar_one_or_none()


def due_coverages(uow: UnitOfWork, *, now: datetime, limit: int) -> Sequence[Coverage]:
    """Persons to ask the insurer about, each taken by one worker."""
    query = sa.select(Coverage).where(coverages.c.next_try_at <= now).order_by(coverages.c.next_try_at).limit(limit)
    return uow.session.execute(query.with_for_update(skip_locked=True)).scalars().all()


def lock_claim(uow: UnitOfWork, claim_id: UUID) -> Claim | None:
    """A claim for changing."""
    query = sa.select(Claim).where(claims.c.id == claim_id).with_for_update()
    return uow.session.execute(query.execution_options(populate_existing=True)).scalar_one_or_none()


def account_of_claim(uow: UnitOfWork, claim_id: UUID) -> UUID | None:
    """Whose claim it is: accounts are locked before claims."""
    return uow.session.execute(sa.select(claims.c.account_id).where(claims.c.id == claim_id)).scalar_one_or_none()


def lock_claim_of(uow: UnitOfWork, account_id: UUID) -> Claim | None:
    """The claim of a locked account that is not over, for changing."""
    query = sa.select(Claim).where(claims.c.account_id == account_id, claims.c.state.not_in(OVER_CLAIMS))
    locked = query.with_for_update().execution_options(populate_existing=True)
    return uow.session.execute(locked).scalar_one_or_none()


def due_claims(uow: UnitOfWork, *, now: datetime, limit: int) -> Sequence[Claim]:
    """Claims to go on with, each taken by one worker."""
    query = sa.select(Claim).where(claims.c.next_try_at <= now).order_by(claims.c.next_try_at).limit(limit)
    return uow.session.execute(query.with_for_update(skip_locked=True)).scalars().all()
