"""The price list: opened with items, and new terms from a day on. What was charged keeps its price."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from services.billing import store
from services.billing.domain.charging import PricedItem, PriceTerms
from services.billing.domain.charging_errors import ItemUnknown, PriceExists, PriceInThePast
from services.billing.domain.insurance import CatalogueClass
from services.billing.domain.stay_days import DailyCharge
from shared.actor import Actor
from shared.clock import hospital_day
from shared.database import UnitOfWork


def open_price_list(
    uow: UnitOfWork,
    *,
    items: Sequence[PricedItem],
    terms: Sequence[PriceTerms],
    rates: Mapping[tuple[str, DailyCharge], UUID],
    actor: Actor,
    now: datetime,
) -> None:
    """Add the items, terms and daily rates that are not there yet; what is there stays as it is."""
    store.keep_items(uow, items)
    store.keep_terms(uow, terms, set_by=actor.subject, set_at=now)
    store.keep_rates(uow, rates)


def set_price(
    uow: UnitOfWork,
    *,
    actor: Actor,
    now: datetime,
    item_id: UUID,
    from_on: date,
    price: Decimal,
    catalogue_class: CatalogueClass,
    self_pay_ratio: Decimal,
    ceiling: Decimal | None = None,
) -> PriceTerms:
    """An item costs something else from a hospital day on: tomorrow at the earliest, so that no day has two prices.

    Raises ItemUnknown, PriceInThePast and PriceExists.
    """
    if not store.items_by_id(uow, [item_id]):
        raise ItemUnknown
    if from_on <= hospital_day(now):
        raise PriceInThePast
    terms = PriceTerms(
        item_id=item_id,
        from_on=from_on,
        price=price,
        catalogue_class=catalogue_class,
        self_pay_ratio=self_pay_ratio,
        ceiling=ceiling,
    )
    if not store.keep_terms(uow, [terms], set_by=actor.subject, set_at=now):
        raise PriceExists
    return terms
