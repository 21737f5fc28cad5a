"""Reading the price list."""

from __future__ import annotations

from datetime import datetime

from services.billing import store
from services.billing.domain.charging import terms_on
from services.billing.domain.charging_errors import ItemHasNoPrice
from services.billing.queries.payments import Row
from shared.actor import Actor
from shared.clock import hospital_day
from shared.database import UnitOfWork


def priced_items(uow: UnitOfWork, *, actor: Actor, now: datetime, search: str, limit: int) -> Row:
    """Items that match what somebody typed, each with the terms of today; the best match first."""
    items = store.search_items(uow, search, limit=limit)
    terms = store.terms_of(uow, [item.id for item in items])
    rows = []
    for item in items:
        try:
            current = terms_on(terms.get(item.id, ()), hospital_day(now))
        except ItemHasNoPrice:
            current = None
        rows.append(
            {
                "id": item.id,
                "code": item.code,
                "national_code": item.national_code,
                "name": {"zh": item.name_zh, "en": item.name_en},
                "spec": item.spec,
                "unit": {"zh": item.unit_zh, "en": item.unit_en},
                "category": item.category,
                "terms": current,
            }
        )
    return {"items": rows}
