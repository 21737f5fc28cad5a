"""The refusals of billing, each with a stable code."""

from __future__ import annotations

from shared.errors import Conflict, Forbidden, NotReady, Refused


class InvoiceIsCancelled(Conflict):
    """The bill is cancelled: its appointment is no longer kept."""

    code = "invoice_cancelled"


class InvoiceAlreadyPaid(Conflict):
    """The bill is paid already."""


class InvoiceNotIssued(Conflict):
    """The bill is still being prepared."""


class InvoiceAlreadyIssued(Conflict):
    """The bill was issued before: a bill is issued once."""


class PaymentInProgress(NotReady):
    """Another payment of this bill has not ended yet; `payment_id` names it."""


class PaymentEnded(Conflict):
    """The payment has ended already: there is nothing left to call off."""


class AmountNotDue(Refused):
    """The amount is not what is still to be paid on this bill."""


class CashAtWindowOnly(Forbidden):
    """Cash is taken by the hospital's staff at the window only."""


class NotificationForged(Forbidden):
    """The notification is not signed by the payment provider."""


class NotificationStale(Forbidden):
    """The notification's time is more than five minutes off."""


class NotificationMalformed(Refused):
    """The notification is signed but cannot be read."""


class AmountMismatch(Refused):
    """The provider names another amount than was asked for: nothing was entered; it will be asked what happened."""


class TransactionMismatch(Conflict):
    """This transaction belongs to another payment, or this payment to another transaction."""


class MoreThanLeft(Conflict):
    """More is to go back than this payment still holds; `left` names what it holds."""


class RefundNotPayableInCash(Conflict):
    """This refund goes back through its own channel, or has been paid already."""
