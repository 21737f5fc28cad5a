"""At the bed: the tablet goes to the person, they sign, and the rest is paid by a code on the screen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from services.billing import store
from services.billing.domain import BilledKind, Payment
from services.billing.domain.ledger import Channel
from services.billing.domain.settlement import Settlement, Stage
from services.billing.domain.settlement_errors import NothingToPay, NotInStage
from services.billing.domain.signature import read_signature
from services.billing.domain.statement import Statement
from services.billing.events import SettlementToPay
from services.billing.usecases.invoices import Text, end_bill, issue_bill
from services.billing.usecases.payments import begin_payment
from services.billing.usecases.settlement.concluding import go_on, statement_now
from services.billing.usecases.settlement.locking import locked
from shared.actor import Actor
from shared.database import UnitOfWork


def present_settlement(uow: UnitOfWork, *, actor: Actor, now: datetime, settlement_id: UUID) -> Settlement:
    """The tablet goes to the person, who reads what the stay cost and what is to be paid or comes back.

    Raises NotFound and NotInStage.
    """
    _, settlement = locked(uow, settlement_id)
    settlement.present(now)
    return settlement


def sign_settlement(
    uow: UnitOfWork,
    *,
    actor: Actor,
    now: datetime,
    settlement_id: UUID,
    digest: str,
    signer: str,
    strokes: Sequence[Sequence[Sequence[int]]] = (),
    typed: str = "",
) -> Settlement:
    """The person agrees to exactly the amounts that were shown (`digest`), by hand or with a typed name.

    What is still to be paid becomes a bill; where nothing is, the settlement goes on at once. From here no deposit is
    taken: unpaid ones are called off, and what comes late goes back. Raises NotFound, NotInStage, AmountChanged (read
    and sign again) and SignatureEmpty.
    """
    account, settlement = locked(uow, settlement_id)
    signature = read_signature(strokes, typed)
    statement = statement_now(uow, account, settlement)
    signature_id = settlement.id if settlement.signed_id is None else uuid4()
    settlement.sign(statement, digest=digest, signature_id=signature_id, now=now)
    row = {
        "id": signature_id,
        "settlement_id": settlement.id,
        "digest": digest,
        "own_fen": statement.own_fen,
        "to_pay_fen": statement.to_pay_fen,
        "to_return_fen": statement.to_return_fen,
        "signer": signer,
        "strokes": [list(map(list, stroke)) for stroke in signature.strokes],
        "typed": signature.typed,
        "witnessed_by": actor.subject,
        "signed_at": now,
    }
    store.keep_signature(uow, row)
    for deposit_id in store.unpaid_deposits(uow, account.id):
        end_bill(uow, kind=BilledKind.DEPOSIT, billed_id=deposit_id, actor=actor, now=now)
    _bill_the_rest(uow, settlement, statement, signature_id, actor, now)
    go_on(uow, account, settlement, actor=actor, now=now)
    return settlement


def _bill_the_rest(
    uow: UnitOfWork, settlement: Settlement, statement: Statement, signature_id: UUID, actor: Actor, now: datetime
) -> None:
    invoice = issue_bill(
        uow,
        kind=BilledKind.SETTLEMENT,
        billed_id=signature_id,
        patient_id=settlement.patient_id,
        lines=[Text("住院结算应补", "Rest of the stay's bill", statement.to_pay_fen)],
        actor=actor,
        now=now,
    )
    if invoice is not None and statement.to_pay_fen:
        fact = SettlementToPay(
            settlement_id=settlement.id,
            encounter_id=settlement.encounter_id,
            patient_id=settlement.patient_id,
            invoice_id=invoice.id,
            amount_fen=statement.to_pay_fen,
        )
        uow.publish(fact, actor=actor, now=now)


def pay_settlement(
    uow: UnitOfWork, *, actor: Actor, now: datetime, settlement_id: UUID, amount_fen: int, return_path: str = "/"
) -> Payment:
    """The nurse has the tablet show a code that any phone can pay by; the amount (fen) is what is still due.

    Raises NotFound, NotInStage, NothingToPay, AmountNotDue, InvoiceAlreadyPaid and PaymentInProgress.
    """
    _, settlement = locked(uow, settlement_id)
    if settlement.stage is not Stage.SIGNED:
        raise NotInStage(stage=settlement.stage.value)
    invoice = store.lock_bill_to_pay(uow, settlement)
    if invoice is None:
        raise NothingToPay
    return begin_payment(
        uow,
        invoice,
        actor=actor,
        now=now,
        amount_fen=amount_fen,
        channel=Channel.SANDBOX_WALLET,
        return_path=return_path,
    )
