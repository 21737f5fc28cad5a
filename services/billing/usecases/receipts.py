"""Receipts: asked for by a settlement, numbered without gaps, corrected by red ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from services.billing import store
from services.billing.domain import next_try
from services.billing.domain.receipt import Receipt, ReceiptContent, ReceiptIntent, ReceiptKind, Seal, series_code
from services.billing.domain.receipt_errors import ReceiptTakenBack
from shared.actor import Actor
from shared.clock import hospital_day
from shared.database import UnitOfWork
from shared.errors import NotFound

ATTEMPT_SECONDS = 5
LONGEST_SECONDS = 300


def request_receipt(
    uow: UnitOfWork,
    *,
    kind: ReceiptKind,
    subject_id: UUID,
    encounter_id: UUID,
    patient_id: UUID,
    content: ReceiptContent,
    actor: Actor,
    now: datetime,
) -> bool:
    """A settled stay gets a receipt: the clock issues it a moment later, and tries again where that fails.

    A receipt never holds up a discharge. False when it was asked for before. Raises IdentitiesBroken.
    """
    content.check()
    row = {
        "id": uuid4(),
        "kind": kind,
        "subject_id": subject_id,
        "encounter_id": encounter_id,
        "patient_id": patient_id,
        "content": asdict(content),
        "requested_by": actor.subject,
        "requested_at": now,
        "tries": 0,
        "next_try_at": now,
    }
    return store.keep_receipt_request(uow, row)


def take_due_receipts(uow: UnitOfWork, *, now: datetime, limit: int) -> Sequence[ReceiptIntent]:
    """Receipts to be issued, each in a transaction of its own. The attempt is written down."""
    intents = []
    for row in store.due_receipts(uow, now=now, limit=limit):
        again = next_try(now, row.tries + 1, first=ATTEMPT_SECONDS, longest=LONGEST_SECONDS)
        store.change_receipt_request(uow, row.id, tries=row.tries + 1, next_try_at=again)
        intents.append(ReceiptIntent(request_id=row.id))
    return intents


def conclude_receipt(uow: UnitOfWork, *, intent: ReceiptIntent, answer: Seal, now: datetime) -> None:
    """Issue what was asked for, once."""
    row = store.lock_receipt_request(uow, intent.request_id)
    if row is None:
        return
    receipt = issue_receipt(
        uow,
        kind=row["kind"],
        subject_id=row["subject_id"],
        encounter_id=row["encounter_id"],
        patient_id=row["patient_id"],
        content=ReceiptContent(**row["content"]),
        issued_by=row["requested_by"],
        seal=answer,
        now=now,
    )
    store.change_receipt_request(uow, row["id"], receipt_id=receipt.id, next_try_at=None)
    store.remember_receipted(uow, row["subject_id"], now)


def issue_receipt(
    uow: UnitOfWork,
    *,
    kind: ReceiptKind,
    subject_id: UUID,
    encounter_id: UUID,
    patient_id: UUID,
    content: ReceiptContent,
    issued_by: str,
    seal: Seal,
    now: datetime,
    red_of: UUID | None = None,
    reason: str | None = None,
    replaces: UUID | None = None,
) -> Receipt:
    """Issue a receipt under the next number of its kind and year: given and used in one transaction, so never a gap.

    Raises IdentitiesBroken, changing nothing. Handbook section 3.14.
    """
    content.check()
    code = series_code(kind, hospital_day(now))
    number = store.next_number(uow, code)
    receipt = Receipt(
        id=uuid4(),
        kind=kind,
        code=code,
        number=number,
        previous=number - 1 if number > 1 else None,
        check_code=seal.mark(code=code, number=number, total_fen=content.total_fen, issued_at=now),
        subject_id=subject_id,
        encounter_id=encounter_id,
        patient_id=patient_id,
        total_fen=content.total_fen,
        content=asdict(content),
        issued_by=issued_by,
        issued_at=now,
        red_of=red_of,
        reason=reason,
        replaces=replaces,
    )
    uow.session.add(receipt)
    uow.session.flush()
    return receipt


def correct_receipt(
    uow: UnitOfWork, *, actor: Actor, now: datetime, seal: Seal, receipt_id: UUID, reason: str, reissue: bool
) -> Receipt:
    """Take a receipt back by a red one (冲红) with a number of its own; with `reissue`, a new blue one follows it.

    Gives the last one issued. A receipt is taken back once. Raises NotFound, ReceiptTakenBack, RedReceiptStays.
    """
    receipt = store.lock_receipt(uow, receipt_id)
    if receipt is None:
        raise NotFound
    receipt.check_can_be_taken_back()
    earlier = store.red_of(uow, receipt.id)
    if earlier is not None:
        raise ReceiptTakenBack(red_id=earlier)
    content = ReceiptContent(**receipt.content)
    about: dict[str, Any] = {
        "kind": receipt.kind,
        "subject_id": receipt.subject_id,
        "encounter_id": receipt.encounter_id,
        "patient_id": receipt.patient_id,
        "issued_by": actor.subject,
        "seal": seal,
        "now": now,
    }
    red = issue_receipt(uow, content=content.reversed(), red_of=receipt.id, reason=reason, **about)
    return issue_receipt(uow, content=content, replaces=receipt.id, **about) if reissue else red
