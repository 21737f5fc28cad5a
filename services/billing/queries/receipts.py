"""Reading receipts: by who paid and by the staff with everything on them, by anybody to check whether one is real."""

from __future__ import annotations

import hmac
import re
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from services.billing.domain.capitals import in_capitals
from services.billing.queries.insurance import CARERS
from services.billing.queries.payments import Row
from services.billing.store import present_ids, receipt_requests, receipts, same_patient
from shared.actor import Actor
from shared.database import UnitOfWork
from shared.errors import NotFound, NotYours

_SHORT = ("id", "kind", "code", "number", "check_code", "encounter_id", "patient_id", "total_fen", "red_of", "reason")
CHECKED = re.compile(r"(\d{8})-?(\d{10})-?([0-9A-Z]{6})", re.ASCII)


def receipts_of(uow: UnitOfWork, *, actor: Actor, now: datetime, encounter_id: UUID) -> Row:
    """The receipts of a stay, the newest first, and how many are still to be issued."""
    columns = [*(receipts.c[name] for name in _SHORT), receipts.c.issued_at]
    query = sa.select(*columns).where(receipts.c.encounter_id == encounter_id).order_by(receipts.c.issued_at.desc())
    rows = [dict(row) for row in uow.session.execute(query.order_by(receipts.c.number.desc())).mappings()]
    requests = sa.select(receipt_requests.c.patient_id, receipt_requests.c.receipt_id).where(
        receipt_requests.c.encounter_id == encounter_id
    )
    asked = uow.session.execute(requests).all()
    owners = {row["patient_id"] for row in rows} | {each.patient_id for each in asked}
    for owner in owners:
        _check_may_read(uow, actor, owner)
    pending = sum(each.receipt_id is None for each in asked)
    return {"items": _with_state(uow, rows), "pending": pending}


def receipt(uow: UnitOfWork, *, actor: Actor, now: datetime, receipt_id: UUID) -> Row:
    """One receipt with everything that stands on it. Raises NotFound."""
    row = uow.session.execute(sa.select(receipts).where(receipts.c.id == receipt_id)).mappings().one_or_none()
    if row is None:
        raise NotFound
    _check_may_read(uow, actor, row["patient_id"])
    return _with_state(uow, [dict(row)])[0]


def check_receipt(uow: UnitOfWork, *, actor: Actor, now: datetime, code: str) -> Row:
    """Whether a receipt is real: code, number and check code must all be right, or nothing is told about it."""
    unknown: Row = {"is_real": False, "code": None, "number": None, "kind": None, "total_fen": None, "issued_at": None}
    unknown |= {"is_red": False, "is_taken_back": False}
    given = CHECKED.fullmatch(code.strip().upper())
    if given is None:
        return unknown
    query = sa.select(receipts).where(receipts.c.code == given[1], receipts.c.number == int(given[2]))
    row = uow.session.execute(query).mappings().one_or_none()
    if row is None or not hmac.compare_digest(row["check_code"], given[3]):
        return unknown
    [found] = _with_state(uow, [dict(row)])
    return {**found, "is_real": True}


def _check_may_read(uow: UnitOfWork, actor: Actor, patient_id: UUID) -> None:
    own = actor.patient_id
    may = own is not None and actor.acts_for(own, "pay") and same_patient(uow, own, patient_id)
    if not actor.has(*CARERS) and not may:
        raise NotYours(patient_id)


def _with_state(uow: UnitOfWork, rows: list[Row]) -> list[Row]:
    """Rows with their number as it is shown, whether each is red, and whether it was taken back."""
    back = sa.select(receipts.c.red_of).where(receipts.c.red_of.in_([row["id"] for row in rows]))
    taken: set[Any] = set(uow.session.execute(back).scalars())
    present = present_ids(uow, {row["patient_id"] for row in rows})
    return [
        {
            **row,
            "patient_id": present[row["patient_id"]],
            "number": f"{row['number']:010}",
            "capitals": in_capitals(row["total_fen"]),
            "is_red": row["red_of"] is not None,
            "is_taken_back": row["id"] in taken,
        }
        for row in rows
    ]
