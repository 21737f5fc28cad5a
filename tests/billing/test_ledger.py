"""The database itself keeps the money whole: append-only postings, and a constraint behind every lock."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.exc import DBAPIError, IntegrityError

from services.billing import queries, store
from services.billing.domain import Channel
from shared.actor import Actor
from shared.database import Database, append_only_tables
from tests.billing.factories import Case
from tests.support.clock import StandingClock

CASHIER = Actor(subject="staff:cashier", roles=("cashier",))
FINANCE = Actor(subject="staff:finance", roles=("finance",))


@pytest.fixture
def case(database: Database, clock: StandingClock) -> Case:
    """A bill of 15.00, paid in cash, cancelled and still to be given back."""
    made = Case(database)
    made.held(clock())
    made.ask_to_pay(clock(), actor=CASHIER, channel=Channel.CASH)
    made.cancelled(clock())
    return made


def broken(case: Case, change: Callable[[], Any], name: str) -> None:
    """The database refuses the change by the constraint of this name, and everything stays as it was."""
    before = [case.rows(table) for table in (store.payments, store.refunds, store.postings)]
    with pytest.raises((IntegrityError, DBAPIError), match=name), case.database.write() as uow:
        uow.session.execute(change())
    assert [case.rows(table) for table in (store.payments, store.refunds, store.postings)] == before


@pytest.mark.parametrize("verb", ["update", "delete"])
def test_no_posting_is_ever_changed_or_deleted(case: Case, verb: str) -> None:
    change = store.postings.update().values(amount_fen=1) if verb == "update" else store.postings.delete()
    broken(case, lambda: change, "append_only: postings")
    assert len(case.postings()) == 4


def test_the_append_only_tables_are_those_of_money_and_of_access(database: Database) -> None:
    with database.engine.connect() as connection:
        assert append_only_tables(connection) == {
            *("postings", "access_log", "price_terms", "charge_lines", "stay_steps", "non_medical_lines"),
            *("deposit_vouchers", "arrears_warnings", "settlement_signatures", "settlement_overrules"),
            *("receipts", "stuck_notes"),
        }


@pytest.mark.parametrize(
    ("table", "values", "name"),
    [
        ("invoices", {"paid_fen": 1501}, "invoices_never_overpaid"),
        ("invoices", {"paid_fen": -1}, "invoices_never_"),
        ("invoices", {"refunded_fen": 1501}, "invoices_never_refunded_beyond_paid"),
        ("invoices", {"state": "lost"}, "invoices_state"),
        ("invoices", {"amount_fen": -1}, "invoices_"),
        ("payments", {"returned_fen": 1501}, "payments_never_returned_beyond_received"),
        ("payments", {"amount_fen": 0}, "payments_"),
        ("payments", {"received_fen": 1499, "returned_fen": 0}, "payments_succeeded_in_full"),
        ("refunds", {"amount_fen": 0}, "refunds_amount"),
    ],
)
def test_sums_cannot_go_wrong_whatever_the_program_does(
    case: Case, table: str, values: dict[str, Any], name: str
) -> None:
    changed = sa.table(table, *(sa.column(column) for column in values))
    broken(case, lambda: changed.update().values(**values), name)


def test_a_posting_needs_an_amount_and_two_sides(case: Case) -> None:
    row = {
        "kind": "payment_received",
        "reference": uuid4(),
        "invoice_id": case.invoice().id,
        "debit_account": "cash_drawer",
        "credit_account": "patient_receivables",
        "amount_fen": 1,
        "posted_at": case.invoice().issued_at,
    }
    broken(case, lambda: store.postings.insert().values(**row | {"amount_fen": 0}), "postings_amount")
    broken(
        case, lambda: store.postings.insert().values(**row | {"credit_account": "cash_drawer"}), "postings_two_sides"
    )


def test_nothing_is_entered_twice(case: Case) -> None:
    row = case.rows(store.postings)[0]
    del row["position"]
    same = r"postings_once|postings\.kind, postings\.reference"
    broken(case, lambda: store.postings.insert().values(**row), same)


def copy_of(row: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """The same row under a new id."""
    return row | {"id": uuid4()} | changes


def test_a_bill_has_one_live_payment_and_a_transaction_pays_once(case: Case) -> None:
    row = case.payments()[0]
    live = copy_of(row, state="open", received_fen=0, returned_fen=0, counted=False)
    with case.database.write() as uow:
        uow.insert(store.payments, [live | {"provider_transaction_id": "T1"}])
    one_live = r"payments_one_live|payments\.invoice_id"
    broken(case, lambda: store.payments.insert().values(**copy_of(live, state="requested")), one_live)
    once = r"payments_one_transaction|payments\.channel, payments\.provider_transaction_id"
    ended = copy_of(row, provider_transaction_id="T1")
    broken(case, lambda: store.payments.insert().values(**ended), once)


def test_an_appointment_has_one_bill_and_a_number_is_given_once(case: Case) -> None:
    with case.database.read() as uow:
        row = dict(uow.session.execute(sa.select(store.invoices)).mappings().one())
    same_appointment = copy_of(row, number="AX20261123-1")
    broken(case, lambda: store.invoices.insert().values(**same_appointment), r"invoices_once|billed_id")
    with case.database.write() as uow:
        uow.insert(store.billed, [{"kind": "appointment", "id": (other := uuid4())}])
    same_number = copy_of(row, billed_id=other)
    broken(case, lambda: store.invoices.insert().values(**same_number), r"number")


def test_the_migrations_make_the_tables_that_the_code_knows(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, store.metadata) == []
        inspector = sa.inspect(connection)
        for table in store.metadata.sorted_tables:
            known = {str(each.name) for each in table.constraints if isinstance(each, sa.CheckConstraint)}
            assert {str(each["name"]) for each in inspector.get_check_constraints(table.name)} == known


def test_the_summary_shows_both_sides_and_what_they_must_agree_with(case: Case, clock: StandingClock) -> None:
    with case.database.read() as uow:
        summary = queries.ledger_summary(uow, actor=FINANCE, now=clock())
    balances = {each["account"]: each["balance_fen"] for each in summary.pop("accounts")}
    assert balances == {"cash_drawer": 1500, "outpatient_income": 0, "patient_receivables": 0, "refunds_payable": -1500}
    assert summary == {
        "debit_fen": 6000,
        "credit_fen": 6000,
        "invoices_issued_fen": 0,
        "invoices_paid_fen": 1500,
        "invoices_refunded_fen": 0,
        "payments_received_fen": 1500,
        "payments_not_due_fen": 0,
        "refunds_asked_for_fen": 1500,
        "refunds_succeeded_fen": 0,
    }


def test_an_empty_hospital_has_an_empty_ledger(database: Database, clock: StandingClock) -> None:
    with database.read() as uow:
        summary = queries.ledger_summary(uow, actor=FINANCE, now=clock())
    assert summary.pop("accounts") == []
    assert set(summary.values()) == {0}
