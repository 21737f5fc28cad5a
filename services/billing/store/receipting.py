"""Named locks and finders of receipts. The series is locked last: whoever waits for a number holds all else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from services.billing.domain.receipt import Receipt
from services.billing.store.receipt_tables import receipt_requests, receipt_series, receipts
from services.billing.store.settlement_tables import settlements
from shared.database import UnitOfWork


def next_number(uow: UnitOfWork, code: str) -> int:
    """The next number of a series. The row stays locked until this unit ends; undone, it is given again."""
    (last,) = uow.insert_or_change(
        receipt_series,
        {"code": code, "last_number": 1},
        key=receipt_series.c.code,
        changes={"last_number": receipt_series.c.last_number + 1},
        returning=[receipt_series.c.last_number],
    )
    return int(last)


def lock_receipt(uow: UnitOfWork, receipt_id: UUID) -> Receipt | None:
    """A receipt, so that it is corrected by one at a time."""
    query = sa.select(Receipt).where(receipts.c.id == receipt_id).with_for_update()
    return uow.session.execute(query.execution_options(populate_existing=True)).scalar_one_or_none()


def red_of(uow: UnitOfWork, receipt_id: UUID) -> UUID | None:
    """The red receipt that has taken this one back."""
    return uow.session.execute(sa.select(receipts.c.id).where(receipts.c.red_of == receipt_id)).scalar_one_or_none()


def keep_receipt_request(uow: UnitOfWork, row: dict[str, Any]) -> bool:
    """Keep that a receipt is to be issued. False when it was asked for before."""
    return bool(uow.insert_once(receipt_requests, [row], returning=[receipt_requests.c.id]))


def due_receipts(uow: UnitOfWork, *, now: datetime, limit: int) -> Sequence[Any]:
    """Receipts to be issued, each taken by one worker: `id` and `tries`."""
    query = sa.select(receipt_requests.c.id, receipt_requests.c.tries).where(receipt_requests.c.next_try_at <= now)
    ordered = query.order_by(receipt_requests.c.next_try_at).limit(limit)
    return uow.session.execute(ordered.with_for_update(skip_locked=True)).all()


def change_receipt_request(uow: UnitOfWork, request_id: UUID, **values: Any) -> None:
    """Write down an attempt, or that it is done."""
    uow.session.execute(receipt_requests.update().where(receipt_requests.c.id == request_id).values(values))


def receipt_request(uow: UnitOfWork, request_id: UUID) -> Any:
    """A request for a receipt, issued or not."""
    query = sa.select(receipt_requests).where(receipt_requests.c.id == request_id)
    return uow.session.execute(query).mappings().one_or_none()


def remember_receipted(uow: UnitOfWork, settlement_id: UUID, now: datetime) -> None:
    """Keep when a settlement had its first receipt."""
    is_first = sa.and_(settlements.c.id == settlement_id, settlements.c.receipted_at.is_(None))
    uow.session.execute(settlements.update().where(is_first).values(receipted_at=now))


def lock_receipt_request(uow: UnitOfWork, request_id: UUID) -> Any:
    """A request for a receipt that is not issued yet; None when it is."""
    table = receipt_requests
    query = sa.select(table).where(table.c.id == request_id, table.c.receipt_id.is_(None)).with_for_update()
    return uow.session.execute(query).mappings().one_or_none()
