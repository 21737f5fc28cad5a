"""Bills of appointments: held issues one, cancelled or not paid in time ends it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from services.billing.domain import BilledKind, Invoice
from services.billing.usecases.invoices import Text, end_bill, issue_bill, lapse_bill
from shared.actor import Actor
from shared.database import UnitOfWork

_KIND = BilledKind.APPOINTMENT


def issue_invoice(uow: UnitOfWork, *, data: Mapping[str, Any], actor: Actor, now: datetime) -> Invoice | None:
    """An appointment is held: its fee (`fee_fen`) is billed once, and the bill can be paid from now on."""
    line = Text(_text("挂号费", data, "zh"), _text("Registration fee", data, "en"), data["fee_fen"])
    return issue_bill(
        uow,
        kind=_KIND,
        billed_id=data["appointment_id"],
        patient_id=data["patient_id"],
        lines=[line],
        actor=actor,
        now=now,
        client_reference=data.get("client_reference"),
    )


def cancel_invoice(uow: UnitOfWork, *, data: Mapping[str, Any], actor: Actor, now: datetime) -> Invoice | None:
    """An appointment is cancelled, for whatever reason: its bill is owed no longer, and what was paid goes back."""
    return end_bill(uow, kind=_KIND, billed_id=data["appointment_id"], actor=actor, now=now)


def end_unpaid(uow: UnitOfWork, *, data: Mapping[str, Any], actor: Actor, now: datetime) -> Invoice | None:
    """The time to pay is over: billing decides whether the place has expired, because it knows the money."""
    return lapse_bill(uow, kind=_KIND, billed_id=data["appointment_id"], actor=actor, now=now)


def _text(what: str, data: Mapping[str, Any], language: str) -> str:
    names = [data[each][language] for each in ("department", "practitioner") if data.get(each)]
    return " · ".join([what, *names])
