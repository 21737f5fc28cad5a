"""What records tells meals, as the queue would bring it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from services.meals import store
from services.meals.consumers import SUBSCRIPTIONS
from shared.actor import Actor
from shared.database import Database
from tests.support.clock import MONDAY_MORNING

CONTRACTS = Path(__file__).resolve().parents[2] / "shared" / "contracts"

A, B, C = (str(UUID(int=number)) for number in (1, 2, 3))


def golden(type_: str) -> dict[str, Any]:
    """The golden example of a fact."""
    found: dict[str, Any] = json.loads((CONTRACTS / f"{type_}.json").read_text(encoding="utf-8"))
    return found


def registered(patient_id: str, *, verified: bool = False, **changes: Any) -> tuple[str, dict[str, Any]]:
    """A person was registered."""
    data = {"patient_id": patient_id, "mrn": f"10000000{patient_id[-1]}", "verified": verified, "sex": None}
    return "records.patient_registered.v1", {**data, "birth_on": None, **changes}


def verified(patient_id: str, **changes: Any) -> tuple[str, dict[str, Any]]:
    """A patient's document was seen."""
    data = {"patient_id": patient_id, "mrn": f"10000000{patient_id[-1]}", "sex": "female", "birth_on": "1980-04-05"}
    return "records.patient_verified.v1", {**data, **changes}


def merged(patient_id: str, into: str) -> tuple[str, dict[str, Any]]:
    """A record has ended in another one."""
    return "records.patient_merged.v1", {"patient_id": patient_id, "merged_into": into}


def hear(database: Database, *facts: tuple[str, dict[str, Any]]) -> None:
    """Take facts as the inbox does: the tolerant schema, then the use case, each in a unit of work of its own."""
    for type_, data in facts:
        subscription = SUBSCRIPTIONS[type_]
        with database.write() as uow, uow.savepoint():
            loaded = subscription.schema().load(data)
            subscription.use_case(uow, data=loaded, actor=Actor.system("meals"), now=MONDAY_MORNING)


def known(database: Database) -> list[tuple[Any, ...]]:
    """All patients that meals knows: MRN, sex, year of birth, whether a document was seen."""
    table = store.patients
    with database.read() as uow:
        rows: Iterable[Any] = uow.session.execute(sa.select(table).order_by(table.c.mrn)).all()
        return [(row.mrn, row.sex, row.birth_on and row.birth_on.year, row.verified) for row in rows]


def merges(database: Database) -> list[tuple[str, str]]:
    """All merges that meals has heard of."""
    with database.read() as uow:
        return sorted(
            (str(row.patient_id), str(row.merged_into)) for row in uow.session.execute(sa.select(store.merges))
        )
