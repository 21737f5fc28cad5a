"""What a bill can be for. Whatever is payable is a bill: one machinery of payments, callbacks and refunds."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from services.billing.domain.ledger import LedgerAccount
from services.billing.domain.refund import RefundReason


class BilledKind(StrEnum):
    """The kinds of things that are billed; `billed_id` of a bill is the id of the thing.

    A `copy_top_up` has the id of the copy request; `deposit` and `settlement` are billing's own things.
    """

    APPOINTMENT = "appointment"
    MEAL_ORDER = "meal_order"
    COPY_REQUEST = "copy_request"
    COPY_TOP_UP = "copy_top_up"
    DEPOSIT = "deposit"
    SETTLEMENT = "settlement"
    LATE_CHARGE = "late_charge"


@dataclass(frozen=True, kw_only=True)
class Books:
    """How bills of a kind are entered in the ledger.

    `owed` is what a payment reduces. `earned` is what issuing the bill increases; None where nothing is owed before it
    is paid: a deposit is money held for the stay and never income (handbook section 3.2). `ended` is why what was paid
    goes back when the thing is no more.
    """

    owed: LedgerAccount
    earned: LedgerAccount | None
    ended: RefundReason

    @property
    def given_back_from(self) -> LedgerAccount:
        """The account that a partial refund of a bill in force reduces."""
        return self.earned or self.owed


_RECEIVABLE = LedgerAccount.PATIENT_RECEIVABLES

BOOKS = {
    BilledKind.APPOINTMENT: Books(
        owed=_RECEIVABLE, earned=LedgerAccount.OUTPATIENT_INCOME, ended=RefundReason.APPOINTMENT_CANCELLED
    ),
    BilledKind.MEAL_ORDER: Books(
        owed=_RECEIVABLE, earned=LedgerAccount.MEALS_INCOME, ended=RefundReason.MEAL_CANCELLED
    ),
    BilledKind.COPY_REQUEST: Books(
        owed=_RECEIVABLE, earned=LedgerAccount.COPYING_INCOME, ended=RefundReason.COPY_REQUEST_ENDED
    ),
    BilledKind.COPY_TOP_UP: Books(
        owed=_RECEIVABLE, earned=LedgerAccount.COPYING_INCOME, ended=RefundReason.COPY_REQUEST_ENDED
    ),
    BilledKind.DEPOSIT: Books(owed=LedgerAccount.PREPAYMENTS, earned=None, ended=RefundReason.DEPOSIT_CALLED_OFF),
    BilledKind.SETTLEMENT: Books(
        owed=_RECEIVABLE, earned=LedgerAccount.STAY_RECEIVABLES, ended=RefundReason.SETTLEMENT_WITHDRAWN
    ),
    BilledKind.LATE_CHARGE: Books(
        owed=_RECEIVABLE, earned=LedgerAccount.STAY_RECEIVABLES, ended=RefundReason.LATE_CHARGE_ENDED
    ),
}
"""A settlement turns what the stay owes into a bill: the income was entered when the stay was charged or settled."""
