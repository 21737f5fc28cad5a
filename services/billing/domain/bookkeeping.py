"""What each event of money does to bill, payment, refunds and ledger, all at once: the rules that keep money whole.

Every function changes the things it is given and returns what else follows: postings, new refunds and facts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from services.billing.domain.billed import BOOKS
from services.billing.domain.errors import MoreThanLeft
from services.billing.domain.invoice import Invoice, InvoiceState
from services.billing.domain.ledger import MONEY_AT, Channel, LedgerAccount, Posting, PostingKind
from services.billing.domain.payment import Payment
from services.billing.domain.refund import Refund, RefundReason
from services.billing.events import InvoiceCancelled, InvoiceIssued, InvoicePaid, RefundSucceeded
from shared.money import to_amount

Fact = InvoiceIssued | InvoicePaid | InvoiceCancelled | RefundSucceeded
NewId = Callable[[], UUID]


@dataclass
class Consequences:
    """What follows: rows for the ledger, refunds to be made, facts to be told."""

    postings: list[Posting] = field(default_factory=list)
    refunds: list[Refund] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)

    def post(
        self,
        kind: PostingKind,
        reference: UUID,
        invoice: Invoice,
        debit: LedgerAccount,
        credit: LedgerAccount,
        fen: int,
    ) -> None:
        """Add a posting; an amount of nothing leaves no trace."""
        if fen:
            self.postings.append(
                Posting(
                    kind=kind, reference=reference, invoice_id=invoice.id, debit=debit, credit=credit, amount_fen=fen
                )
            )


def issue(invoice: Invoice, now: datetime) -> Consequences:
    """Issue a bill: the patient owes it, the hospital has earned it. A free one is paid in the same moment.

    Where nothing is earned (a deposit), nothing is owed before it is paid.
    """
    done = Consequences()
    invoice.issue(now)
    books = BOOKS[invoice.billed_kind]
    if books.earned is not None:
        done.post(PostingKind.INVOICE_ISSUED, invoice.id, invoice, books.owed, books.earned, invoice.amount_fen)
    done.facts.append(InvoiceIssued(**_about(invoice)))
    if invoice.state is InvoiceState.BALANCED:
        done.facts.append(_paid(invoice, None))
    return done


def receive(
    invoice: Invoice, payment: Payment, *, paid_fen: int, transaction_id: str | None, now: datetime, new_id: NewId
) -> Consequences:
    """Money has come in. On a bill that still waits for it, it pays the bill; on any other it goes back by itself.

    Heard a second time it changes nothing. Raises AmountMismatch or TransactionMismatch, changing nothing.
    """
    done = Consequences()
    if not payment.receive(paid_fen, transaction_id, now):
        return done
    payment.counted = invoice.take(paid_fen)
    if not payment.counted:
        _return_what_is_not_due(done, invoice, payment, RefundReason.NOT_DUE, now, new_id)
        return done
    done.post(
        PostingKind.PAYMENT_RECEIVED,
        payment.id,
        invoice,
        MONEY_AT[payment.channel],
        BOOKS[invoice.billed_kind].owed,
        paid_fen,
    )
    if invoice.state is InvoiceState.CANCELLED:
        _owe_back(done, invoice, payment, RefundReason.PAID_TOO_LATE, now, new_id)
    elif invoice.state is InvoiceState.BALANCED:
        done.facts.append(_paid(invoice, payment.id))
    return done


def receive_wrong_sum(
    invoice: Invoice, payment: Payment, *, paid_fen: int, transaction_id: str | None, now: datetime, new_id: NewId
) -> Consequences:
    """The provider took another amount than asked for: the bill takes none of it, all of it goes back."""
    done = Consequences()
    if payment.receive_wrong_sum(paid_fen, transaction_id, now):
        _return_what_is_not_due(done, invoice, payment, RefundReason.AMOUNT_MISMATCH, now, new_id)
    return done


def cancel(invoice: Invoice, payments: Iterable[Payment], *, now: datetime, new_id: NewId) -> Consequences:
    """What was billed is no more: the bill is owed no longer, open orders are closed, what was paid goes back.

    What had gone back before (`give_back`) was taken from the income then, and is not taken from it again.
    """
    done = Consequences()
    if not invoice.cancel(now):
        return done
    payments = list(payments)
    books = BOOKS[invoice.billed_kind]
    if invoice.issued_at is not None and books.earned is not None:
        given_back = sum(payment.returned_fen for payment in payments if payment.counted)
        still_earned = invoice.amount_fen - given_back
        done.post(PostingKind.INVOICE_CANCELLED, invoice.id, invoice, books.earned, books.owed, still_earned)
    done.facts.append(InvoiceCancelled(**_about(invoice)))
    for payment in payments:
        payment.want_closed("invoice_cancelled", now)
        if payment.left_fen:
            _owe_back(done, invoice, payment, books.ended, now, new_id)
    return done


def give_back(
    invoice: Invoice, payment: Payment, *, amount_fen: int, reason: RefundReason, now: datetime, new_id: NewId
) -> Consequences:
    """Give back a part (or all) of a payment while its bill stays in force: surplus pages, a deposit left over. Fen.

    The bill stays paid; what goes back is earned no longer. Raises MoreThanLeft, changing nothing, for more than the
    bill still has of this payment, for nothing, and for a bill that is cancelled (all of its money is going back).
    """
    left = 0 if invoice.state is InvoiceState.CANCELLED else payment.left_fen
    if not 0 < amount_fen <= left:
        raise MoreThanLeft(left=to_amount(left))
    done = Consequences()
    refund = _refund(done, invoice, payment, amount_fen, reason, now, new_id)
    source = BOOKS[invoice.billed_kind].given_back_from
    done.post(PostingKind.GIVEN_BACK, refund.id, invoice, source, LedgerAccount.REFUNDS_PAYABLE, amount_fen)
    return done


def lapse(invoice: Invoice, payments: Iterable[Payment], *, now: datetime, new_id: NewId) -> Consequences:
    """The time to pay is over: an unpaid bill ends like that of a cancelled appointment, a paid one stands."""
    if invoice.state is not InvoiceState.ISSUED:
        return Consequences()
    return cancel(invoice, payments, now=now, new_id=new_id)


def refund_paid(invoice: Invoice, payment: Payment, refund: Refund) -> Consequences:
    """A refund has reached the payer: the hospital owes it no longer. Call it when `refund` has just succeeded."""
    done = Consequences()
    if payment.counted:
        invoice.give_back(refund.amount_fen)
    done.post(
        PostingKind.REFUND_PAID,
        refund.id,
        invoice,
        LedgerAccount.REFUNDS_PAYABLE,
        MONEY_AT[refund.channel],
        refund.amount_fen,
    )
    done.facts.append(
        RefundSucceeded(
            refund_id=refund.id,
            payment_id=payment.id,
            **_about(invoice) | {"amount_fen": refund.amount_fen},
        )
    )
    return done


def _paid(invoice: Invoice, payment_id: UUID | None) -> InvoicePaid:
    return InvoicePaid(**_about(invoice), payment_id=payment_id)


def _about(invoice: Invoice) -> dict[str, Any]:
    """What every fact of a bill says."""
    return {
        "invoice_id": invoice.id,
        "billed_kind": invoice.billed_kind.value,
        "billed_id": invoice.billed_id,
        "patient_id": invoice.patient_id,
        "amount_fen": invoice.amount_fen,
    }


def _return_what_is_not_due(
    done: Consequences, invoice: Invoice, payment: Payment, reason: RefundReason, now: datetime, new_id: NewId
) -> None:
    """Money that the bill cannot take is held for its payer and goes back whole."""
    done.post(
        PostingKind.PAYMENT_NOT_DUE,
        payment.id,
        invoice,
        MONEY_AT[payment.channel],
        LedgerAccount.REFUNDS_PAYABLE,
        payment.received_fen,
    )
    _refund(done, invoice, payment, payment.received_fen - payment.returned_fen, reason, now, new_id)


def _owe_back(
    done: Consequences, invoice: Invoice, payment: Payment, reason: RefundReason, now: datetime, new_id: NewId
) -> None:
    """What the bill had counted is now owed to the payer."""
    refund = _refund(done, invoice, payment, payment.left_fen, reason, now, new_id)
    done.post(
        PostingKind.REFUND_OWED,
        refund.id,
        invoice,
        BOOKS[invoice.billed_kind].owed,
        LedgerAccount.REFUNDS_PAYABLE,
        refund.amount_fen,
    )


def _refund(
    done: Consequences,
    invoice: Invoice,
    payment: Payment,
    amount_fen: int,
    reason: RefundReason,
    now: datetime,
    new_id: NewId,
) -> Refund:
    refund = Refund(
        id=new_id(),
        payment_id=payment.id,
        invoice_id=invoice.id,
        patient_id=invoice.patient_id,
        channel=payment.channel,
        amount_fen=amount_fen,
        reason=reason,
        requested_at=now,
        next_try_at=None if payment.channel is Channel.CASH else now,
    )
    payment.returned_fen += refund.amount_fen
    done.refunds.append(refund)
    return refund
