"""Bills follow appointments: held issues one, cancelled or not paid in time ends it, in whatever order they come."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from services.billing import store
from services.billing.domain import Consequences, Invoice, InvoiceLine, bookkeeping
from shared.actor import Actor
from shared.clock import hospital_day
from shared.database import UnitOfWork


def issue_invoice(uow: UnitOfWork, *, data: Mapping[str, Any], actor: Actor, now: datetime) -> Invoice | None:
    """An appointment is held: its fee (`fee_fen`) is billed once, and the bill can be paid from now on.

    A fee of nothing is balanced at once. An appointment that was cancelled before this was heard gets no bill; where
    the time to pay is over before this is heard, the bill ends as it begins, so that whoever waits for it is told.
    """
    heard = store.lock_appointment(uow, data["appointment_id"])
    if heard.cancelled_at is not None:
        return None
    if store.lock_invoice_of(uow, data["appointment_id"]) is not None:
        return None
    invoice = _draft(data, now)
    done = bookkeeping.issue(invoice, now)
    uow.session.add(invoice)
    finish(uow, done, actor=actor, now=now)
    if heard.lapsed_at is not None:
        finish(uow, bookkeeping.lapse(invoice, (), now=now, new_id=uuid4), actor=actor, now=now)
    return invoice


def cancel_invoice(uow: UnitOfWork, *, data: Mapping[str, Any], actor: Actor, now: datetime) -> Invoice | None:
    """An appointment is cancelled, for whatever reason: its bill is owed no longer.

    What was paid goes back as a refund, what is being paid is closed at the provider, what is paid later goes back too.
    Where the bill is not known yet, the end is remembered, so that none is issued.
    """
    if store.lock_appointment(uow, data["appointment_id"]).cancelled_at is None:
        store.remember_cancelled(uow, data["appointment_id"], now)
    invoice = store.lock_invoice_of(uow, data["appointment_id"])
    if invoice is None:
        return None
    done = bookkeeping.cancel(invoice, store.lock_payments_of(uow, invoice), now=now, new_id=uuid4)
    finish(uow, done, actor=actor, now=now)
    return invoice


def end_unpaid(uow: UnitOfWork, *, data: Mapping[str, Any], actor: Actor, now: datetime) -> Invoice | None:
    """The time to pay is over: billing decides whether the place has expired, because it knows the money.

    An unpaid bill is cancelled, open orders are closed at the provider, and what comes later goes back. A paid one
    stays as it is: `invoice_paid` was told when the money came. Where the bill is not known yet, this is remembered.
    """
    if store.lock_appointment(uow, data["appointment_id"]).lapsed_at is None:
        store.remember_lapsed(uow, data["appointment_id"], now)
    invoice = store.lock_invoice_of(uow, data["appointment_id"])
    if invoice is None:
        return None
    done = bookkeeping.lapse(invoice, store.lock_payments_of(uow, invoice), now=now, new_id=uuid4)
    finish(uow, done, actor=actor, now=now)
    return invoice


def finish(uow: UnitOfWork, done: Consequences, *, actor: Actor, now: datetime) -> None:
    """Write down what followed from a rule and tell the others."""
    store.keep(uow, done, now=now)
    for fact in done.facts:
        uow.publish(fact, actor=actor, now=now)


def _draft(data: Mapping[str, Any], now: datetime) -> Invoice:
    id_ = uuid4()
    line = InvoiceLine(
        number=1,
        text_zh=_text("挂号费", data, "zh"),
        text_en=_text("Registration fee", data, "en"),
        amount_fen=data["fee_fen"],
    )
    return Invoice(
        id=id_,
        number=_number(id_, now),
        appointment_id=data["appointment_id"],
        patient_id=data["patient_id"],
        lines=[line],
        client_reference=data.get("client_reference"),
    )


def _text(what: str, data: Mapping[str, Any], language: str) -> str:
    names = [data[each][language] for each in ("department", "practitioner") if data.get(each)]
    return " · ".join([what, *names])


def _number(id_: UUID, now: datetime) -> str:
    """What people read to each other, as AX20261123-04172283: the hospital's day and eight digits, never twice."""
    return f"AX{hospital_day(now):%Y%m%d}-{id_.int % 10**8:08d}"
