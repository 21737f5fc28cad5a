"""How a settled stay, and a late charge, are entered in the ledger: what the stay owes ends at nothing.

`stay_receivables` of a stay: what it cost, less the insurer's part, the deposits used, and what its bills took over.
"""

from __future__ import annotations

from uuid import UUID

from services.billing.domain.bookkeeping import Consequences
from services.billing.domain.late_charge import ChargeSource, LateCharge
from services.billing.domain.ledger import LedgerAccount, Posting, PostingKind
from services.billing.domain.settlement import Settlement

_OWED = LedgerAccount.STAY_RECEIVABLES
INCOME = {
    ChargeSource.MEDICAL: LedgerAccount.INPATIENT_INCOME,
    ChargeSource.NON_MEDICAL: LedgerAccount.MEALS_INCOME,
}
"""What a charge of a stay earns: meals and the like are never a medical fee."""


def settle_books(settlement: Settlement, *, deposits_used_fen: int) -> Consequences:
    """The rows of a settled stay (fen): earned, owed by the insurer, covered by the deposits (a liability no more)."""
    done = Consequences()
    rows = (
        (PostingKind.STAY_CHARGED, _OWED, LedgerAccount.INPATIENT_INCOME, settlement.medical_fen),
        (PostingKind.STAY_MEALS_CHARGED, _OWED, LedgerAccount.MEALS_INCOME, settlement.non_medical_fen),
        (PostingKind.INSURER_OWES, LedgerAccount.INSURER_RECEIVABLES, _OWED, settlement.shares.insurer_fen),
        (PostingKind.DEPOSITS_USED, LedgerAccount.PREPAYMENTS, _OWED, deposits_used_fen),
    )
    for kind, debit, credit, fen in rows:
        _post(done, kind, settlement.id, settlement.account_id, debit, credit, fen)
    return done


def bill_late_charge(late: LateCharge) -> Consequences:
    """A late charge that the patient will be billed for is earned now; its bill takes over what the stay owes."""
    done = Consequences()
    _post(done, PostingKind.LATE_CHARGED, late.id, late.account_id, _OWED, INCOME[late.source], late.amount_fen)
    return done


def give_back_late(late: LateCharge, *, from_deposits_fen: int, from_bills_fen: int) -> Consequences:
    """A late correction goes back to the payer: what it earned is earned no longer and covers what the refunds take."""
    done = Consequences()
    income = INCOME[late.source]
    prepaid = LedgerAccount.PREPAYMENTS
    _post(done, PostingKind.LATE_RETURNED_DEPOSIT, late.id, late.account_id, income, prepaid, from_deposits_fen)
    _post(done, PostingKind.LATE_RETURNED, late.id, late.account_id, income, _OWED, from_bills_fen)
    return done


def _post(
    done: Consequences,
    kind: PostingKind,
    reference: UUID,
    account_id: UUID,
    debit: LedgerAccount,
    credit: LedgerAccount,
    fen: int,
) -> None:
    if fen < 0:
        debit, credit, fen = credit, debit, -fen
    if fen:
        done.postings.append(
            Posting(
                kind=kind,
                reference=reference,
                invoice_id=None,
                stay_account_id=account_id,
                debit=debit,
                credit=credit,
                amount_fen=fen,
            )
        )
