"""A stay that is settled, step by step, as the ward, meals and the wallet do it: plain functions with good defaults."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from services.billing import queries, store, usecases
from services.billing.domain import BilledKind, Channel
from services.billing.domain.settlement import Settlement
from shared.actor import Actor
from shared.database import Database
from tests.billing.factories import hear
from tests.support.clock import MONDAY_MORNING

CONTRACTS = Path(__file__).parents[2] / "shared" / "contracts"
NURSE = Actor(subject="staff:nurse", roles=("nurse",))
CASHIER = Actor(subject="staff:cashier", roles=("cashier",))
FINANCE = Actor(subject="staff:finance", roles=("finance",))
ANSWER = "meals.stay_charges_completed.v1"
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
        """A medical charge."""
        return self._line("medical", fen, now)

    def meal(self, fen: int, now: datetime) -> UUID:
        """A meal."""
        return self._line("non_medical", fen, now)

    def _line(self, source: str, fen: int, now: datetime) -> UUID:
        line, account_id = uuid4(), self.account_id()
        with self.database.write() as uow:
            store.lock_stay_account(uow, encounter_id=self.encounter_id)
            late = usecases.note_late_charge(
                uow,
                account_id=account_id,
                charge_id=line,
                medical=source == "medical",
                text_zh="换药",
                text_en="Dressing",
                amount_fen=fen,
                now=now,
            )
        if late is None:
            PLAYED.setdefault(account_id, []).append((source, fen))
        return line

    def deposit(self, fen: int, now: datetime) -> UUID:
        """A deposit, paid in cash; gives the payment."""
        with self.database.write() as uow:
            made = usecases.ask_for_deposit(uow, actor=CASHIER, now=now, encounter_id=self.encounter_id, amount_fen=fen)
            payment = usecases.request_payment(
                uow, actor=CASHIER, now=now, invoice_id=made["invoice_id"], amount_fen=fen, channel=Channel.CASH
            )
        PLAYED_DEPOSITS.setdefault(self.account_id(), []).append(made["id"])
        return payment.id


PLAYED: dict[UUID, list[tuple[str, int]]] = {}
PLAYED_DEPOSITS: dict[UUID, list[UUID]] = {}


@pytest.fixture(autouse=True)
def played_bill(monkeypatch: pytest.MonkeyPatch) -> None:
    """Charges and deposits as the tests name them."""
    from services.billing.store import stay_bills
    from services.billing.store.settling import sources

    def bill(_uow: Any, account_id: UUID) -> Any:
        lines = PLAYED.get(account_id, [])
        medical = sum(fen for source, fen in lines if source == "medical")
        meals = sum(fen for source, fen in lines if source != "medical")
        categories = [{"code": "05", "amount_fen": medical}, {"code": "meals", "amount_fen": meals}]
        return stay_bills.StayBill(medical_fen=medical, non_medical_fen=meals, count=len(lines), categories=categories)

    def deposits(uow: Any, account_id: UUID) -> Any:
        ids = sa.select(store.billed.c.id).where(store.billed.c.id.in_(PLAYED_DEPOSITS.get(account_id, [])))
        return sources(uow, BilledKind.DEPOSIT, ids)

    def payment_ids(uow: Any, account_id: UUID, settlement_id: UUID) -> Any:
        query = sa.select(store.payments.c.id)
        return list(uow.session.execute(query).scalars())

    for module in (store, stay_bills):
        monkeypatch.setattr(module, "stay_bill", bill)
        monkeypatch.setattr(module, "deposits_of", deposits)
        monkeypatch.setattr(module, "payment_ids_of", payment_ids)
