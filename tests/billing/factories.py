"""Messages, people and a provider that billing's tests are made of: plain functions with good defaults."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa

from services.billing import store, usecases
from services.billing.consumers import SUBSCRIPTIONS
from services.billing.domain import (
    Channel,
    Invoice,
    OrderAnswer,
    OrderIntent,
    OrderOutcome,
    Payment,
    RefundAnswer,
    RefundIntent,
    RefundOutcome,
)
from shared.actor import Actor
from shared.database import Database
from tests.support.callers import patient

HELD = "appointments.appointment_held.v1"
CANCELLED = "appointments.appointment_cancelled.v1"
LAPSED = "appointments.appointment_lapsed.v1"
CARDIOLOGY = {"zh": "心血管内科", "en": "Cardiology"}
DOCTOR = {"zh": "李慧敏", "en": "Li Huimin"}
FEE_FEN = 1500


def held(appointment_id: UUID, patient_id: UUID, **changes: Any) -> dict[str, Any]:
    """The data of an appointment that was just held, at 15.00."""
    return {
        "appointment_id": str(appointment_id),
        "patient_id": str(patient_id),
        "slot_id": str(uuid4()),
        "fee_fen": FEE_FEN,
        "starts_at": "2026-11-24T01:30:00Z",
        "department": CARDIOLOGY,
        "practitioner": DOCTOR,
        "client_reference": None,
    } | changes


def cancelled(appointment_id: UUID, patient_id: UUID, reason: str = "by_patient") -> dict[str, Any]:
    """The data of an appointment that was cancelled."""
    return {
        "appointment_id": str(appointment_id),
        "patient_id": str(patient_id),
        "reason": reason,
        "starts_at": "2026-11-24T01:30:00Z",
        "department": CARDIOLOGY,
        "practitioner": DOCTOR,
    }


def hear(database: Database, type_: str, data: dict[str, Any], now: datetime) -> tuple[str, ...]:
    """Let billing hear a message; gives the types of the facts it published."""
    subscription = SUBSCRIPTIONS[type_]
    with database.write() as uow:
        subscription.use_case(uow, data=subscription.schema().load(data), actor=Actor.system("billing"), now=now)
        return tuple(each["type"] for each in uow.published)


@dataclass
class Case:
    """One appointment of one patient, and what billing has of it."""

    database: Database
    appointment_id: UUID = field(default_factory=uuid4)
    patient_id: UUID = field(default_factory=uuid4)

    @property
    def payer(self) -> Actor:
        """The patient with an account of their own."""
        return patient(self.patient_id)

    def held(self, now: datetime, **changes: Any) -> tuple[str, ...]:
        """The appointment is held."""
        return hear(self.database, HELD, held(self.appointment_id, self.patient_id, **changes), now)

    def cancelled(self, now: datetime, reason: str = "by_patient") -> tuple[str, ...]:
        """The appointment is cancelled."""
        return hear(self.database, CANCELLED, cancelled(self.appointment_id, self.patient_id, reason), now)

    def lapsed(self, now: datetime) -> tuple[str, ...]:
        """The time to pay is over."""
        data = {"appointment_id": str(self.appointment_id), "patient_id": str(self.patient_id)}
        return hear(self.database, LAPSED, data, now)

    def ask_to_pay(self, now: datetime, **changes: Any) -> UUID:
        """The patient asks to pay 15.00 through the wallet."""
        arguments: dict[str, Any] = {
            "actor": self.payer,
            "invoice_id": self.invoice().id,
            "amount_fen": FEE_FEN,
            "channel": Channel.SANDBOX_WALLET,
            "return_path": "/appointments",
        }
        with self.database.write() as uow:
            return usecases.request_payment(uow, now=now, **(arguments | changes)).id

    def invoice(self) -> Invoice:
        """The bill as it stands."""
        with self.database.read() as uow:
            query = sa.select(Invoice).where(store.invoices.c.billed_id == self.appointment_id)
            return uow.session.execute(query).scalar_one()

    def rows(self, table: sa.Table) -> list[dict[str, Any]]:
        """What the bill has in a table, the oldest first."""
        order = table.c.position if "position" in table.c else table.c.requested_at
        with self.database.read() as uow:
            query = sa.select(table).where(table.c.invoice_id == self.invoice().id).order_by(order)
            return [dict(row) for row in uow.session.execute(query).mappings()]

    def payments(self) -> list[dict[str, Any]]:
        """All payments."""
        return self.rows(store.payments)

    def refunds(self) -> list[dict[str, Any]]:
        """All refunds."""
        return self.rows(store.refunds)

    def postings(self) -> list[tuple[str, str, str, int]]:
        """The ledger's rows: kind, debit, credit, fen."""
        return [
            (row["kind"], row["debit_account"], row["credit_account"], row["amount_fen"])
            for row in self.rows(store.postings)
        ]

    def payment(self, payment_id: UUID) -> Payment:
        """One payment as it stands."""
        with self.database.read() as uow:
            return uow.session.execute(sa.select(Payment).where(store.payments.c.id == payment_id)).scalar_one()


def facts_of(database: Database) -> list[str]:
    """The types of all facts in the outbox, in order."""
    with database.read() as uow:
        outbox = uow.toolbox.outbox
        return list(uow.session.execute(sa.select(outbox.c.type).order_by(outbox.c.position)).scalars())


class PlayedProvider:
    """A provider that answers what the test wants, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.orders: dict[str, OrderAnswer] = {}
        self.refunds: dict[str, RefundAnswer] = {}

    def open_order(self, _intent: OrderIntent) -> OrderAnswer:
        self.asked.append("open")
        return self.orders.get("open", OrderAnswer(outcome=OrderOutcome.OPENED, pay_url="http://wallet/pay/1"))

    def query_order(self, _payment_id: UUID) -> OrderAnswer:
        self.asked.append("ask")
        return self.orders.get("ask", OrderAnswer(outcome=OrderOutcome.OPENED, pay_url="http://wallet/pay/1"))

    def close_order(self, _payment_id: UUID) -> OrderAnswer:
        self.asked.append("close")
        return self.orders.get("close", OrderAnswer(outcome=OrderOutcome.CLOSED, problem="closed_by_merchant"))

    def refund(self, _intent: RefundIntent) -> RefundAnswer:
        self.asked.append("refund")
        return self.refunds.get("refund", RefundAnswer(outcome=RefundOutcome.SUCCEEDED))

    def query_refund(self, _refund_id: UUID) -> RefundAnswer:
        self.asked.append("ask refund")
        return self.refunds.get("ask", RefundAnswer(outcome=RefundOutcome.SUCCEEDED))

    def check_notification(self, headers: Any, body: bytes, now: datetime) -> dict[str, Any]:
        raise NotImplementedError


def paid(fen: int = FEE_FEN, transaction: str = "T1") -> OrderAnswer:
    """The provider says that the money came."""
    return OrderAnswer(outcome=OrderOutcome.PAID, paid_fen=fen, transaction_id=transaction)


def forget(database: Database) -> None:
    """Forget everything, what is append-only too: for tests that play many histories (SQLite)."""
    with database.engine.connect() as connection, connection.begin():
        triggers = connection.exec_driver_sql(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name <> 'access_log'"
        ).all()
        for name, _ in triggers:
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        for table in reversed(store.metadata.sorted_tables):
            if table.name != "access_log":
                connection.execute(table.delete())
        for _, sql in triggers:
            connection.exec_driver_sql(sql)
