"""What billing needs to know of patients: who has become whom, and who may act for them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from services.billing import store
from shared.actor import Actor
from shared.database import UnitOfWork


def remember_merger(uow: UnitOfWork, *, data: Mapping[str, Any], actor: Actor, now: datetime) -> None:
    """One patient has become another: their bills stay as they are and are found under the other from now on."""
    store.remember_merger(uow, data["patient_id"], data["merged_into"])


def may_pay_for(uow: UnitOfWork, actor: Actor, patient_id: UUID) -> bool:
    """Whether the actor acts for this patient with scope `pay`, under whichever id either of them is known."""
    own = actor.patient_id
    return own is not None and actor.acts_for(own, "pay") and store.same_patient(uow, own, patient_id)
