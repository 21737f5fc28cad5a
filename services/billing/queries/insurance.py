"""Reading how a stay's patient is insured, and what the insurer has said of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from services.billing.domain import InsuredKind
from services.billing.domain.coverage import CoverageState
from services.billing.queries.payments import STAFF, Row
from services.billing.store import accounts, claims, coverages, same_patient
from shared.actor import Actor
from shared.database import UnitOfWork
from shared.errors import NotFound, NotYours

CARERS = (*STAFF, "nurse")
_NOT_ENTERED: Row = {
    "kind": InsuredKind.NONE,
    "state": CoverageState.ENTERED,
    "psn_no": None,
    "use_account": False,
    "account_balance_fen": 0,
    "problem": None,
    "entered_at": None,
    "checked_at": None,
}
_CLAIM = (
    *("id", "settlement_id", "account_id", "patient_id", "state", "total_fen", "estimate", "presettled", "settled"),
    *("problem", "requested_at", "ended_at", "tries", "next_try_at"),
)


def coverage_of(uow: UnitOfWork, *, actor: Actor, now: datetime, encounter_id: UUID) -> Row:
    """How the patient of a stay is insured; nothing entered means not insured. Raises NotFound."""
    account = _account(uow, actor, encounter_id)
    row = uow.session.execute(sa.select(coverages).where(coverages.c.account_id == account["id"])).mappings().first()
    found = dict(row) if row is not None else _NOT_ENTERED
    number: str | None = found["psn_no"]
    about = {"encounter_id": encounter_id, "patient_id": account["patient_id"]}
    return {**found, **about, "is_entered": row is not None, "psn_no_end": None if number is None else number[-4:]}


def claims_of(uow: UnitOfWork, *, actor: Actor, now: datetime, encounter_id: UUID) -> Row:
    """What the insurer was asked to pay of a stay, the newest first. Raises NotFound."""
    account = _account(uow, actor, encounter_id)
    query = sa.select(*(claims.c[name] for name in _CLAIM)).where(claims.c.account_id == account["id"])
    rows = uow.session.execute(query.order_by(claims.c.requested_at.desc(), claims.c.id)).mappings()
    return {"items": [{**row, "encounter_id": encounter_id} for row in rows]}


def _account(uow: UnitOfWork, actor: Actor, encounter_id: UUID) -> Any:
    query = sa.select(accounts.c.id, accounts.c.patient_id).where(accounts.c.encounter_id == encounter_id)
    row = uow.session.execute(query).mappings().one_or_none()
    if row is None:
        raise NotFound
    if not actor.has(*CARERS):
        own = actor.patient_id
        if own is None or not actor.acts_for(own, "pay") or not same_patient(uow, own, row["patient_id"]):
            raise NotYours(row["patient_id"])
    return row
