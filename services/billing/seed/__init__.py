"""The demo hospital's billing: its price list. Bills and charges come from its day, like every other day."""

from __future__ import annotations

from services.billing import usecases
from services.billing.seed.price_list import demo_price_list, demo_rates
from shared.actor import Actor
from shared.door import Door
from shared.settings import Settings


def seed(door: Door, settings: Settings) -> None:  # noqa: ARG001 (the same form in every service)
    """Open the price list with what is not in it yet."""
    items, terms = demo_price_list()
    with door.database.write() as uow:
        usecases.open_price_list(
            uow,
            items=items,
            terms=terms,
            rates=demo_rates(items),
            actor=Actor.system("billing", "seed"),
            now=door.clock(),
        )
