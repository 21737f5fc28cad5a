"""Bed and nursing days by the clock (handbook section 3.3): once for each day, gaps filled, wrong days put right."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from services.billing import store
from services.billing.domain.charging import EnteredBy
from services.billing.domain.stay_days import DailyCharge, charged_days, wards_by_day
from services.billing.usecases.charging import PriceList, Wanted, enter_lines, make_line, take_back
from shared.actor import Actor
from shared.clock import hospital_day
from shared.database import UnitOfWork

CLOCK = Actor.system("billing", "timer")
PUT_RIGHT = "按实际住院日和病区更正 / put right by days and ward"
"""Why the clock takes a day back: a transfer or an end of the stay was heard after the day was charged."""
ONE_DAY = timedelta(days=1)


class _Rates(NamedTuple):
    items: Mapping[tuple[str, DailyCharge], UUID]
    prices: PriceList

    def item(self, ward: str, kind: DailyCharge) -> UUID | None:
        """What a day in a ward costs: its own item, else that of all other wards."""
        return self.items.get((ward, kind)) or self.items.get(("", kind))


def charge_days(uow: UnitOfWork, *, now: datetime, limit: int) -> int:
    """Timer: charge every day of every stay that is over by now. Run late or twice, it only fills what is missing.

    A day whose ward or whose place in the stay turned out otherwise is taken back and charged as it was.
    """
    yesterday = hospital_day(now) - ONE_DAY
    due = store.due_for_days(uow, yesterday=yesterday, limit=limit)
    if not due:
        return 0
    items = store.rates(uow)
    rates = _Rates(items, PriceList.of(uow, items.values()))
    for stay in due:
        _charge_stay(uow, stay, rates, now)
        store.days_are_charged(uow, stay, yesterday)
    return len(due)


def _charge_stay(uow: UnitOfWork, stay: store.StayToCharge, rates: _Rates, now: datetime) -> None:
    encounter_id = stay.account.encounter_id
    began = None if store.never_began(uow, encounter_id, stay.stay_version) else stay.opened_at
    days = charged_days(began, stay.closed_at, today=hospital_day(now))
    wards = wards_by_day(store.steps_of(uow, encounter_id), days)
    charged = store.charged_days_of(uow, stay.account.id)
    wanted = {(kind, day): rates.item(wards[day], kind) for day in days for kind in DailyCharge}
    for kind, day in sorted(wanted.keys() | charged.keys(), key=lambda each: (each[1], each[0])):
        item_id, before = wanted.get((kind, day)), charged.get((kind, day))
        if item_id != (before.item_id if before else None):
            _put_right(uow, stay, kind, day, item_id, before, rates, now)


def _put_right(
    uow: UnitOfWork,
    stay: store.StayToCharge,
    kind: DailyCharge,
    day: date,
    item_id: UUID | None,
    before: store.Day | None,
    rates: _Rates,
    now: datetime,
) -> None:
    if before is not None and before.line_id is not None and store.lock_rest(uow, before.line_id).quantity:
        take_back(
            uow,
            before.line_id,
            quantity=None,
            reason=PUT_RIGHT,
            by=CLOCK.subject,
            through=EnteredBy.CLOCK,
            now=now,
        )
    line_id = None
    if item_id is not None:
        wanted = Wanted(item_id, Decimal(1), day)
        line = make_line(stay.account, wanted, rates.prices, through=EnteredBy.CLOCK, by=CLOCK.subject, now=now)
        enter_lines(uow, [line], now=now)
        line_id = line.id
    store.keep_day(uow, stay.account.id, kind, day, new=before is None, charged=store.Day(item_id, line_id))
