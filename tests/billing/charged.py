"""A stay with its account and a small price list: what the tests of charging are made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa

from services.billing import queries, store, usecases
from services.billing.domain import Channel
from services.billing.domain.charging import ChargeLine, FeeCategory, PricedItem, PriceTerms
from services.billing.domain.insurance import CatalogueClass
from services.billing.domain.stay_days import DailyCharge
from shared.actor import Actor
from shared.database import Database
from tests.billing.factories import hear
from tests.support.callers import patient

NURSE = Actor(subject="staff:nurse", roles=("nurse",))
CASHIER = Actor(subject="staff:cashier", roles=("cashier",))
SYSTEM = Actor.system("billing")
LONG_AGO = date(2025, 1, 1)
WARDS = {
    name: {"id": str(UUID(int=number)), "code": f"1号楼-{name}", "zh": f"{name}病区", "en": f"{name} ward"}
    for number, name in enumerate(("CARD", "ICU"), 1)
}


def item(code: str, category: FeeCategory, name_zh: str, name_en: str) -> PricedItem:
    """An item of the price list."""
    return PricedItem(
        id=UUID(int=int(code)),
        code=code,
        national_code=f"N{code}",
        name_zh=name_zh,
        name_en=name_en,
        spec="",
        unit_zh="次",
        unit_en="time",
        category=category,
    )


BED = item("1001", FeeCategory.BED, "三人间床位费", "Bed, room of three")
ICU_BED = item("1005", FeeCategory.BED, "重症监护病房床位费", "Bed, intensive care")
CARE = item("7003", FeeCategory.NURSING, "二级护理", "Nursing, level 2")
ICU_CARE = item("7001", FeeCategory.NURSING, "特级护理", "Special nursing")
CT = item("3001", FeeCategory.EXAMINATION, "头颅CT平扫", "CT, plain: head")
ASPIRIN = item("9006", FeeCategory.WESTERN_MEDICINE, "阿司匹林肠溶片", "Aspirin enteric tablets")
NEW_DRUG = item("9099", FeeCategory.WESTERN_MEDICINE, "新药", "New drug")
_PRICES = {BED: "35", ICU_BED: "120", CARE: "24", ICU_CARE: "120", CT: "180", ASPIRIN: "0.2133"}
RATES = {
    ("", DailyCharge.BED): BED.id,
    ("", DailyCharge.NURSING): CARE.id,
    ("1号楼-ICU", DailyCharge.BED): ICU_BED.id,
    ("1号楼-ICU", DailyCharge.NURSING): ICU_CARE.id,
}


def terms(of: PricedItem, price: str, from_on: date = LONG_AGO, **changes: Any) -> PriceTerms:
    """What an item costs from a day on."""
    values: dict[str, Any] = {"catalogue_class": CatalogueClass.A} | changes
    return PriceTerms(item_id=of.id, from_on=from_on, price=Decimal(price), **values)


def open_price_list(database: Database, now: datetime) -> None:
    """Write the items, with prices from long ago; the new drug has none yet."""
    known = [terms(each, price) for each, price in _PRICES.items()]
    with database.write() as uow:
        usecases.open_price_list(uow, items=[*_PRICES, NEW_DRUG], terms=known, rates=RATES, actor=SYSTEM, now=now)


@dataclass
class Stay:
    """One stay of one patient, and what billing has of it."""

    database: Database
    encounter_id: UUID = field(default_factory=uuid4)
    patient_id: UUID = field(default_factory=uuid4)
    version: int = 0

    @property
    def payer(self) -> Actor:
        """The patient with an account of their own."""
        return patient(self.patient_id)

    def tell(self, step: str, at: datetime, now: datetime, *, ward: str = "CARD", **changes: Any) -> None:
        """Records tells a step of the stay."""
        self.version += 1
        finished = step == "discharged"
        state = "cancelled" if step == "admission_cancelled" else "finished" if finished else "in_progress"
        data = {
            "encounter_id": str(self.encounter_id),
            "patient_id": str(self.patient_id),
            "encounter_class": "IMP",
            "state": state,
            "ward": WARDS[ward],
            "at": at.isoformat(),
            "started_at": changes.pop("started_at", getattr(self, "started_at", at)).isoformat(),
            "ended_at": at.isoformat() if finished else None,
            "version": changes.pop("version", self.version),
        } | changes
        if step == "admitted":
            self.started_at = at
        hear(self.database, f"records.encounter_{step}.v1", data, now)

    def charge(self, now: datetime, *wanted: tuple[PricedItem, str], **changes: Any) -> Sequence[ChargeLine]:
        """The nurse enters lines."""
        lines = [{"item_id": each.id, "quantity": Decimal(quantity), **changes} for each, quantity in wanted]
        with self.database.write() as uow:
            done = usecases.charge_stay(uow, actor=NURSE, now=now, encounter_id=self.encounter_id, lines=lines)
        made: Sequence[ChargeLine] = done["items"]
        return made

    def give_back(self, line_id: UUID, now: datetime, quantity: str | None = None) -> ChargeLine:
        """The nurse takes a line, or a part of it, back."""
        amount = None if quantity is None else Decimal(quantity)
        with self.database.write() as uow:
            return usecases.return_charge(
                uow, actor=NURSE, now=now, line_id=line_id, reason="医嘱停了", quantity=amount
            )

    def deposit(self, fen: int, now: datetime, *, paid: bool = True) -> dict[str, Any]:
        """Money is paid in advance, in cash at the window."""
        with self.database.write() as uow:
            made = usecases.ask_for_deposit(uow, actor=CASHIER, now=now, encounter_id=self.encounter_id, amount_fen=fen)
        if paid:
            self.pay_cash(made["invoice_id"], fen, now)
        return made

    def pay_cash(self, invoice_id: Any, fen: int, now: datetime) -> UUID:
        """The cashier takes cash for a bill."""
        with self.database.write() as uow:
            payment = usecases.request_payment(
                uow, actor=CASHIER, now=now, invoice_id=invoice_id, amount_fen=fen, channel=Channel.CASH
            )
            return payment.id

    def account(self, now: datetime) -> dict[str, Any]:
        """The account as it is told."""
        with self.database.read() as uow:
            return queries.stay_account(uow, actor=NURSE, now=now, encounter_id=self.encounter_id)

    def lines(self) -> list[tuple[str, str, int, str]]:
        """The lines in their order: item code, quantity, fen, day."""
        with self.database.read() as uow:
            rows = store.medical_lines(uow, self._account_id(uow))
        return [(row.code, f"{row.quantity.normalize():f}", row.amount_fen, row.charged_on.isoformat()) for row in rows]

    def _account_id(self, uow: Any) -> UUID:
        query = sa.select(store.accounts.c.id).where(store.accounts.c.encounter_id == self.encounter_id)
        found: UUID = uow.session.execute(query).scalar_one()
        return found


def count(database: Database, table: sa.Table) -> int:
    """How many rows a table has."""
    with database.read() as uow:
        return int(uow.session.execute(sa.select(sa.func.count()).select_from(table)).scalar_one())
