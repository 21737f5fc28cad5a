"""A stay that is settled, step by step, as the ward, meals and the wallet do it: plain functions with good defaults."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa

from services.billing import queries, store, usecases
from services.billing.domain import Channel
from services.billing.domain.charging import FeeCategory
from services.billing.domain.late_charge import LateCharge
from services.billing.domain.settlement import Settlement
from shared.actor import Actor
from shared.database import Database
from tests.billing.charged import item, terms
from tests.billing.factories import hear
from tests.support.clock import MONDAY_MORNING

CONTRACTS = Path(__file__).parents[2] / "shared" / "contracts"
NURSE = Actor(subject="staff:nurse", roles=("nurse",))
CASHIER = Actor(subject="staff:cashier", roles=("cashier",))
FINANCE = Actor(subject="staff:finance", roles=("finance",))
ANSWER = "meals.stay_charges_completed.v1"
DRESSING = item("5001", FeeCategory.TREATMENT, "换药", "Dressing")
"""Ten yuan each, in any part."""
NAME = [[[100, 100], [200, 180], [320, 120]], [[400, 100], [420, 300]]]


def golden(type_: str) -> dict[str, Any]:
    """The data of a message's example."""
    data: dict[str, Any] = json.loads((CONTRACTS / f"{type_}.json").read_text(encoding="utf-8"))["data"]
    return data


@dataclass
class StayCase:
    """One inpatient, admitted on Friday 20 November, and what billing has of the settlement."""

    database: Database
    encounter_id: UUID = field(default_factory=uuid4)
    patient_id: UUID = field(default_factory=uuid4)

    # ------------------------------------------------------------------------------------------ what others tell

    def tell(self, what: str, now: datetime, **changes: Any) -> None:
        """A fact of the stay."""
        ids = {"encounter_id": str(self.encounter_id), "patient_id": str(self.patient_id)}
        hear(self.database, f"records.encounter_{what}.v1", golden(f"records.encounter_{what}.v1") | ids | changes, now)

    def meals_answer(self, now: datetime, *, count: int = 0, fen: int = 0) -> None:
        """Meals has told all of its charges."""
        data = {
            "settlement_id": str(self.settlement().id),
            "encounter_id": str(self.encounter_id),
            "charge_count": count,
            "amount_fen": fen,
        }
        hear(self.database, ANSWER, data, now)

    # ---------------------------------------------------------------------------------------------- what is done

    def do(self, use_case: Any, now: datetime, *, actor: Actor = NURSE, **arguments: Any) -> Any:
        """One use case, committed."""
        with self.database.write() as uow, uow.savepoint():
            return use_case(uow, actor=actor, now=now, **arguments)

    def act(self, use_case: Any, now: datetime, **arguments: Any) -> Any:
        """One use case on the settlement."""
        return self.do(use_case, now, settlement_id=self.settlement().id, **arguments)

    def open(self, now: datetime, **arguments: Any) -> Settlement:
        """A nurse begins to settle."""
        made: Settlement = self.do(usecases.open_settlement, now, encounter_id=self.encounter_id, **arguments)
        return made

    def overrule_all(self, now: datetime) -> None:
        """Whatever is left on the checklist is passed over."""
        for code in self.open_checks():
            self.act(usecases.overrule_check, now, code=code, reason="核对过了")

    def close(self, now: datetime) -> None:
        """From nothing to a closed bill."""
        self.open(now)
        self.meals_answer(now)
        self.overrule_all(now)
        self.act(usecases.close_bill, now)

    def sign(self, now: datetime, **changes: Any) -> None:
        """The person reads and signs what is shown now."""
        if self.settlement().stage == "checked":
            self.act(usecases.present_settlement, now)
        arguments = {"digest": self.shown()["digest"], "signer": "patient", "strokes": NAME} | changes
        self.act(usecases.sign_settlement, now, **arguments)

    # ----------------------------------------------------------------------------------------------- what is seen

    def settlement(self) -> Settlement:
        """The newest settlement of the stay."""
        table = store.settlements
        query = sa.select(Settlement).where(table.c.encounter_id == self.encounter_id)
        with self.database.read() as uow:
            return uow.session.execute(query.order_by(table.c.opened_at.desc(), table.c.stage)).scalars().all()[0]

    def shown(self, actor: Actor = NURSE) -> dict[str, Any]:
        """The settlement as a page reads it."""
        with self.database.read() as uow:
            return queries.settlement(uow, actor=actor, now=MONDAY_MORNING, settlement_id=self.settlement().id)

    def open_checks(self) -> list[Any]:
        """The codes that are left on the checklist."""
        return [each["code"] for each in self.shown()["checks"] if each["state"] in {"waiting", "blocked"}]

    def summary(self) -> dict[str, int]:
        """What each account of the ledger holds, debit less credit, without those that hold nothing."""
        with self.database.read() as uow:
            found = queries.ledger_summary(uow, actor=FINANCE, now=MONDAY_MORNING)
        assert found["debit_fen"] == found["credit_fen"]
        return {each["account"]: each["balance_fen"] for each in found["accounts"] if each["balance_fen"]}

    def refunds(self) -> list[dict[str, Any]]:
        """Every refund, in no order that means anything."""
        with self.database.read() as uow:
            return [dict(row) for row in uow.session.execute(sa.select(store.refunds)).mappings()]

    # ------------------------------------------------------------------------------------------ charges, deposits

    def account_id(self) -> UUID:
        """The account of the stay."""
        with self.database.read() as uow:
            query = sa.select(store.accounts.c.id).where(store.accounts.c.encounter_id == self.encounter_id)
            return uow.session.execute(query).scalar_one()

    def charge(self, fen: int, now: datetime) -> UUID:
        """A medical charge of so many fen; gives its line."""
        lines = [{"item_id": DRESSING.id, "quantity": Decimal(fen) / 1000}]
        with self.database.write() as uow:
            usecases.open_price_list(
                uow, items=[DRESSING], terms=[terms(DRESSING, "10")], rates={}, actor=CASHIER, now=now
            )
            done = usecases.charge_stay(uow, actor=NURSE, now=now, encounter_id=self.encounter_id, lines=lines)
        made: UUID = done["items"][0].id
        return made

    def take_back(self, line_id: UUID, now: datetime) -> None:
        """A charge is taken back."""
        self.do(usecases.return_charge, now, line_id=line_id, reason="没有做")

    def meal(self, fen: int, now: datetime, charge_id: UUID | None = None) -> UUID:
        """A meal is heard of; gives its charge."""
        data = self._meal(charge_id or uuid4(), fen) | {"text_zh": "午餐", "text_en": "Lunch", "meal_on": "2026-11-22"}
        hear(self.database, "meals.meal_charged.v1", {**data, "meal": "lunch"}, now)
        return UUID(data["charge_id"])

    def meal_reversed(self, charge_id: UUID, fen: int, now: datetime) -> None:
        """A meal is taken back."""
        hear(self.database, "meals.meal_charge_reversed.v1", self._meal(charge_id, fen) | {"reason": "discharge"}, now)

    def _meal(self, charge_id: UUID, fen: int) -> dict[str, Any]:
        ids = {"charge_id": charge_id, "order_id": uuid4(), "encounter_id": self.encounter_id}
        return {name: str(id_) for name, id_ in (ids | {"patient_id": self.patient_id}).items()} | {"amount_fen": fen}

    def deposit(self, fen: int, now: datetime) -> UUID:
        """A deposit, paid in cash; gives the payment."""
        return self.pay_cash(self.ask_for_deposit(fen, now), fen, now)

    def ask_for_deposit(self, fen: int, now: datetime) -> UUID:
        """A deposit that nobody has paid yet; gives its bill."""
        made = self.do(usecases.ask_for_deposit, now, actor=CASHIER, encounter_id=self.encounter_id, amount_fen=fen)
        bill: UUID = made["invoice_id"]
        return bill

    def pay_cash(self, invoice_id: UUID, fen: int, now: datetime) -> UUID:
        """The window takes cash; gives the payment."""
        arguments = {"invoice_id": invoice_id, "amount_fen": fen, "channel": Channel.CASH}
        payment_id: UUID = self.do(usecases.request_payment, now, actor=CASHIER, **arguments).id
        return payment_id

    def late(self) -> list[LateCharge]:
        """The late charges, the oldest first."""
        with self.database.read() as uow:
            query = sa.select(LateCharge).order_by(store.late_charges.c.opened_at)
            return list(uow.session.execute(query).scalars())
