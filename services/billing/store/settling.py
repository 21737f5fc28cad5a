"""Named locks and finders of settlements. The account of the stay is always locked first, then the settlement."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from services.billing.domain import AccountState, BilledKind, Invoice, InvoiceState, RefundState
from services.billing.domain.checklist import Tally
from services.billing.domain.late_charge import LateCharge, LateChargeState
from services.billing.domain.settlement import Settlement, Stage
from services.billing.domain.splitting import Source
from services.billing.domain.statement import Basis
from services.billing.store.settlement_tables import (
    late_charges,
    settlement_answers,
    settlement_overrules,
    settlement_signatures,
    settlements,
)
from services.billing.store.tables import accounts, invoices, payments, refunds
from shared.database import UnitOfWork

MEALS = "meals"


class StayAccount(NamedTuple):
    """The account of a stay, locked: whose it is and when the stay began and ended."""

    id: UUID
    encounter_id: UUID
    patient_id: UUID
    opened_at: datetime | None
    closed_at: datetime | None


def lock_stay_account(uow: UnitOfWork, *, encounter_id: UUID) -> StayAccount | None:
    """The account of a stay for changing what is charged to it: charging and closing the bill wait for each other."""
    return _account(uow, accounts.c.encounter_id == encounter_id)


_ACCOUNT = (accounts.c.id, accounts.c.encounter_id, accounts.c.patient_id, accounts.c.opened_at, accounts.c.closed_at)


def _account(uow: UnitOfWork, wanted: sa.ColumnElement[bool]) -> StayAccount | None:
    row = uow.session.execute(sa.select(*_ACCOUNT).where(wanted).with_for_update()).one_or_none()
    return StayAccount(*row) if row else None


def stay_account(uow: UnitOfWork, account_id: UUID) -> StayAccount:
    """The account of a stay for reading."""
    return StayAccount(*uow.session.execute(sa.select(*_ACCOUNT).where(accounts.c.id == account_id)).one())


def close_account(uow: UnitOfWork, account_id: UUID, now: datetime) -> None:
    """The stay is settled: its account is closed, whether or not the person has left the bed yet."""
    is_open = sa.and_(accounts.c.id == account_id, accounts.c.state == AccountState.OPEN)
    uow.session.execute(accounts.update().where(is_open).values(state=AccountState.CLOSED, closed_at=now))


def lock_settlement(uow: UnitOfWork, settlement_id: UUID) -> tuple[StayAccount, Settlement] | None:
    """A settlement and the account of its stay for changing."""
    owner = sa.select(settlements.c.account_id).where(settlements.c.id == settlement_id).scalar_subquery()
    account = _account(uow, accounts.c.id == owner)
    if account is None:
        return None
    query = sa.select(Settlement).where(settlements.c.id == settlement_id).with_for_update()
    found = uow.session.execute(query.execution_options(populate_existing=True)).scalar_one()
    return account, found


def settlement_of(uow: UnitOfWork, account_id: UUID) -> Settlement | None:
    """The settlement of a locked account that is not called off."""
    query = sa.select(Settlement).where(settlements.c.account_id == account_id, settlements.c.stage != Stage.WITHDRAWN)
    return uow.session.execute(query.execution_options(populate_existing=True)).scalar_one_or_none()


def keep_answer(uow: UnitOfWork, settlement_id: UUID, participant: str, tally: Tally, now: datetime) -> None:
    """Keep what a source of charges says; said again, the later word counts."""
    told = {"charge_count": tally.count, "amount_fen": tally.amount_fen, "answered_at": now}
    row = {"settlement_id": settlement_id, "participant": participant} | told
    if not uow.insert_once(settlement_answers, [row], returning=[settlement_answers.c.participant]):
        same = sa.and_(
            settlement_answers.c.settlement_id == settlement_id, settlement_answers.c.participant == participant
        )
        uow.session.execute(settlement_answers.update().where(same).values(told))


def answer_of(uow: UnitOfWork, settlement_id: UUID, participant: str = MEALS) -> Tally | None:
    """What a source of charges has said."""
    table = settlement_answers
    query = sa.select(table.c.charge_count, table.c.amount_fen).where(
        table.c.settlement_id == settlement_id, table.c.participant == participant
    )
    row = uow.session.execute(query).one_or_none()
    return Tally(count=row.charge_count, amount_fen=row.amount_fen) if row else None


def keep_overrule(uow: UnitOfWork, row: dict[str, Any]) -> None:
    """Keep that an item was passed over; the first word stands."""
    uow.insert_once(settlement_overrules, [row], returning=[settlement_overrules.c.code])


def overruled_codes(uow: UnitOfWork, settlement_id: UUID) -> set[str]:
    """The items that somebody has passed over."""
    query = sa.select(settlement_overrules.c.code).where(settlement_overrules.c.settlement_id == settlement_id)
    return set(uow.session.execute(query).scalars())


def keep_signature(uow: UnitOfWork, row: dict[str, Any]) -> None:
    """Keep a signature."""
    uow.insert(settlement_signatures, [row])


def lock_bill_to_pay(uow: UnitOfWork, settlement: Settlement) -> Invoice | None:
    """The bill of what was signed last, for changing."""
    query = sa.select(Invoice).where(
        invoices.c.billed_kind == BilledKind.SETTLEMENT, invoices.c.billed_id == settlement.signed_id
    )
    locked = query.with_for_update().execution_options(populate_existing=True)
    return uow.session.execute(locked).scalar_one_or_none()


def paid_on(uow: UnitOfWork, settlement_id: UUID, *, empty: bool = False) -> list[Source]:
    """The payments on the bills of a settlement, with what each still holds; with `empty` also those without."""
    signed = sa.select(settlement_signatures.c.id).where(settlement_signatures.c.settlement_id == settlement_id)
    return sources(uow, BilledKind.SETTLEMENT, signed, empty=empty)


def sources(
    uow: UnitOfWork, kind: BilledKind, billed_ids: sa.Select[tuple[UUID]], *, empty: bool = False
) -> list[Source]:
    """The payments that bills of a kind count as paid, with what each still holds."""
    query = sa.select(payments.c.id, payments.c.ended_at, payments.c.received_fen, payments.c.returned_fen).where(
        payments.c.billed_kind == kind, payments.c.billed_id.in_(billed_ids), payments.c.counted
    )
    return [
        Source(payment_id=row.id, paid_at=row.ended_at, left_fen=row.received_fen - row.returned_fen)
        for row in uow.session.execute(query)
        if empty or row.received_fen > row.returned_fen
    ]


def due_settlements(uow: UnitOfWork, *, limit: int) -> Sequence[UUID]:
    """Settlements that can go on by themselves: signed and paid, or paid with no insurer to wait for."""
    is_paid = (
        sa.select(invoices.c.id)
        .where(
            invoices.c.billed_kind == BilledKind.SETTLEMENT,
            invoices.c.billed_id == settlements.c.signed_id,
            invoices.c.state == InvoiceState.BALANCED,
        )
        .exists()
    )
    ready = sa.or_(
        sa.and_(settlements.c.stage == Stage.SIGNED, is_paid),
        sa.and_(
            settlements.c.stage == Stage.PAID,
            sa.or_(settlements.c.basis != Basis.ESTIMATE, settlements.c.claim_id.is_(None)),
            settlements.c.claim_problem.is_(None),
        ),
        settlements.c.stage == Stage.INSURED,
    )
    query = sa.select(settlements.c.id).where(ready).order_by(settlements.c.opened_at).limit(limit)
    return list(uow.session.execute(query).scalars())


def lock_late_charge(uow: UnitOfWork, late_charge_id: UUID) -> tuple[StayAccount, LateCharge] | None:
    """A late charge and the account of its stay for changing."""
    owner = sa.select(late_charges.c.account_id).where(late_charges.c.id == late_charge_id).scalar_subquery()
    account = _account(uow, accounts.c.id == owner)
    if account is None:
        return None
    query = sa.select(LateCharge).where(late_charges.c.id == late_charge_id).with_for_update()
    return account, uow.session.execute(query.execution_options(populate_existing=True)).scalar_one()


def open_late_charges(uow: UnitOfWork, settlement_id: UUID) -> Sequence[LateCharge]:
    """The undecided late charges of a settlement, for changing."""
    query = sa.select(LateCharge).where(
        late_charges.c.settlement_id == settlement_id, late_charges.c.state == LateChargeState.OPEN
    )
    return uow.session.execute(query.with_for_update()).scalars().all()


def refunds_under_way(uow: UnitOfWork, payment_ids: Iterable[UUID]) -> int:
    """How many refunds of these payments have not ended."""
    ended = (RefundState.SUCCEEDED, RefundState.REFUSED)
    query = sa.select(sa.func.count()).where(refunds.c.payment_id.in_(list(payment_ids)), refunds.c.state.not_in(ended))
    return uow.session.execute(query).scalar_one()
