"""Reading what did not end: every payment, refund, claim and receipt, in one list, the oldest first."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from services.billing.domain import LIVE, OPEN_REFUNDS, BilledKind, RefundState
from services.billing.domain.claim import ClaimState
from services.billing.domain.stuck import (
    GRACE_SECONDS,
    StuckKind,
    ways_for_claim,
    ways_for_payment,
    ways_for_receipt,
    ways_for_refund,
)
from services.billing.queries.payments import Row
from services.billing.store import (
    claims,
    invoices,
    payments,
    present_ids,
    receipt_requests,
    refunds,
    stuck_cases,
    stuck_notes,
)
from shared.actor import Actor
from shared.database import UnitOfWork
from shared.errors import NotFound

_LONGEST = 500


def stuck_list(
    uow: UnitOfWork,
    *,
    actor: Actor,
    now: datetime,
    limit: int,
    kind: StuckKind | None = None,
    set_aside: bool = False,
) -> Row:
    """What is stuck now, the oldest first; `counts` by kind. With `set_aside`, what somebody has set aside."""
    everything = [row for each in StuckKind for row in _READERS[each](uow, None, now)]
    rows = _with_cases(uow, everything)
    wanted = [row for row in rows if (row["set_aside_at"] is not None) is set_aside]
    counts = {each.value: sum(row["kind"] is each for row in wanted) for each in StuckKind}
    chosen = sorted((row for row in wanted if kind in {None, row["kind"]}), key=lambda row: row["since"])
    aside = sum(row["set_aside_at"] is not None for row in rows)
    return {"items": _of_present_patients(uow, chosen[:limit]), "counts": counts, "set_aside": aside}


def stuck_one(uow: UnitOfWork, *, actor: Actor, now: datetime, kind: StuckKind, reference: UUID) -> Row:
    """One thing with everything that was tried; also when it has ended meanwhile. Raises NotFound."""
    rows = _READERS[kind](uow, reference, now)
    if not rows:
        raise NotFound
    [found] = _of_present_patients(uow, _with_cases(uow, rows))
    table = stuck_notes
    query = sa.select(table).where(table.c.kind == kind, table.c.reference == reference)
    newest = query.order_by(table.c.position.desc()).limit(_LONGEST)
    notes = [dict(row) for row in uow.session.execute(newest).mappings()]
    return {**found, "history": notes}


def _stuck(table: sa.Table, open_: sa.ColumnElement[bool], reference: UUID | None, now: datetime) -> Any:
    """Rows of a table that did not end and are no longer simply on their way; or the one that is asked for."""
    if reference is not None:
        return table.c.id == reference
    late = table.c.requested_at <= now - timedelta(seconds=GRACE_SECONDS)
    return sa.and_(open_, sa.or_(late, table.c.problem.is_not(None)) if "problem" in table.c else late)


def _payments(uow: UnitOfWork, reference: UUID | None, now: datetime) -> list[Row]:
    query = sa.select(payments, invoices.c.number).join(invoices, invoices.c.id == payments.c.invoice_id)
    rows = _rows(uow, query.where(_stuck(payments, payments.c.state.in_(LIVE), reference, now)), payments)
    return [
        _row(StuckKind.PAYMENT, row, ways_for_payment(row["state"]), what=BilledKind(row["billed_kind"]).value)
        for row in rows
    ]


def _refunds(uow: UnitOfWork, reference: UUID | None, now: datetime) -> list[Row]:
    query = sa.select(refunds, invoices.c.number, invoices.c.billed_kind).join(
        invoices, invoices.c.id == refunds.c.invoice_id
    )
    owed = refunds.c.state.in_({*OPEN_REFUNDS, RefundState.REFUSED})
    rows = _rows(uow, query.where(_stuck(refunds, owed, reference, now)), refunds)
    return [
        _row(
            StuckKind.REFUND,
            row,
            ways_for_refund(row["state"], row["channel"]),
            what=BilledKind(row["billed_kind"]).value,
        )
        for row in rows
    ]


def _claims(uow: UnitOfWork, reference: UUID | None, now: datetime) -> list[Row]:
    waiting = sa.or_(
        claims.c.state.in_((ClaimState.REQUESTED, ClaimState.UNKNOWN, ClaimState.REVERSING)),
        sa.and_(claims.c.state == ClaimState.PRESETTLED, claims.c.wanted),
    )
    columns = [column for column in claims.c if column.name != "lines"]
    rows = _rows(uow, sa.select(*columns).where(_stuck(claims, waiting, reference, now)), claims)
    return [
        _row(
            StuckKind.CLAIM,
            {**row, "amount_fen": row["total_fen"], "number": None, "channel": None},
            ways_for_claim(row["state"], is_waiting=row["next_try_at"] is not None),
            what="settlement",
        )
        for row in rows
    ]


def _receipts(uow: UnitOfWork, reference: UUID | None, now: datetime) -> list[Row]:
    due = receipt_requests.c.receipt_id.is_(None)
    rows = _rows(
        uow, sa.select(receipt_requests).where(_stuck(receipt_requests, due, reference, now)), receipt_requests
    )
    return [
        _row(
            StuckKind.RECEIPT,
            {
                **row,
                "amount_fen": row["content"]["total_fen"],
                "state": "requested" if row["receipt_id"] is None else "succeeded",
                "problem": None,
                "number": None,
                "channel": None,
            },
            ways_for_receipt() if row["receipt_id"] is None else (),
            what=row["kind"].value,
        )
        for row in rows
    ]


_READERS: dict[StuckKind, Callable[[UnitOfWork, UUID | None, datetime], list[Row]]] = {
    StuckKind.PAYMENT: _payments,
    StuckKind.REFUND: _refunds,
    StuckKind.CLAIM: _claims,
    StuckKind.RECEIPT: _receipts,
}


def _rows(uow: UnitOfWork, query: sa.Select[Any], table: sa.Table) -> list[Row]:
    oldest = query.order_by(table.c.requested_at, table.c.id).limit(_LONGEST)
    return [dict(row) for row in uow.session.execute(oldest).mappings()]


def _row(kind: StuckKind, row: Row, ways: Iterable[Any], *, what: str) -> Row:
    return {
        "kind": kind,
        "reference": row["id"],
        "what": what,
        "number": row["number"],
        "state": str(row["state"]),
        "channel": row["channel"],
        "amount_fen": row["amount_fen"],
        "problem": row["problem"],
        "patient_id": row["patient_id"],
        "since": row["requested_at"],
        "tries": row["tries"],
        "next_try_at": row["next_try_at"],
        "ways": list(ways),
    }


def _with_cases(uow: UnitOfWork, rows: list[Row]) -> list[Row]:
    cases: dict[Any, Row] = {
        (case["kind"], case["reference"]): dict(case)
        for case in uow.session.execute(
            sa.select(stuck_cases).where(stuck_cases.c.reference.in_([row["reference"] for row in rows]))
        ).mappings()
    }
    names = ("owner", "set_aside_at", "set_aside_by", "reason")
    return [row | {name: cases.get((row["kind"], row["reference"]), {}).get(name) for name in names} for row in rows]


def _of_present_patients(uow: UnitOfWork, rows: list[Row]) -> list[Row]:
    present = present_ids(uow, {row["patient_id"] for row in rows})
    return [{**row, "patient_id": present[row["patient_id"]]} for row in rows]
