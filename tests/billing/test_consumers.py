"""What billing hears of other services: every order of held, cancelled and paid ends the same, and twice is as once."""

from __future__ import annotations

from itertools import permutations
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from marshmallow import ValidationError

from services.billing import queries, store, usecases
from services.billing.domain import OrderOutcome
from shared.actor import Actor
from shared.database import Database
from tests.billing.factories import HELD, Case, facts_of, hear, held
from tests.support.callers import patient
from tests.support.clock import StandingClock

ISSUED, PAID, CANCELLED = "billing.invoice_issued.v1", "billing.invoice_paid.v1", "billing.invoice_cancelled.v1"


@pytest.fixture
def case(database: Database) -> Case:
    """An appointment that billing has not heard of."""
    return Case(database)


def money_comes(case: Case, payment_id: UUID, clock: StandingClock) -> None:
    """The wallet tells that the payment was made."""
    with case.database.write() as uow:
        usecases.accept_notification(
            uow,
            actor=Actor.system("billing"),
            now=clock(),
            payment_id=payment_id,
            outcome=OrderOutcome.PAID,
            paid_fen=1500,
            transaction_id=f"T{payment_id}",
            problem="",
        )


def test_a_held_appointment_gets_its_bill(case: Case, clock: StandingClock) -> None:
    assert case.held(clock(), client_reference="phone-7") == (ISSUED,)
    invoice = case.invoice()
    assert (invoice.state, invoice.amount_fen, invoice.paid_fen, invoice.issued_at) == ("issued", 1500, 0, clock())
    assert (invoice.patient_id, invoice.client_reference) == (case.patient_id, "phone-7")
    assert invoice.number == f"AX20261123-{invoice.id.int % 10**8:08d}"
    assert [(line.text_zh, line.text_en, line.amount_fen) for line in invoice.lines] == [
        ("挂号费 · 心血管内科 · 李慧敏", "Registration fee · Cardiology · Li Huimin", 1500)
    ]


def test_the_bill_is_dated_by_the_hospitals_day(case: Case, clock: StandingClock) -> None:
    clock.advance(hours=16)  # one in the night in Xuzhou, still the day before in UTC
    case.held(clock())
    assert case.invoice().number.startswith("AX20261124-")


def test_held_twice_is_billed_once(case: Case, clock: StandingClock) -> None:
    case.held(clock())
    first = case.invoice()
    assert case.held(clock(), fee_fen=9900) == ()
    assert (case.invoice().id, case.invoice().amount_fen, case.invoice().version) == (first.id, 1500, first.version)
    assert len(case.postings()) == 1


def test_a_free_appointment_is_paid_at_once(case: Case, clock: StandingClock) -> None:
    assert case.held(clock(), fee_fen=0) == (ISSUED, PAID)
    assert (case.invoice().state, case.postings()) == ("balanced", [])
    assert case.cancelled(clock()) == (CANCELLED,)
    assert (case.invoice().state, case.postings(), case.refunds()) == ("cancelled", [], [])


def test_an_appointment_that_was_cancelled_first_gets_no_bill(case: Case, clock: StandingClock) -> None:
    assert case.cancelled(clock(), "expired") == ()
    assert case.held(clock()) == ()
    assert facts_of(case.database) == []
    with case.database.read() as uow:
        assert uow.session.execute(sa.select(sa.func.count()).select_from(store.invoices)).scalar_one() == 0
        assert uow.session.execute(sa.select(store.billed.c.cancelled_at)).scalars().all() == [clock()]


@pytest.mark.parametrize("order", sorted(set(permutations(["held", "held", "cancelled", "cancelled"]))))
def test_held_and_cancelled_in_any_order_and_twice_leave_nothing_owed(
    case: Case, clock: StandingClock, order: tuple[str, ...]
) -> None:
    for message in order:
        getattr(case, message)(clock())
    with case.database.read() as uow:
        summary = queries.ledger_summary(uow, actor=Actor.system("billing"), now=clock())
        states = uow.session.execute(sa.select(store.invoices.c.state)).scalars().all()
    assert all(account["balance_fen"] == 0 for account in summary["accounts"])
    assert states in ([], ["cancelled"])
    assert facts_of(case.database) == ([] if order[0] == "cancelled" else [ISSUED, CANCELLED])


@pytest.mark.parametrize("order", [("paid", "cancelled"), ("cancelled", "paid")])
@pytest.mark.parametrize("reason", ["expired", "by_patient", "by_hospital"])
def test_money_goes_back_whichever_is_heard_first(
    case: Case, clock: StandingClock, order: tuple[str, str], reason: str
) -> None:
    case.held(clock())
    payment_id = case.ask_to_pay(clock())
    with case.database.write() as uow:
        usecases.take_new_payments(uow, now=clock(), limit=10)
    for message in (*order, "cancelled", "paid"):
        if message == "paid":
            money_comes(case, payment_id, clock)
        else:
            case.cancelled(clock(), reason)
    assert [(row["amount_fen"], row["state"]) for row in case.refunds()] == [(1500, "requested")]
    invoice, payment = case.invoice(), case.payment(payment_id)
    assert (invoice.state, invoice.paid_fen, payment.returned_fen) == ("cancelled", 1500, 1500)
    told = {("paid", "cancelled"): [ISSUED, PAID, CANCELLED], ("cancelled", "paid"): [ISSUED, CANCELLED]}
    assert facts_of(case.database) == told[order]


def test_a_payment_that_no_wallet_has_heard_of_ends_with_the_appointment(case: Case, clock: StandingClock) -> None:
    case.held(clock())
    payment_id = case.ask_to_pay(clock())
    case.cancelled(clock())
    assert (case.payment(payment_id).state, case.payment(payment_id).problem) == ("cancelled", "invoice_cancelled")
    assert case.payment(payment_id).next_try_at is None


def test_an_order_that_may_be_with_the_wallet_is_to_be_closed_there(case: Case, clock: StandingClock) -> None:
    case.held(clock())
    payment_id = case.ask_to_pay(clock())
    with case.database.write() as uow:
        usecases.take_new_payments(uow, now=clock(), limit=10)
    case.cancelled(clock())
    payment = case.payment(payment_id)
    assert (payment.state, payment.closing, payment.next_try_at) == ("requested", True, clock())


@pytest.mark.parametrize("changes", [{"fee_fen": -1}, {"fee_fen": "1500"}, {"fee_fen": 10**13}, {"patient_id": "x"}])
def test_a_message_that_makes_no_sense_is_not_taken(
    case: Case, clock: StandingClock, changes: dict[str, object]
) -> None:
    with pytest.raises(ValidationError):
        hear(case.database, HELD, held(case.appointment_id, case.patient_id) | changes, clock())
    assert facts_of(case.database) == []


def merged(case: Case, patient_id: UUID, into: UUID, clock: StandingClock) -> None:
    """Records tells that one patient has become another."""
    data = {"patient_id": str(patient_id), "merged_into": str(into)}
    hear(case.database, "records.patient_merged.v1", data, clock())


def test_a_merged_patient_finds_and_pays_the_bills_of_before(case: Case, clock: StandingClock) -> None:
    between, survivor = uuid4(), uuid4()
    case.held(clock())
    merged(case, between, survivor, clock)
    merged(case, case.patient_id, between, clock)
    merged(case, case.patient_id, between, clock)
    with case.database.read() as uow:
        listed = queries.invoices_of(uow, actor=patient(survivor), now=clock(), limit=10)
        shown = queries.invoice(uow, actor=patient(survivor), now=clock(), invoice_id=case.invoice().id)
    assert [each["id"] for each in listed["items"]] == [case.invoice().id]
    assert shown["patient_id"] == survivor
    assert case.payment(case.ask_to_pay(clock(), actor=patient(survivor))).state == "requested"


def test_two_patients_merged_into_each_other_by_mistake_stop_nobody(case: Case, clock: StandingClock) -> None:
    other = uuid4()
    case.held(clock())
    merged(case, case.patient_id, other, clock)
    merged(case, other, case.patient_id, clock)
    with case.database.read() as uow:
        listed = queries.invoices_of(uow, actor=case.payer, now=clock(), limit=10)
    assert [each["id"] for each in listed["items"]] == [case.invoice().id]
