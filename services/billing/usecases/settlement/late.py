"""Charges that come after the bill of their stay is closed: each becomes a case with an age and a decision."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from services.billing import store
from services.billing.domain import BilledKind, MoreThanLeft, RefundReason
from services.billing.domain.late_charge import ChargeSource, LateCharge, LateChargeState
from services.billing.domain.settlement import Stage
from services.billing.domain.settlement_errors import NotInStage
from services.billing.domain.splitting import split_surplus
from services.billing.domain.stay_books import bill_late_charge, give_back_late
from services.billing.usecases.invoices import Text, finish, issue_bill
from services.billing.usecases.refunds import give_back
from shared.actor import Actor
from shared.database import UnitOfWork
from shared.errors import NotFound
from shared.money import to_amount


def note_late_charge(
    uow: UnitOfWork,
    *,
    account_id: UUID,
    charge_id: UUID,
    medical: bool,
    text_zh: str,
    text_en: str,
    amount_fen: int,
    now: datetime,
) -> LateCharge | None:
    """Call this for every line that is entered on a stay, with the stay's account locked.

    Where the bill of the stay is closed, the line is no part of it and becomes a late-charge case; else None. A line of
    nothing needs no decision. Handbook section 3.10.
    """
    settlement = store.settlement_of(uow, account_id)
    if settlement is None or not settlement.bill_is_closed or not amount_fen:
        return None
    late = LateCharge(
        id=uuid4(),
        settlement_id=settlement.id,
        account_id=account_id,
        encounter_id=settlement.encounter_id,
        patient_id=settlement.patient_id,
        source=ChargeSource.MEDICAL if medical else ChargeSource.NON_MEDICAL,
        charge_id=charge_id,
        text_zh=text_zh,
        text_en=text_en,
        amount_fen=amount_fen,
        opened_at=now,
    )
    uow.session.add(late)
    uow.session.flush()
    return late


def decide_late_charge(
    uow: UnitOfWork, *, actor: Actor, now: datetime, late_charge_id: UUID, way: LateChargeState, reason: str
) -> LateCharge:
    """The cashier's office closes a case: a new bill to the patient, the hospital bears it, or it goes back.

    What goes back is split over the payments of the stay, the latest first. Raises NotFound, LateChargeClosed,
    WrongWayOut, MoreThanLeft (the payments hold less), and NotInStage while the stay is not settled yet: until then the
    settlement may be called off.
    """
    found = store.lock_late_charge(uow, late_charge_id)
    if found is None:
        raise NotFound
    account, late = found
    settlement = store.settlement_of(uow, account.id)
    if settlement is None or settlement.stage is not Stage.SETTLED:
        raise NotInStage(stage=settlement.stage.value if settlement else Stage.WITHDRAWN.value)
    late.decide(way, by=actor.subject, reason=reason, now=now)
    if way is LateChargeState.BILLED:
        finish(uow, bill_late_charge(late), actor=actor, now=now)
        issue_bill(
            uow,
            kind=BilledKind.LATE_CHARGE,
            billed_id=late.id,
            patient_id=late.patient_id,
            lines=[Text(late.text_zh, late.text_en, late.amount_fen)],
            actor=actor,
            now=now,
        )
    elif way is LateChargeState.GIVEN_BACK:
        _give_back(uow, account, late, actor, now)
    return late


def _give_back(uow: UnitOfWork, account: store.StayAccount, late: LateCharge, actor: Actor, now: datetime) -> None:
    paid = store.paid_on(uow, late.settlement_id)
    on_bills = {each.payment_id for each in paid}
    held = [*paid, *store.deposits_of(uow, account.id)]
    left = sum(each.left_fen for each in held)
    if left < -late.amount_fen:
        raise MoreThanLeft(left=to_amount(left))
    parts = split_surplus(-late.amount_fen, held)
    for part in parts:
        give_back(
            uow,
            payment_id=part.payment_id,
            amount_fen=part.amount_fen,
            reason=RefundReason.LATE_CORRECTION,
            actor=actor,
            now=now,
        )
    from_bills = sum(part.amount_fen for part in parts if part.payment_id in on_bills)
    from_deposits = -late.amount_fen - from_bills
    done = give_back_late(late, from_deposits_fen=from_deposits, from_bills_fen=from_bills)
    finish(uow, done, actor=actor, now=now)
