"""The insurer's part of a settlement: asked when the bill is closed, binding once the person has paid."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from services.billing import store
from services.billing.domain import next_try
from services.billing.domain.claim import Claim, ClaimAnswer, ClaimIntent, ClaimState
from services.billing.domain.settlement import Settlement, Stage
from services.billing.domain.statement import Basis, Shares, insured_shares, self_pay
from services.billing.domain.stuck import StuckKind
from services.billing.usecases.claims import LONGEST_SECONDS, UNCLEAR_SECONDS, open_claim
from services.billing.usecases.insurance import estimate_stay
from services.billing.usecases.settlement.concluding import go_on
from services.billing.usecases.settlement.locking import locked
from shared.actor import Actor
from shared.database import UnitOfWork

INSURER_REFUSED = "insurer_refused"
"""Under this word stands who let the person bear alone what the insurer refused, and why."""


def likely_shares(uow: UnitOfWork, account_id: UUID, medical_fen: int, now: datetime) -> tuple[Shares, Basis]:
    """Who is likely to bear the medical fees (fen): by our estimate for who is insured, alone for who is not."""
    coverage = store.coverage_of(uow, account_id)
    if coverage is None or not coverage.can_be_claimed or not medical_fen:
        return self_pay(medical_fen), Basis.SELF_PAY
    lines = store.insured_lines(uow, account_id)
    return insured_shares(estimate_stay(uow, account_id=account_id, lines=lines, now=now).amounts), Basis.ESTIMATE


def ask_insurer(uow: UnitOfWork, settlement: Settlement, *, actor: Actor, now: datetime, settle: bool) -> None:
    """Have the insurer reckon (2303), and with `settle` bind itself (2304), on the closed bill."""
    claim = open_claim(
        uow,
        settlement_id=settlement.id,
        account_id=settlement.account_id,
        patient_id=settlement.patient_id,
        lines=store.insured_lines(uow, settlement.account_id),
        now=now,
        actor=actor,
        settle=settle,
    )
    settlement.ask_insurer(claim.id)


def claim_concluded(uow: UnitOfWork, claim: Claim, *, now: datetime) -> None:
    """The insurer has answered about a claim; the settlement goes on by itself as far as it can.

    A pre-settlement corrects what is shown before the signature. A settlement binds: where the person bears another
    amount than they signed, they read and sign again. A refusal waits for somebody to decide.
    """
    found = store.lock_settlement(uow, claim.settlement_id)
    if found is None or found[1].claim_id != claim.id:
        return
    account, settlement = found
    if claim.state is ClaimState.PRESETTLED:
        settlement.hear_estimate(insured_shares(claim.amounts))
    elif claim.state is ClaimState.SETTLED and settlement.stage is Stage.PAID:
        settlement.insure(insured_shares(claim.amounts), now)
        go_on(uow, account, settlement, actor=Actor.system("billing", claim.request_id), now=now)
    elif claim.is_over:
        settlement.insurer_refused(claim.problem or claim.state.value)


def conclude_claim(uow: UnitOfWork, *, intent: ClaimIntent, answer: ClaimAnswer, now: datetime) -> None:
    """Write down what the insurer said, and let the settlement hear of it. No clear answer is asked about."""
    account_id = store.account_of_claim(uow, intent.claim_id)
    if account_id is None or store.lock_account(uow, account_id) is None:
        return
    claim = store.lock_claim(uow, intent.claim_id)
    if claim is None:
        return
    moved = claim.hear(answer, now)
    store.note(
        uow,
        StuckKind.CLAIM,
        claim.id,
        what=intent.step.value,
        outcome=answer.outcome.value,
        problem=answer.problem,
        now=now,
    )
    if claim.is_waiting and claim.next_try_at is not None and claim.next_try_at > now:
        claim.next_try_at = next_try(now, claim.tries, first=UNCLEAR_SECONDS, longest=LONGEST_SECONDS)
    uow.session.flush()
    if moved:
        claim_concluded(uow, claim, now=now)


def bear_alone(uow: UnitOfWork, *, actor: Actor, now: datetime, settlement_id: UUID, reason: str) -> Settlement:
    """The insurer refuses and the person bears everything: they read and sign again what that is.

    Raises NotFound, InsurerNotRefusing and NotInStage.
    """
    _, settlement = locked(uow, settlement_id)
    settlement.bear_alone(now)
    row = {
        "settlement_id": settlement.id,
        "code": INSURER_REFUSED,
        "overruled_by": actor.subject,
        "roles": ",".join(actor.roles)[:80],
        "reason": reason,
        "overruled_at": now,
    }
    store.keep_overrule(uow, row)
    return settlement


def claim_again(uow: UnitOfWork, *, actor: Actor, now: datetime, settlement_id: UUID) -> Settlement:
    """What the insurer refused is mended: ask again. Raises NotFound, InsurerNotRefusing, NotInStage and NotInsured."""
    _, settlement = locked(uow, settlement_id)
    settlement.check_refused()
    ask_insurer(uow, settlement, actor=actor, now=now, settle=settlement.stage is Stage.PAID)
    return settlement
