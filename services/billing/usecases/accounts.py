"""Accounts follow stays, in whatever order their news comes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any
from uuid import uuid4

from services.billing import store
from services.billing.domain import INPATIENT, AccountState, account_state
from services.billing.domain.stay_days import StayStep
from shared.actor import Actor
from shared.database import UnitOfWork


def follower(step: StayStep) -> Callable[..., None]:
    """The use case that hears the facts of one step of a stay."""
    return partial(follow_stay, step=step)


def follow_stay(uow: UnitOfWork, *, data: Mapping[str, Any], actor: Actor, now: datetime, step: StayStep) -> None:
    """An inpatient stay has one account, open as long as the stay goes on; the newest version of the stay counts.

    Each step is kept with its ward, so that the clock charges each day where the person lay, whatever comes late.
    """
    if data["encounter_class"] != INPATIENT:
        return
    state = account_state(data["state"])
    ward = data["ward"]
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
            "ward_id": ward["id"] if ward else None,
            "ward_zh": ward["zh"] if ward else "",
            "ward_en": ward["en"] if ward else "",
        },
    )
    told = {
        "encounter_id": data["encounter_id"],
        "version": data["version"],
        "step": step,
        "at": data["at"],
        "ward_code": ward["code"] if ward else "",
        "ward_zh": ward["zh"] if ward else "",
        "ward_en": ward["en"] if ward else "",
    }
    if store.keep_step(uow, told):
        store.look_at_days_again(uow, data["encounter_id"])
