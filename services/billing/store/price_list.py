"""The price list: items, what they cost from when on, and which of them a day in a ward costs."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from services.billing.domain.charging import PricedItem, PriceTerms
from services.billing.domain.stay_days import DailyCharge
from services.billing.store.charge_tables import daily_rates, price_terms, priced_items
from shared.database import UnitOfWork

_ITEM = tuple(priced_items.c[name] for name in PricedItem.__dataclass_fields__)
_TERMS = tuple(price_terms.c[name] for name in PriceTerms.__dataclass_fields__)


def keep_items(uow: UnitOfWork, items: Iterable[PricedItem]) -> None:
    """Add items that are not there yet."""
    rows = [
        {**{name: getattr(item, name) for name in PricedItem.__dataclass_fields__}, **_sounds(item.name_zh)}
        for item in items
    ]
    uow.insert_once(priced_items, rows, returning=[priced_items.c.id])


def keep_terms(uow: UnitOfWork, terms: Iterable[PriceTerms], *, set_by: str, set_at: Any) -> int:
    """Add terms; those of a day that has some already are passed over. Gives how many were new."""
    rows = [
        {**{name: getattr(each, name) for name in PriceTerms.__dataclass_fields__}, "set_by": set_by, "set_at": set_at}
        for each in terms
    ]
    return len(uow.insert_once(price_terms, rows, returning=[price_terms.c.item_id]))


def keep_rates(uow: UnitOfWork, rates: Mapping[tuple[str, DailyCharge], UUID]) -> None:
    """Say which item a day in a ward costs; the empty code stands for every ward without an item of its own."""
    rows = [{"ward_code": ward, "kind": kind, "item_id": item} for (ward, kind), item in rates.items()]
    uow.insert_once(daily_rates, rows, returning=[daily_rates.c.item_id])


def items_by_id(uow: UnitOfWork, ids: Iterable[UUID]) -> dict[UUID, PricedItem]:
    """Items for reading."""
    query = sa.select(*_ITEM).where(priced_items.c.id.in_(list(ids)))
    return {row["id"]: PricedItem(**row) for row in uow.session.execute(query).mappings()}


def ids_by_code(uow: UnitOfWork, codes: Iterable[str]) -> dict[str, UUID]:
    """The items that have these codes."""
    query = sa.select(priced_items.c.code, priced_items.c.id).where(priced_items.c.code.in_(list(codes)))
    return {code: id_ for code, id_ in uow.session.execute(query)}  # noqa: C416 (a row is no pair to a type checker)


def terms_of(uow: UnitOfWork, ids: Iterable[UUID]) -> dict[UUID, list[PriceTerms]]:
    """All terms of items, those that have not begun among them."""
    found: dict[UUID, list[PriceTerms]] = {}
    query = sa.select(*_TERMS).where(price_terms.c.item_id.in_(list(ids)))
    for row in uow.session.execute(query).mappings():
        found.setdefault(row["item_id"], []).append(PriceTerms(**row))
    return found


def rates(uow: UnitOfWork) -> dict[tuple[str, DailyCharge], UUID]:
    """Which item a day in a ward costs, by ward code and kind."""
    rows = uow.session.execute(sa.select(daily_rates))
    return {(row.ward_code, row.kind): row.item_id for row in rows}


def search_items(uow: UnitOfWork, typed: str, *, limit: int) -> Sequence[PricedItem]:
    """Items by Chinese or English name, pinyin, initials or code, as somebody types them; the best match first."""
    text = "".join(unicodedata.normalize("NFKC", typed).lower().split())
    columns = priced_items.c
    english = sa.func.replace(sa.func.lower(columns.name_en), " ", "")
    ways = (sa.func.lower(columns.name_zh), columns.initials, columns.pinyin, english, sa.func.lower(columns.code))
    begins = sa.or_(*(way.startswith(text, autoescape=True) for way in ways))
    matches = sa.or_(*(way.contains(text, autoescape=True) for way in ways)) if text else sa.true()
    query = sa.select(*_ITEM).where(matches).order_by(sa.not_(begins), columns.category, columns.code).limit(limit)
    return [PricedItem(**row) for row in uow.session.execute(query).mappings()]


def _sounds(name: str) -> dict[str, str]:
    """How people type a Chinese name: whole pinyin and initials, in small letters; what is no Chinese stays whole."""
    import pypinyin  # noqa: PLC0415 (a large dictionary that only writers of names need)

    parts = [("".join(filter(str.isalnum, each)).lower(), each in name) for each in pypinyin.lazy_pinyin(name)]
    sounds = [(sound, written) for sound, written in parts if sound]
    initials = (sound if written else sound[0] for sound, written in sounds)
    return {"pinyin": "".join(sound for sound, _ in sounds), "initials": "".join(initials)}
