"""What lies on the account of a stay: charges by category, meals and the like, deposits, and what the audit counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from services.billing.domain import LIVE, BilledKind, InsuredLine, InvoiceState
from services.billing.domain.charging import ChargeLine, terms_on
from services.billing.domain.charging_errors import ItemHasNoPrice
from services.billing.domain.checklist import Stay, Tally
from services.billing.domain.late_charge import LateChargeState
from services.billing.domain.non_medical import NonMedicalLine, tally
from services.billing.domain.settlement import Settlement
from services.billing.domain.splitting import Source
from services.billing.domain.stay_days import DailyCharge
from services.billing.store.charge_tables import deposits, stay_days
from services.billing.store.charges import medical_lines
from services.billing.store.price_list import terms_of
from services.billing.store.settlement_tables import late_charges
from services.billing.store.settling import StayAccount, answer_of, paid_on, refunds_under_way, stay_account
from services.billing.store.stay_money import held_deposits, non_medical
from services.billing.store.tables import invoices, payments
from shared.clock import hospital_day
from shared.database import UnitOfWork


@dataclass(frozen=True, kw_only=True)
class StayBill:
    """The bill of a stay (fen), late charges left out: its lines, their sums by category, and meals and the like."""

    lines: Sequence[ChargeLine] = ()
    meals: Sequence[NonMedicalLine] = ()
    medical_fen: int = 0
    non_medical_fen: int = 0
    count: int = 0
    categories: list[dict[str, Any]] = field(default_factory=list)


def stay_bill(uow: UnitOfWork, account_id: UUID) -> StayBill:
    """The bill as it is now, without what came after it was closed."""
    late = _late(uow, account_id)
    lines = [each for each in medical_lines(uow, account_id) if (each.id, each.amount_fen) not in late]
    meals = _meals(uow, account_id, late)
    standing = tally(meals)
    sums: dict[str, int] = {}
    for line in lines:
        sums[line.category.value] = sums.get(line.category.value, 0) + line.amount_fen
    categories = [{"code": code, "amount_fen": fen} for code, fen in sorted(sums.items()) if fen]
    if standing.amount_fen:
        categories.append({"code": "meals", "amount_fen": standing.amount_fen})
    return StayBill(
        lines=lines,
        meals=meals,
        medical_fen=sum(sums.values()),
        non_medical_fen=standing.amount_fen,
        count=len(lines) + standing.count,
        categories=categories,
    )


def _late(uow: UnitOfWork, account_id: UUID) -> set[tuple[UUID, int]]:
    """The lines that came after the bill was closed, by their id and amount (a meal and its reversal share the id)."""
    query = sa.select(late_charges.c.charge_id, late_charges.c.amount_fen).where(
        late_charges.c.account_id == account_id, late_charges.c.state != LateChargeState.ABSORBED
    )
    return {(row.charge_id, row.amount_fen) for row in uow.session.execute(query)}


def _meals(uow: UnitOfWork, account_id: UUID, late: set[tuple[UUID, int]]) -> list[NonMedicalLine]:
    encounter_id = stay_account(uow, account_id).encounter_id
    return [each for each in non_medical(uow, encounter_id) if (each.charge_id, each.amount_fen) not in late]


def insured_lines(uow: UnitOfWork, account_id: UUID) -> list[InsuredLine]:
    """The lines of the bill as the insurer is told of them; corrections name their originals."""
    return [
        InsuredLine(
            feedetl_sn=str(line.id),
            med_list_codg=line.national_code,
            med_chrgitm_type=line.category.value,
            chrgitm_lv=line.catalogue_class,
            pric=line.price,
            cnt=line.quantity,
            det_item_fee_sumamt=line.amount_fen,
            selfpay_prop=line.self_pay_ratio,
            pric_uplmt_amt=line.ceiling,
            init_feedetl_sn=str(line.returns) if line.returns else None,
        )
        for line in stay_bill(uow, account_id).lines
    ]


def deposits_of(uow: UnitOfWork, account_id: UUID) -> list[Source]:
    """The deposits of a stay that still hold money."""
    held = held_deposits(uow, account_id)
    return [
        Source(payment_id=each.payment_id, paid_at=each.paid_at, left_fen=each.left_fen)
        for each in held
        if each.left_fen
    ]


def payment_ids_of(uow: UnitOfWork, account_id: UUID, settlement_id: UUID) -> list[UUID]:
    """Every payment of a stay that may have got something back."""
    mine = sa.select(deposits.c.id).where(deposits.c.account_id == account_id)
    query = sa.select(payments.c.id).where(payments.c.billed_kind == BilledKind.DEPOSIT, payments.c.billed_id.in_(mine))
    return [*uow.session.execute(query).scalars(), *all_paid_on(uow, settlement_id)]


def all_paid_on(uow: UnitOfWork, settlement_id: UUID) -> list[UUID]:
    """The payments on the bills of a settlement, whatever they still hold."""
    return [each.payment_id for each in paid_on(uow, settlement_id, empty=True)]


def unpaid_deposits(uow: UnitOfWork, account_id: UUID) -> list[UUID]:
    """Deposits of a stay that were asked for and are not paid."""
    query = (
        sa.select(deposits.c.id)
        .join(invoices, sa.and_(invoices.c.billed_kind == BilledKind.DEPOSIT, invoices.c.billed_id == deposits.c.id))
        .where(deposits.c.account_id == account_id, invoices.c.state == InvoiceState.ISSUED)
        .order_by(deposits.c.id)
    )
    return list(uow.session.execute(query).scalars())


def audited_stay(uow: UnitOfWork, account: StayAccount, settlement: Settlement) -> Stay:
    """What the checklist looks at."""
    ended_at = account.closed_at or settlement.discharge_ordered_at
    admitted_on, discharged_on = hospital_day(account.opened_at or ended_at), hospital_day(ended_at)
    bill = stay_bill(uow, account.id)
    standing = tally(bill.meals)
    originals = _standing_lines(bill.lines)
    outside = [each for each in originals if not admitted_on <= each.charged_on <= discharged_on]
    return Stay(
        admitted_on=admitted_on,
        discharged_on=discharged_on,
        bed_days=_days(uow, account.id, DailyCharge.BED, discharged_on),
        nursing_days=_days(uow, account.id, DailyCharge.NURSING, discharged_on),
        charged_outside=len(outside),
        off_list=_off_list(uow, originals),
        deposits_open=_deposits_being_paid(uow, account.id),
        refunds_open=refunds_under_way(uow, [each.payment_id for each in deposits_of(uow, account.id)]),
        answer=answer_of(uow, settlement.id),
        ledger=Tally(count=standing.count, amount_fen=standing.amount_fen),
    )


def _standing_lines(lines: Sequence[ChargeLine]) -> list[ChargeLine]:
    """The originals of which something is left after their returns."""
    left = {line.id: line.amount_fen for line in lines if line.returns is None}
    for line in lines:
        if line.returns in left:
            left[line.returns] += line.amount_fen
    return [line for line in lines if left.get(line.id)]


def _days(uow: UnitOfWork, account_id: UUID, kind: DailyCharge, until: date) -> int:
    """How many days before the discharge are charged (in and out on one day is one)."""
    query = sa.select(stay_days.c.day).where(
        stay_days.c.account_id == account_id, stay_days.c.kind == kind, stay_days.c.line_id.is_not(None)
    )
    charged = set(uow.session.execute(query).scalars())
    return len([day for day in charged if day <= until])


def _off_list(uow: UnitOfWork, lines: Sequence[ChargeLine]) -> int:
    terms = terms_of(uow, {line.item_id for line in lines})

    def is_off(line: ChargeLine) -> bool:
        try:
            return terms_on(terms.get(line.item_id, ()), line.charged_on).price != line.price
        except ItemHasNoPrice:
            return True

    return sum(is_off(line) for line in lines)


def _deposits_being_paid(uow: UnitOfWork, account_id: UUID) -> int:
    mine = sa.select(deposits.c.id).where(deposits.c.account_id == account_id)
    query = sa.select(sa.func.count()).where(
        payments.c.billed_kind == BilledKind.DEPOSIT, payments.c.billed_id.in_(mine), payments.c.state.in_(sorted(LIVE))
    )
    return uow.session.execute(query).scalar_one()
