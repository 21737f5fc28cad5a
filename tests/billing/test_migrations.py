"""A hospital's money survives the migrations: what was written by an older version is read by this one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from services.billing.app import SERVICE
from services.billing.domain import Invoice, Payment
from shared.database import Database, UtcDateTime, append_only_tables, upgrade

APPOINTMENT = UUID("6f1c2d3e-0001-4a00-8000-000000000001")
INVOICE = UUID("6f1d7c52-3a44-4e0b-9a53-0c8f5f7c1b10")
AT = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
TYPES = {UUID: sa.Uuid, datetime: UtcDateTime}


def _values(table: str, **values: object) -> sa.TextClause:
    names, marks = ", ".join(values), ", ".join(f":{name}" for name in values)
    typed = [sa.bindparam(name, type_=TYPES[type(value)]) for name, value in values.items() if type(value) in TYPES]
    statement = sa.text(f"INSERT INTO {table} ({names}) VALUES ({marks})")
    return statement.bindparams(*typed).bindparams(**values)


def _a_paid_visit(connection: sa.Connection) -> None:
    patient, payment = uuid4(), uuid4()
    connection.execute(_values("appointments", id=APPOINTMENT, lapsed_at=AT))
    bill = {"amount_fen": 1500, "paid_fen": 1500, "refunded_fen": 0, "issued_at": AT, "version": 2}
    about = {"appointment_id": APPOINTMENT, "patient_id": patient}
    connection.execute(_values("invoices", id=INVOICE, number="AX1", state="balanced", **about, **bill))
    line = {"text_zh": "挂号费", "text_en": "Registration fee", "amount_fen": 1500}
    connection.execute(_values("invoice_lines", invoice_id=INVOICE, number=1, **line))
    money = {"amount_fen": 1500, "received_fen": 1500, "returned_fen": 0, "counted": True, "closing": False}
    asked = {"requested_by": "account:1", "request_id": "r", "requested_at": AT, "expires_at": AT, "tries": 1}
    way = {"channel": "sandbox_wallet", "state": "succeeded", "return_path": "/", "version": 3}
    connection.execute(_values("payments", id=payment, invoice_id=INVOICE, **about, **money, **asked, **way))
    sides = {"debit_account": "sandbox_wallet", "credit_account": "patient_receivables", "posted_at": AT}
    posting = {"kind": "payment_received", "reference": payment, "amount_fen": 1500}
    connection.execute(_values("postings", invoice_id=INVOICE, **sides, **posting))


@pytest.fixture
def older(backend: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Database]:
    """A database as the migration before the bills of any kind left it."""
    url = f"sqlite:///{tmp_path}/older.sqlite3"
    if backend == "postgresql":
        url = request.getfixturevalue("new_postgres_database")("older")
    database = Database(url, SERVICE.toolbox)
    upgrade(database.engine, SERVICE.migrations, "0002")
    yield database
    database.close()


def test_bills_of_appointments_become_bills_of_any_kind_and_the_ledger_goes_on(older: Database) -> None:
    with older.engine.begin() as connection:
        _a_paid_visit(connection)
    upgrade(older.engine, SERVICE.migrations)
    with older.read() as uow:
        invoice = uow.session.execute(sa.select(Invoice)).scalar_one()
        payment = uow.session.execute(sa.select(Payment)).scalar_one()
        about = ("appointment", APPOINTMENT)
        assert (invoice.billed_kind, invoice.billed_id, invoice.paid_fen, invoice.lines[0].amount_fen) == (
            *about,
            1500,
            1500,
        )
        assert (payment.billed_kind, payment.billed_id, payment.counted, payment.invoice_id) == (*about, True, INVOICE)
        billed = uow.session.execute(sa.text("SELECT kind, lapsed_at FROM billed")).one()
        assert (billed.kind, billed.lapsed_at is not None) == ("appointment", True)
    more = {"kind": "refund_owed", "reference": uuid4(), "invoice_id": INVOICE, "amount_fen": 1, "posted_at": AT}
    with older.engine.begin() as connection:
        connection.execute(_values("postings", debit_account="a", credit_account="b", **more))
        assert connection.execute(sa.text("SELECT position FROM postings ORDER BY position")).scalars().all() == [1, 2]
        assert append_only_tables(connection) >= {"postings", "access_log"}


def test_an_empty_ledger_counts_from_one_after_the_migration(older: Database) -> None:
    upgrade(older.engine, SERVICE.migrations)
    account = {"id": uuid4(), "encounter_id": uuid4(), "patient_id": uuid4(), "state": "open"}
    row = {"kind": "any", "reference": uuid4(), "stay_account_id": account["id"], "amount_fen": 1, "posted_at": AT}
    with older.engine.begin() as connection:
        connection.execute(_values("accounts", stay_version=1, heard_at=AT, **account))
        connection.execute(_values("postings", debit_account="a", credit_account="b", **row))
        assert connection.execute(sa.text("SELECT position FROM postings")).scalar_one() == 1
