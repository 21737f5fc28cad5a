"""Charging a stay: lines from a ward or a machine, and their returns. Nothing is ever changed or deleted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from services.billing import store
from services.billing.domain.charging import (
    ChargeLine,
    EnteredBy,
    PricedItem,
    PriceTerms,
    amount_of,
    listed_day,
    returned_amount,
    terms_on,
)
from services.billing.domain.charging_errors import ChargedInFuture, ItemUnknown
from services.billing.usecases.settlement.late import note_late_charge
from shared.actor import Actor
from shared.clock import hospital_day
from shared.database import UnitOfWork
from shared.errors import NotFound


class Wanted(NamedTuple):
    """One line to be entered: what, how much of it, and of which hospital day (today where none is given)."""

    item_id: UUID
    quantity: Decimal
    charged_on: date
    reference: str | None = None


class PriceList(NamedTuple):
    """The part of the price list that some lines need."""

    items: Mapping[UUID, PricedItem]
    terms: Mapping[UUID, Sequence[PriceTerms]]

    @staticmethod
    def of(uow: UnitOfWork, item_ids: Iterable[UUID]) -> PriceList:
        """Read these items and their terms."""
        ids = set(item_ids)
        return PriceList(store.items_by_id(uow, ids), store.terms_of(uow, ids))


def charge_stay(
    uow: UnitOfWork, *, actor: Actor, now: datetime, encounter_id: UUID, lines: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """Enter lines on a stay: all of them or none. The department is the ward in which the person lies.

    A stay that has ended, or is being settled, is charged all the same: such a line is late, never lost. Raises
    NotFound, ItemUnknown, ItemHasNoPrice, QuantityNotValid, AmountTooSmall and ChargedInFuture.
    """
    account = store.lock_accounts(uow, [encounter_id]).get(encounter_id)
    if account is None:
        raise NotFound
    today = hospital_day(now)
    wanted = [Wanted(each["item_id"], each["quantity"], each.get("charged_on") or today) for each in lines]
    prices = PriceList.of(uow, (each.item_id for each in wanted))
    made = [make_line(account, each, prices, through=EnteredBy.WARD, by=actor.subject, now=now) for each in wanted]
    enter_lines(uow, made, now=now)
    return {"items": made}


def make_line(
    account: store.ChargedAccount, wanted: Wanted, prices: PriceList, *, through: EnteredBy, by: str, now: datetime
) -> ChargeLine:
    """A line as it would be entered, with everything that holds on its day. Raises the refusal that says why not."""
    item = prices.items.get(wanted.item_id)
    if item is None:
        raise ItemUnknown
    if wanted.charged_on > hospital_day(now):
        raise ChargedInFuture
    terms = terms_on(prices.terms.get(item.id, ()), wanted.charged_on)
    return ChargeLine(
        id=uuid4(),
        account_id=account.id,
        encounter_id=account.encounter_id,
        patient_id=account.patient_id,
        item_id=item.id,
        code=item.code,
        national_code=item.national_code,
        name_zh=item.name_zh,
        name_en=item.name_en,
        spec=item.spec,
        unit_zh=item.unit_zh,
        unit_en=item.unit_en,
        category=item.category,
        catalogue_class=terms.catalogue_class,
        self_pay_ratio=terms.self_pay_ratio,
        ceiling=terms.ceiling,
        price=terms.price,
        quantity=wanted.quantity,
        amount_fen=amount_of(terms, wanted.quantity),
        charged_on=wanted.charged_on,
        listed_on=listed_day(wanted.charged_on, now=now, account_heard_at=account.heard_at),
        department_zh=account.ward_zh,
        department_en=account.ward_en,
        entered_through=through,
        entered_by=by,
        entered_at=now,
        reference=wanted.reference,
    )


def enter_lines(uow: UnitOfWork, lines: Sequence[ChargeLine], *, now: datetime) -> None:
    """Write lines of locked accounts; where the bill of a stay is closed, each is a late charge."""
    store.add_lines(uow, lines)
    closed = {each for each in {line.account_id for line in lines} if _bill_is_closed(uow, each)}
    for line in lines:
        if line.account_id in closed:
            note_late_charge(
                uow,
                account_id=line.account_id,
                medical=True,
                charge_id=line.id,
                text_zh=line.name_zh,
                text_en=line.name_en,
                amount_fen=line.amount_fen,
                now=now,
            )


def _bill_is_closed(uow: UnitOfWork, account_id: UUID) -> bool:
    settlement = store.settlement_of(uow, account_id)
    return settlement is not None and settlement.bill_is_closed


def return_charge(
    uow: UnitOfWork, *, actor: Actor, now: datetime, line_id: UUID, reason: str, quantity: Decimal | None = None
) -> ChargeLine:
    """Take a line, or a part of it, back: a new line of today below nothing that names its original.

    Without `quantity` all that is left goes back. Raises NotFound, NotAnOriginal, QuantityNotValid, QuantityNotLeft and
    AmountTooSmall.
    """
    encounter_id = store.line_account(uow, line_id)
    if encounter_id is None:
        raise NotFound
    store.lock_accounts(uow, [encounter_id])
    return take_back(uow, line_id, quantity=quantity, reason=reason, by=actor.subject, through=EnteredBy.WARD, now=now)


def take_back(
    uow: UnitOfWork,
    line_id: UUID,
    *,
    quantity: Decimal | None,
    reason: str,
    by: str,
    through: EnteredBy,
    now: datetime,
) -> ChargeLine:
    """Take (all that is left of) a line of a locked account back."""
    original, rest = store.line(uow, line_id), store.lock_rest(uow, line_id)
    taken = rest.quantity if quantity is None and rest.quantity else quantity or original.quantity
    amount_fen = returned_amount(original, quantity=taken, quantity_left=rest.quantity, amount_left_fen=rest.amount_fen)
    store.take_from_rest(uow, line_id, quantity=taken, amount_fen=amount_fen)
    line = replace(
        original,
        id=uuid4(),
        quantity=-taken,
        amount_fen=-amount_fen,
        charged_on=hospital_day(now),
        listed_on=hospital_day(now),
        entered_through=through,
        entered_by=by,
        entered_at=now,
        reference=None,
        returns=original.id,
        reason=reason,
    )
    enter_lines(uow, [line], now=now)
    return line
