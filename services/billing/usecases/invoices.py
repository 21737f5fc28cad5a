"""Bills follow what they are for: it is issued once, and ends when the thing is no more or not paid in time.

The news may come in any order: an end that is heard before the beginning is remembered.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID, uuid4

from services.billing import store
from services.billing.domain import BilledKind, Consequences, Invoice, InvoiceLine, bookkeeping
from services.billing.events import InvoicePaid
from services.billing.usecases.vouchers import give_voucher
from shared.actor import Actor
from shared.clock import hospital_day
from shared.database import UnitOfWork


class Text(NamedTuple):
    """A line to be billed in both languages, and its amount in fen."""

    zh: str
    en: str
    amount_fen: int


def issue_bill(
    uow: UnitOfWork,
    *,
    kind: BilledKind,
    billed_id: UUID,
    patient_id: UUID,
    lines: Sequence[Text],
    actor: Actor,
    now: datetime,
    client_reference: str | None = None,
) -> Invoice | None:
    """Bill a thing once, to a patient; from now on the bill can be paid. A bill of nothing is balanced at once.

    None where the thing was billed before, or had ended before this was heard. Where the time to pay is over before
    this is heard, the bill ends as it begins, so that whoever waits for it is told.
    """
    heard = store.lock_billed(uow, kind, billed_id)
    if heard.cancelled_at is not None or store.lock_invoice_of(uow, kind, billed_id) is not None:
        return None
    id_ = uuid4()
    invoice = Invoice(
        id=id_,
        number=_number(id_, now),
        billed_kind=kind,
        billed_id=billed_id,
        patient_id=patient_id,
        lines=[
            InvoiceLine(number=number, text_zh=line.zh, text_en=line.en, amount_fen=line.amount_fen)
            for number, line in enumerate(lines, 1)
        ],
        client_reference=client_reference,
    )
    done = bookkeeping.issue(invoice, now)
    uow.session.add(invoice)
    finish(uow, done, actor=actor, now=now)
    if heard.lapsed_at is not None:
        finish(uow, bookkeeping.lapse(invoice, (), now=now, new_id=uuid4), actor=actor, now=now)
    return invoice


def end_bill(uow: UnitOfWork, *, kind: BilledKind, billed_id: UUID, actor: Actor, now: datetime) -> Invoice | None:
    """What was billed is no more, for whatever reason: its bill is owed no longer.

    What was paid goes back as a refund, what is being paid is closed at the provider, what is paid later goes back too.
    Where the bill is not known yet, the end is remembered, so that none is issued.
    """
    if store.lock_billed(uow, kind, billed_id).cancelled_at is None:
        store.remember_cancelled(uow, kind, billed_id, now)
    invoice = store.lock_invoice_of(uow, kind, billed_id)
    if invoice is None:
        return None
    done = bookkeeping.cancel(invoice, store.lock_payments_of(uow, invoice), now=now, new_id=uuid4)
    finish(uow, done, actor=actor, now=now)
    return invoice


def lapse_bill(uow: UnitOfWork, *, kind: BilledKind, billed_id: UUID, actor: Actor, now: datetime) -> Invoice | None:
    """The time to pay is over: an unpaid bill is cancelled, open orders are closed, and what comes later goes back.

    A paid one stays as it is: `invoice_paid` was told when the money came. Where the bill is not known yet, this is
    remembered.
    """
    if store.lock_billed(uow, kind, billed_id).lapsed_at is None:
        store.remember_lapsed(uow, kind, billed_id, now)
    invoice = store.lock_invoice_of(uow, kind, billed_id)
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
        if isinstance(fact, InvoicePaid):
            give_voucher(uow, fact, now=now)


def _number(id_: UUID, now: datetime) -> str:
    """What people read to each other, as AX20261123-04172283: the hospital's day and eight digits, never twice."""
    return f"AX{hospital_day(now):%Y%m%d}-{id_.int % 10**8:08d}"
