"""Bills of companions' meals: ordered issues one, cancelled ends it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from services.billing.domain import BilledKind, Invoice
from services.billing.usecases.invoices import Text, end_bill, issue_bill
from shared.actor import Actor
from shared.database import UnitOfWork


def bill_companion_meal(uow: UnitOfWork, *, data: Mapping[str, Any], actor: Actor, now: datetime) -> Invoice | None:
    """A companion orders a meal and pays at once: a bill to the payer's own record, once for each order."""
    return issue_bill(
        uow,
        kind=BilledKind.MEAL_ORDER,
        billed_id=data["order_id"],
        patient_id=data["patient_id"],
        lines=[Text(data["text_zh"], data["text_en"], data["amount_fen"])],
        actor=actor,
        now=now,
    )


def end_companion_meal(uow: UnitOfWork, *, data: Mapping[str, Any], actor: Actor, now: datetime) -> Invoice | None:
    """The meal is not made: its bill is owed no longer, and what was or is later paid goes back."""
    return end_bill(uow, kind=BilledKind.MEAL_ORDER, billed_id=data["order_id"], actor=actor, now=now)
