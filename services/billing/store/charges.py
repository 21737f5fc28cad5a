"""Charge lines and what is left of them. The account of the stay is locked before any line of it is entered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa

from services.billing.domain.charging import ChargeLine, EnteredBy
from services.billing.store.charge_tables import charge_lines, charge_rests
from services.billing.store.tables import accounts
from shared.database import UnitOfWork

_LINE = tuple(charge_lines.c[name] for name in ChargeLine.__dataclass_fields__)


class ChargedAccount(NamedTuple):
    """The account of a stay, locked for charging: charging a stay and closing its bill wait for each other."""

    id: UUID
    encounter_id: UUID
    patient_id: UUID
    ward_zh: str
    ward_en: str
    heard_at: datetime


class Rest(NamedTuple):
    """What is left of a line after its returns."""

    quantity: Decimal
    amount_fen: int


def lock_accounts(uow: UnitOfWork, encounter_ids: Iterable[UUID]) -> dict[UUID, ChargedAccount]:
    """The accounts of stays for charging, by encounter; locked in the order of their ids."""
    columns = tuple(accounts.c[name] for name in ChargedAccount._fields)
    query = sa.select(*columns).where(accounts.c.encounter_id.in_(list(encounter_ids))).order_by(accounts.c.id)
    return {row.encounter_id: ChargedAccount(*row) for row in uow.session.execute(query.with_for_update())}


def add_lines(uow: UnitOfWork, lines: Sequence[ChargeLine]) -> None:
    """Enter lines; originals begin with everything left."""
    uow.insert(charge_lines, [asdict(line) for line in lines])
    originals = [line for line in lines if line.returns is None]
    rests = [
        {"line_id": each.id, "quantity_left": each.quantity, "amount_left_fen": each.amount_fen} for each in originals
    ]
    uow.insert(charge_rests, rests)


def line_account(uow: UnitOfWork, line_id: UUID) -> UUID | None:
    """To whose stay (encounter) a line belongs."""
    query = sa.select(charge_lines.c.encounter_id).where(charge_lines.c.id == line_id)
    return uow.session.execute(query).scalar_one_or_none()


def line(uow: UnitOfWork, line_id: UUID) -> ChargeLine:
    """One line that is there."""
    row = uow.session.execute(sa.select(*_LINE).where(charge_lines.c.id == line_id)).mappings().one()
    return ChargeLine(**row)


def lock_rest(uow: UnitOfWork, line_id: UUID) -> Rest:
    """What is left of an original line, for taking from it; nothing for a return."""
    query = sa.select(charge_rests.c.quantity_left, charge_rests.c.amount_left_fen)
    row = uow.session.execute(query.where(charge_rests.c.line_id == line_id).with_for_update()).one_or_none()
    return Rest(*row) if row else Rest(Decimal(0), 0)


def take_from_rest(uow: UnitOfWork, line_id: UUID, *, quantity: Decimal, amount_fen: int) -> None:
    """Take a return off what is left; the database refuses less than nothing."""
    table = charge_rests
    uow.session.execute(
        table.update()
        .where(table.c.line_id == line_id)
        .values(
            quantity_left=table.c.quantity_left - quantity,
            amount_left_fen=table.c.amount_left_fen - amount_fen,
        )
    )


def lines_by_reference(
    uow: UnitOfWork, entered_through: EnteredBy, references: Iterable[str]
) -> Mapping[str, ChargeLine]:
    """Lines that were entered before under these numbers of their sender."""
    query = sa.select(*_LINE).where(
        charge_lines.c.entered_through == entered_through, charge_lines.c.reference.in_(list(references))
    )
    return {row["reference"]: ChargeLine(**row) for row in uow.session.execute(query).mappings()}


def medical_lines(uow: UnitOfWork, account_id: UUID) -> Sequence[ChargeLine]:
    """All lines of an account in the order in which they were entered, returns among them."""
    query = sa.select(*_LINE).where(charge_lines.c.account_id == account_id).order_by(charge_lines.c.position)
    return [ChargeLine(**row) for row in uow.session.execute(query).mappings()]


def totals_by_category(uow: UnitOfWork, account_id: UUID) -> dict[str, int]:
    """What an account was charged in each fee category (code 01 to 14), in fen; what came to nothing is left out."""
    total = sa.func.sum(charge_lines.c.amount_fen)
    query = (
        sa.select(charge_lines.c.category, total)
        .where(charge_lines.c.account_id == account_id)
        .group_by(charge_lines.c.category)
        .order_by(charge_lines.c.category)
    )
    return {category.value: int(fen) for category, fen in uow.session.execute(query) if fen}
