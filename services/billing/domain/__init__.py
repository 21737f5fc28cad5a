"""Bills, payments, refunds and the ledger: plain things and rules, without framework, clock or database."""

from services.billing.domain import bookkeeping
from services.billing.domain.account import INPATIENT, AccountState, account_state
from services.billing.domain.bookkeeping import Consequences
from services.billing.domain.errors import (
    AmountMismatch,
    AmountNotDue,
    CashAtWindowOnly,
    InvoiceAlreadyIssued,
    InvoiceAlreadyPaid,
    InvoiceIsCancelled,
    InvoiceNotIssued,
    NotificationForged,
    NotificationMalformed,
    NotificationStale,
    PaymentEnded,
    PaymentInProgress,
    RefundNotPayableInCash,
    TransactionMismatch,
)
from services.billing.domain.invoice import Invoice, InvoiceLine, InvoiceState
from services.billing.domain.ledger import MONEY_AT, Channel, LedgerAccount, Posting, PostingKind
from services.billing.domain.patience import next_try
from services.billing.domain.payment import (
    LIVE,
    OrderAnswer,
    OrderIntent,
    OrderOutcome,
    OrderStep,
    Payment,
    PaymentState,
    next_step,
)
from services.billing.domain.refund import (
    OPEN_REFUNDS,
    Refund,
    RefundAnswer,
    RefundIntent,
    RefundOutcome,
    RefundReason,
    RefundState,
)

__all__ = [
    "INPATIENT",
    "LIVE",
    "MONEY_AT",
    "OPEN_REFUNDS",
    "AccountState",
    "AmountMismatch",
    "AmountNotDue",
    "CashAtWindowOnly",
    "Channel",
    "Consequences",
    "Invoice",
    "InvoiceAlreadyIssued",
    "InvoiceAlreadyPaid",
    "InvoiceIsCancelled",
    "InvoiceLine",
    "InvoiceNotIssued",
    "InvoiceState",
    "LedgerAccount",
    "NotificationForged",
    "NotificationMalformed",
    "NotificationStale",
    "OrderAnswer",
    "OrderIntent",
    "OrderOutcome",
    "OrderStep",
    "Payment",
    "PaymentEnded",
    "PaymentInProgress",
    "PaymentState",
    "Posting",
    "PostingKind",
    "Refund",
    "RefundAnswer",
    "RefundIntent",
    "RefundNotPayableInCash",
    "RefundOutcome",
    "RefundReason",
    "RefundState",
    "TransactionMismatch",
    "account_state",
    "bookkeeping",
    "next_step",
    "next_try",
]
