"""Opening a settlement, hearing who has completed their charges, overruling, and calling it off."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from services.billing import store
from services.billing.domain import BilledKind
from services.billing.domain.checklist import CheckCode, Tally
from services.billing.domain.settlement import Settlement, Stage
from services.billing.domain.settlement_errors import (
    AlreadySettling,
    DischargeInFuture,
    MoneyHasMoved,
    NothingToOverrule,
    NotInStage,
    StayNotKnown,
)
from services.billing.events import SettlementOpened, SettlementWithdrawn
from services.billing.usecases.claims import undo_claim
from services.billing.usecases.invoices import end_bill
from services.billing.usecases.settlement.auditing import checks_of
from services.billing.usecases.settlement.locking import locked
from shared.actor import Actor
from shared.database import UnitOfWork

CLOCKS_DIFFER = timedelta(minutes=5)
"""How far ahead the ward's clock may be."""


def open_settlement(
    uow: UnitOfWork, *, actor: Actor, now: datetime, encounter_id: UUID, discharge_ordered_at: datetime | None = None
) -> Settlement:
    """The nurse begins to settle a stay whose discharge is ordered, or which has ended; every source is told.

    `discharge_ordered_at` is needed while the stay goes on. Raises StayNotKnown, AlreadySettling (which names the
    settlement to go on with), DischargeInFuture and NotInStage. Handbook section 3.9.
    """
    account = store.lock_stay_account(uow, encounter_id=encounter_id)
    if account is None:
        raise StayNotKnown
    other = store.settlement_of(uow, account.id)
    if other is not None:
        raise AlreadySettling(settlement_id=other.id)
    ordered_at = discharge_ordered_at or account.closed_at or now
    if ordered_at > now + CLOCKS_DIFFER:
        raise DischargeInFuture
    settlement = Settlement(
        id=uuid4(),
        account_id=account.id,
        encounter_id=account.encounter_id,
        patient_id=account.patient_id,
        opened_by=actor.subject,
        opened_at=now,
        discharge_ordered_at=ordered_at,
    )
    uow.session.add(settlement)
    uow.session.flush()
    uow.publish(SettlementOpened(**_about(settlement)), actor=actor, now=now)
    return settlement


def take_answer(uow: UnitOfWork, *, data: Mapping[str, Any], actor: Actor, now: datetime) -> None:
    """Meals has completed its charges of a stay and tells their number and sum (fen).

    Heard again, nothing changes; of a settlement that billing does not have, nothing is to be done.
    """
    found = store.lock_settlement(uow, data["settlement_id"])
    if found is None:
        return
    tally = Tally(count=data["charge_count"], amount_fen=data["amount_fen"])
    store.keep_answer(uow, data["settlement_id"], store.MEALS, tally, now)


def overrule_check(
    uow: UnitOfWork, *, actor: Actor, now: datetime, settlement_id: UUID, code: CheckCode, reason: str
) -> Settlement:
    """A named person passes over an open item of the checklist, with a reason that is kept and shown.

    Raises NotFound, NotInStage once the bill is closed, NothingToOverrule for an item that is done.
    """
    account, settlement = locked(uow, settlement_id)
    if settlement.stage is not Stage.OPENED:
        raise NotInStage(stage=settlement.stage.value)
    if not any(check.is_open and check.code == code for check in checks_of(uow, account, settlement)):
        raise NothingToOverrule
    row = {
        "settlement_id": settlement.id,
        "code": CheckCode(code).value,
        "overruled_by": actor.subject,
        "roles": ",".join(actor.roles)[:80],
        "reason": reason,
        "overruled_at": now,
    }
    store.keep_overrule(uow, row)
    return settlement


def withdraw_settlement(
    uow: UnitOfWork, *, actor: Actor, now: datetime, settlement_id: UUID, reason: str
) -> Settlement:
    """Call a settlement off before money moved: the bill is open again, late charges are on it like any other.

    An unpaid bill of it is cancelled; what is paid on that later goes back by itself. Raises NotFound, MoneyHasMoved
    and NotInStage.
    """
    _, settlement = locked(uow, settlement_id)
    bill = store.lock_bill_to_pay(uow, settlement) if settlement.signed_id else None
    if bill is not None and bill.paid_fen:
        raise MoneyHasMoved
    settlement.withdraw(by=actor.subject, reason=reason, now=now)
    if settlement.signed_id is not None:
        end_bill(uow, kind=BilledKind.SETTLEMENT, billed_id=settlement.signed_id, actor=actor, now=now)
    undo_claim(uow, account_id=settlement.account_id, now=now)
    for late in store.open_late_charges(uow, settlement.id):
        late.absorb(now)
    uow.publish(SettlementWithdrawn(**_about(settlement)), actor=actor, now=now)
    return settlement


def _about(settlement: Settlement) -> dict[str, UUID]:
    return {
        "settlement_id": settlement.id,
        "encounter_id": settlement.encounter_id,
        "patient_id": settlement.patient_id,
    }
