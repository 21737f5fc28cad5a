"""What people do about money and calls that did not end: try again now, undo, look after it, set it aside."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from services.billing import store
from services.billing.domain import Channel
from services.billing.domain.claim import Claim
from services.billing.domain.insurance_errors import ClaimOver
from services.billing.domain.stuck import StuckKind
from services.billing.domain.stuck_errors import NothingStuck, RetryNotPossible
from services.billing.usecases.settlement.insuring import claim_concluded
from shared.actor import Actor
from shared.database import UnitOfWork
from shared.errors import NotFound


def retry_stuck(uow: UnitOfWork, *, actor: Actor, now: datetime, kind: StuckKind, reference: UUID) -> dict[str, Any]:
    """Have the clock ask the other side again at once, whatever pause it had reached; what happened is asked first.

    Raises NotFound, NothingStuck when it has ended, RetryNotPossible where nobody outside can be asked (cash).
    """
    thing = _locked(uow, kind, reference)
    if kind is StuckKind.RECEIPT:
        store.change_receipt_request(uow, reference, next_try_at=now)
    elif kind is StuckKind.REFUND and (thing.channel is Channel.CASH or not thing.is_open):
        raise RetryNotPossible
    else:
        thing.next_try_at = now
    store.note(uow, kind, reference, what="retry", outcome="asked_for", now=now, by=actor.subject)
    return _told(kind, reference)


def look_after_stuck(
    uow: UnitOfWork, *, actor: Actor, now: datetime, kind: StuckKind, reference: UUID
) -> dict[str, Any]:
    """Somebody takes it over: others see whose it is. Raises NotFound and NothingStuck."""
    _locked(uow, kind, reference)
    store.keep_case(uow, kind, reference, owner=actor.subject)
    store.note(uow, kind, reference, what="look_after", outcome="taken", now=now, by=actor.subject)
    return _told(kind, reference)


def set_aside_stuck(
    uow: UnitOfWork, *, actor: Actor, now: datetime, kind: StuckKind, reference: UUID, reason: str
) -> dict[str, Any]:
    """It is settled otherwise, for this reason: it leaves the list of what is to be done, and the clock goes on asking.

    Raises NotFound and NothingStuck.
    """
    _locked(uow, kind, reference)
    store.keep_case(
        uow,
        kind,
        reference,
        owner=actor.subject,
        set_aside_at=now,
        set_aside_by=actor.subject,
        reason=reason,
    )
    store.note(uow, kind, reference, what="set_aside", outcome="set_aside", problem=reason, now=now, by=actor.subject)
    return _told(kind, reference)


def reverse_claim(uow: UnitOfWork, *, actor: Actor, now: datetime, claim_id: UUID, reason: str) -> dict[str, Any]:
    """A claim without a clear end is undone: the insurer is asked, and what was settled or may still come is reversed.

    Raises NotFound, and ClaimOver for a claim that has ended: what is settled for good is undone by recalling the
    settlement of the stay only.
    """
    claim = _claim(uow, claim_id)
    if not claim.is_waiting or not claim.want_undone(now):
        raise ClaimOver
    if claim.is_over:
        claim_concluded(uow, claim, now=now)
    store.note(
        uow, StuckKind.CLAIM, claim_id, what="reverse", outcome="asked_for", problem=reason, now=now, by=actor.subject
    )
    return _told(StuckKind.CLAIM, claim_id)


def _locked(uow: UnitOfWork, kind: StuckKind, reference: UUID) -> Any:
    """The thing for changing. Raises NotFound, and NothingStuck when it has ended."""
    if kind is StuckKind.PAYMENT:
        paid = store.lock_payment(uow, reference)
        return _open(paid and paid[1], is_open=paid is not None and paid[1].is_live)
    if kind is StuckKind.REFUND:
        owed = store.lock_refund(uow, reference)
        return _open(owed and owed[2], is_open=owed is not None and owed[2].is_owed)
    if kind is StuckKind.CLAIM:
        claim = _claim(uow, reference)
        return _open(claim, is_open=claim.is_waiting)
    return _open(store.receipt_request(uow, reference), is_open=store.lock_receipt_request(uow, reference) is not None)


def _open(thing: Any, *, is_open: bool) -> Any:
    if thing is None:
        raise NotFound
    if not is_open:
        raise NothingStuck
    return thing


def _claim(uow: UnitOfWork, claim_id: UUID) -> Claim:
    account_id = store.account_of_claim(uow, claim_id)
    if account_id is None or store.lock_account(uow, account_id) is None:
        raise NotFound
    claim = store.lock_claim(uow, claim_id)
    if claim is None:
        raise NotFound
    return claim


def _told(kind: StuckKind, reference: UUID) -> dict[str, Any]:
    return {"kind": kind, "reference": reference}
