"""Accounts follow stays, in whatever order their news comes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

from services.billing import store
from services.billing.domain import INPATIENT, AccountState, account_state
from shared.actor import Actor
from shared.database import UnitOfWork


def follow_stay(uow: UnitOfWork, *, data: Mapping[str, Any], actor: Actor, now: datetime) -> None:
    """An inpatient stay has one account, open as long as the stay goes on; the newest version of the stay counts."""
    if data["encounter_class"] != INPATIENT:
        return
    state = account_state(data["state"])
    closed_at = (data["ended_at"] or data["at"]) if state is AccountState.CLOSED else None
    store.keep_account(
        uow,
        {
            "id": uuid4(),
            "encounter_id": data["encounter_id"],
            "patient_id": data["patient_id"],
            "state": state,
            "opened_at": data["started_at"],
            "closed_at": closed_at,
            "stay_version": data["version"],
            "heard_at": now,
        },
    )
