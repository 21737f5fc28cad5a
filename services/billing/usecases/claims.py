"""Claims: opened by a settlement, carried to the insurer by the clock, ended by what the insurer says."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from services.billing import store
from services.billing.domain import InsuredLine, next_try
from services.billing.domain.claim import Claim, ClaimIntent, ClaimStep
from services.billing.domain.insurance import net_lines
from services.billing.domain.insurance_errors import ClaimUnderWay, NothingToClaim, NotInsured
from services.billing.usecases.insurance import estimate_stay
from shared.actor import Actor
from shared.database import UnitOfWork
from shared.errors import NotFound
from shared.money import to_amount

ATTEMPT_SECONDS = 30
"""How long an attempt may take before it counts as cut off: longer than the provider waits for the insurer."""
UNCLEAR_SECONDS = 3
LONGEST_SECONDS = 300


def open_claim(
    uow: UnitOfWork,
    *,
    settlement_id: UUID,
    account_id: UUID,
    patient_id: UUID,
    lines: Sequence[InsuredLine],
    now: datetime,
    actor: Actor,
    settle: bool = True,
) -> Claim:
    """Ask the insurer to pay of a stay whose bill is closed: an intent that the clock carries on.

    First comes the pre-settlement, which binds nobody; with `settle`, or once `settle_claim` asks for it, the binding
    settlement. A stay has one claim at a time. Raises NotInsured, NothingToClaim and ClaimUnderWay.
    """
    if store.lock_account(uow, account_id) is None:
        raise NotFound
    coverage = store.lock_coverage(uow, account_id)
    if coverage is None or coverage.psn_no is None or not coverage.can_be_claimed:
        raise NotInsured
    other = store.lock_claim_of(uow, account_id)
    if other is not None:
        raise ClaimUnderWay(claim_id=other.id)
    left = net_lines(lines)
    reckoned = estimate_stay(uow, account_id=account_id, lines=left, now=now)
    if not reckoned.amounts.medfee_sumamt:
        raise NothingToClaim
    claim = Claim(
        id=uuid4(),
        settlement_id=settlement_id,
        account_id=account_id,
        patient_id=patient_id,
        psn_no=coverage.psn_no,
        use_account=coverage.use_account,
        lines=[told_line(line) for line in left],
        total_fen=reckoned.amounts.medfee_sumamt,
        estimate=reckoned.amounts.as_dict(),
        wanted=settle,
        requested_by=actor.subject,
        request_id=actor.request_id,
        requested_at=now,
        next_try_at=now,
    )
    uow.session.add(claim)
    uow.session.flush()
    return claim


def settle_claim(uow: UnitOfWork, *, account_id: UUID, now: datetime) -> Claim | None:
    """The person has agreed and paid: the claim of a locked account is settled. None without one."""
    claim = store.lock_claim_of(uow, account_id)
    if claim is not None:
        claim.want(now)
    return claim


def undo_claim(uow: UnitOfWork, *, account_id: UUID, now: datetime) -> Claim | None:
    """The settlement is called off: have the claim of a locked account undone. None where there is none.

    What was never sent ends at once; what may have been settled is asked about and then reversed.
    """
    claim = store.lock_claim_of(uow, account_id)
    if claim is not None:
        claim.want_undone(now)
    return claim


def take_due_claims(uow: UnitOfWork, *, now: datetime, limit: int) -> Sequence[ClaimIntent]:
    """Claims to go on with. The attempt is written down before the insurer hears of it."""
    return [_begin(claim, now) for claim in store.due_claims(uow, now=now, limit=limit)]


def _begin(claim: Claim, now: datetime) -> ClaimIntent:
    step = claim.next_step()
    claim.attempt(step)
    claim.next_try_at = next_try(now, claim.tries, first=ATTEMPT_SECONDS, longest=LONGEST_SECONDS)
    return ClaimIntent(
        claim_id=claim.id,
        step=step,
        psn_no=claim.psn_no,
        use_account=claim.use_account,
        total_fen=claim.total_fen,
        setl_id=claim.setl_id,
        lines=list(claim.lines) if step is ClaimStep.PRESETTLE else [],
    )


def told_line(line: InsuredLine) -> dict[str, Any]:
    """A line as the insurer is told of it: amounts in yuan, numbers exact and without exponent."""
    ceiling = line.pric_uplmt_amt
    return {
        "feedetl_sn": line.feedetl_sn,
        "med_list_codg": line.med_list_codg,
        "med_chrgitm_type": line.med_chrgitm_type,
        "chrgitm_lv": line.chrgitm_lv.value,
        "pric": f"{line.pric:f}",
        "cnt": f"{line.cnt:f}",
        "det_item_fee_sumamt": to_amount(line.det_item_fee_sumamt),
        "selfpay_prop": f"{line.selfpay_prop:f}",
        "pric_uplmt_amt": None if ceiling is None else f"{ceiling:f}",
        "init_feedetl_sn": line.init_feedetl_sn,
    }
