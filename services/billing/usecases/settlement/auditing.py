"""What the checklist says now, and closing the bill when it is done."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from services.billing import store
from services.billing.domain.checklist import Check, checklist
from services.billing.domain.settlement import Settlement
from services.billing.domain.settlement_errors import ChecklistOpen, NotInStage
from services.billing.usecases.settlement.insuring import ask_insurer, likely_shares
from shared.actor import Actor
from shared.database import UnitOfWork
from shared.errors import NotFound


def checks_of(uow: UnitOfWork, account: store.StayAccount, settlement: Settlement) -> tuple[Check, ...]:
    """The checklist as it is now."""
    return checklist(store.audited_stay(uow, account, settlement), store.overruled_codes(uow, settlement.id))


def close_bill(uow: UnitOfWork, *, actor: Actor, now: datetime, settlement_id: UUID) -> Settlement:
    """The checklist is done or overruled: the bill is closed, and a charge that comes later is a late one.

    From here the five minutes count. Raises NotFound, NotInStage, and ChecklistOpen (which names what is left).
    """
    found = store.lock_settlement(uow, settlement_id)
    if found is None:
        raise NotFound
    account, settlement = found
    if settlement.bill_is_closed:
        raise NotInStage(stage=settlement.stage.value)
    left = [check.code.value for check in checks_of(uow, account, settlement) if check.is_open]
    if left:
        raise ChecklistOpen(open=left)
    bill = store.stay_bill(uow, account.id)
    shares, basis = likely_shares(uow, account.id, bill.medical_fen, now)
    settlement.close_bill(
        shares,
        basis=basis,
        non_medical_fen=bill.non_medical_fen,
        categories=bill.categories,
        charge_count=bill.count,
        by=actor.subject,
        now=now,
    )
    if settlement.waits_for_insurer:
        ask_insurer(uow, settlement, actor=actor, now=now, settle=False)
    return settlement
