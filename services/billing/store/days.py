"""What billing keeps of where somebody lay, and which days were charged."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from services.billing.domain import AccountState
from services.billing.domain.stay_days import DailyCharge, StayStep, Told
from services.billing.store.charge_tables import stay_days, stay_steps
from services.billing.store.charges import ChargedAccount
from services.billing.store.tables import accounts
from shared.database import UnitOfWork


class StayToCharge(NamedTuple):
    """A locked account whose days are to be looked at."""

    account: ChargedAccount
    opened_at: datetime | None
    closed_at: datetime | None
    stay_version: int


class Day(NamedTuple):
    """A day that was charged; both are None where that was taken back."""

    item_id: UUID | None
    line_id: UUID | None


def keep_step(uow: UnitOfWork, row: dict[str, Any]) -> bool:
    """Keep a fact of a stay; False when it was heard before."""
    return bool(uow.insert_once(stay_steps, [row], returning=[stay_steps.c.version]))


def look_at_days_again(uow: UnitOfWork, encounter_id: UUID) -> None:
    """Something was heard of a stay: its days are to be compared with what was charged."""
    uow.session.execute(accounts.update().where(accounts.c.encounter_id == encounter_id).values(days_charged_version=0))


def due_for_days(uow: UnitOfWork, *, yesterday: date, limit: int) -> Sequence[StayToCharge]:
    """Accounts whose days are not all charged, or of which something new was heard; nobody else's."""
    not_through = sa.and_(
        accounts.c.state == AccountState.OPEN,
        sa.or_(accounts.c.days_charged_to.is_(None), accounts.c.days_charged_to < yesterday),
    )
    columns = tuple(accounts.c[name] for name in ChargedAccount._fields)
    query = (
        sa.select(*columns, accounts.c.opened_at, accounts.c.closed_at, accounts.c.stay_version)
        .where(sa.or_(accounts.c.days_charged_version != accounts.c.stay_version, not_through))
        .order_by(accounts.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    rows = uow.session.execute(query).all()
    return [StayToCharge(ChargedAccount(*row[:6]), row.opened_at, row.closed_at, row.stay_version) for row in rows]


def days_are_charged(uow: UnitOfWork, stay: StayToCharge, yesterday: date) -> None:
    """The days of a locked account are charged up to yesterday, as the newest version of the stay has it."""
    same = accounts.c.id == stay.account.id
    values = {"days_charged_to": yesterday, "days_charged_version": stay.stay_version}
    uow.session.execute(accounts.update().where(same).values(values))


def steps_of(uow: UnitOfWork, encounter_id: UUID) -> list[Told]:
    """The facts of a stay."""
    query = sa.select(stay_steps.c.step, stay_steps.c.version, stay_steps.c.at, stay_steps.c.ward_code)
    rows = uow.session.execute(query.where(stay_steps.c.encounter_id == encounter_id))
    return [Told(step=row.step, version=row.version, at=row.at, ward=row.ward_code) for row in rows]


def never_began(uow: UnitOfWork, encounter_id: UUID, version: int) -> bool:
    """Whether the newest word of a stay is that its admission never happened."""
    query = sa.select(stay_steps.c.step).where(
        stay_steps.c.encounter_id == encounter_id, stay_steps.c.version == version
    )
    return uow.session.execute(query).scalar_one_or_none() is StayStep.ADMISSION_CANCELLED


def charged_days_of(uow: UnitOfWork, account_id: UUID) -> dict[tuple[DailyCharge, date], Day]:
    """What every day of a stay was charged."""
    rows = uow.session.execute(sa.select(stay_days).where(stay_days.c.account_id == account_id))
    return {(row.kind, row.day): Day(row.item_id, row.line_id) for row in rows}


def keep_day(uow: UnitOfWork, account_id: UUID, kind: DailyCharge, day: date, *, new: bool, charged: Day) -> None:
    """Keep what a day is charged; a new one is refused by the database when it was charged before."""
    values = {"item_id": charged.item_id, "line_id": charged.line_id}
    if new:
        uow.insert(stay_days, [{"account_id": account_id, "kind": kind, "day": day, **values}])
        return
    same = sa.and_(stay_days.c.account_id == account_id, stay_days.c.kind == kind, stay_days.c.day == day)
    uow.session.execute(stay_days.update().where(same).values(values))
