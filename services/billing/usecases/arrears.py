"""Warning of a low balance, once a day for each stay that goes on (handbook section 3.2). Treatment never stops."""

from __future__ import annotations

from datetime import datetime, time

from services.billing import store
from services.billing.domain.stay_money import ARREARS_THRESHOLD_FEN
from services.billing.events import BalanceLow
from shared.actor import Actor
from shared.clock import at_hospital, hospital_day
from shared.database import UnitOfWork

MORNING = time(9, 0)
"""People are not woken by a warning: balances are looked at from nine o'clock on, after the night's charges."""
_CLOCK = Actor.system("billing", "timer")


def look_at_balances(uow: UnitOfWork, *, now: datetime, limit: int) -> int:
    """Timer: look at each open account once a day; whose balance is below the threshold is told, with the nurse."""
    today = hospital_day(now)
    if now < at_hospital(today, MORNING):
        return 0
    due = store.due_for_balance(uow, today=today, limit=limit)
    balances = store.balances(uow, [each.id for each in due])
    rows = [
        {
            "account_id": each.id,
            "day": today,
            "balance_fen": balances[each.id].balance_fen,
            "threshold_fen": ARREARS_THRESHOLD_FEN,
            "warned_at": now,
        }
        for each in due
        if balances[each.id].is_low
    ]
    new = store.keep_warnings(uow, rows)
    for each in due:
        if each.id in new:
            fact = BalanceLow(
                account_id=each.id,
                encounter_id=each.encounter_id,
                patient_id=each.patient_id,
                balance_fen=balances[each.id].balance_fen,
                threshold_fen=ARREARS_THRESHOLD_FEN,
                day=today,
            )
            uow.publish(fact, actor=_CLOCK, now=now)
    store.balance_is_looked_at(uow, [each.id for each in due], today)
    return len(due)
