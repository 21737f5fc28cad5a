"""The double-entry ledger: a posting is one row with a debit and a credit side, so every posting balances by itself."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Channel(StrEnum):
    """How money comes and goes."""

    SANDBOX_WALLET = "sandbox_wallet"
    CASH = "cash"


class LedgerAccount(StrEnum):
    """The chart of accounts. `prepayments` are deposits: a liability, never income (handbook section 3.2)."""

    PATIENT_RECEIVABLES = "patient_receivables"
    STAY_RECEIVABLES = "stay_receivables"
    OUTPATIENT_INCOME = "outpatient_income"
    INPATIENT_INCOME = "inpatient_income"
    MEALS_INCOME = "meals_income"
    COPYING_INCOME = "copying_income"
    PREPAYMENTS = "prepayments"
    INSURER_RECEIVABLES = "insurer_receivables"
    REFUNDS_PAYABLE = "refunds_payable"
    SANDBOX_WALLET = "sandbox_wallet"
    CASH_DRAWER = "cash_drawer"


class PostingKind(StrEnum):
    """Why money moved. A kind happens once for one reference, by constraint."""

    INVOICE_ISSUED = "invoice_issued"
    INVOICE_CANCELLED = "invoice_cancelled"
    PAYMENT_RECEIVED = "payment_received"
    PAYMENT_NOT_DUE = "payment_not_due"
    REFUND_OWED = "refund_owed"
    GIVEN_BACK = "given_back"
    REFUND_PAID = "refund_paid"
    STAY_CHARGED = "stay_charged"
    STAY_MEALS_CHARGED = "stay_meals_charged"
    INSURER_OWES = "insurer_owes"
    DEPOSITS_USED = "deposits_used"
    LATE_CHARGED = "late_charged"
    LATE_RETURNED = "late_returned"
    LATE_RETURNED_DEPOSIT = "late_returned_deposit"


MONEY_AT = {
    Channel.SANDBOX_WALLET: LedgerAccount.SANDBOX_WALLET,
    Channel.CASH: LedgerAccount.CASH_DRAWER,
}
"""The account that holds the money of a channel."""


@dataclass(frozen=True, kw_only=True)
class Posting:
    """An amount in fen, more than nothing, from the credited to the debited account. Never changed, never deleted.

    It belongs to a bill, to the account of a stay (`stay_account_id`), or to both.
    """

    kind: PostingKind
    reference: UUID
    invoice_id: UUID | None
    debit: LedgerAccount
    credit: LedgerAccount
    amount_fen: int
    stay_account_id: UUID | None = None
