"""What lies on the account of a stay: charges by category, meals and the like, deposits, and what the audit counts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from services.billing.domain import InsuredLine
from services.billing.domain.checklist import Stay
from services.billing.domain.settlement import Settlement
from services.billing.domain.splitting import Source
from services.billing.store.settling import StayAccount, answer_of, paid_on, refunds_under_way
from shared.clock import hospital_day
from shared.database import UnitOfWork


@dataclass(frozen=True, kw_only=True)
class StayBill:
    """The bill of a stay (fen): sums of the categories, late charges left out."""

    medical_fen: int = 0
    non_medical_fen: int = 0
    count: int = 0
    categories: list[dict[str, Any]] = field(default_factory=list)


def stay_bill(uow: UnitOfWork, account_id: UUID) -> StayBill:
    """The bill as it is now, without what came after it was closed."""
    del uow, account_id  # stays are charged from the next slice on
    return StayBill()


def insured_lines(uow: UnitOfWork, account_id: UUID) -> list[InsuredLine]:
    """The lines of the bill as the insurer is told of them."""
    del uow, account_id
    return []


def deposits_of(uow: UnitOfWork, account_id: UUID) -> list[Source]:
    """The deposits of a stay that still hold money."""
    del uow, account_id  # and so are deposits
    return []


def payment_ids_of(uow: UnitOfWork, account_id: UUID, settlement_id: UUID) -> list[UUID]:
    """Every payment of a stay that may get something back."""
    return [each.payment_id for each in (*paid_on(uow, settlement_id), *deposits_of(uow, account_id))]


def audited_stay(uow: UnitOfWork, account: StayAccount, settlement: Settlement) -> Stay:
    """What the checklist looks at."""
    ended_at = account.closed_at or settlement.discharge_ordered_at
    return Stay(
        admitted_on=hospital_day(account.opened_at or ended_at),
        discharged_on=hospital_day(ended_at),
        bed_days=0,
        nursing_days=0,
        refunds_open=refunds_under_way(uow, [each.payment_id for each in deposits_of(uow, account.id)]),
        answer=answer_of(uow, settlement.id),
    )
