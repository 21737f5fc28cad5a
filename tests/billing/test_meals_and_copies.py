"""Billing's side of meals and of copies: exactly once, whatever is told twice, late or in another order."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from services.billing import queries, store, usecases
from services.billing.domain import Channel, Invoice, RefundReason
from shared.clock import from_iso
from shared.database import Database
from shared.errors import NotYet
from tests.billing.charged import CASHIER, NURSE, Stay
from tests.billing.factories import facts_of, hear
from tests.support.callers import Caller
from tests.support.clock import StandingClock

# ------------------------------------------------------------------------------------------ a stay's own meals


@pytest.fixture
def stay(database: Database, clock: StandingClock) -> Stay:
    """Somebody lies in cardiology."""
    made = Stay(database)
    made.tell("admitted", from_iso("2026-11-21T02:00:00Z"), clock())
    return made


def charged(stay: Stay, charge_id: UUID, fen: int = 1500, day: str = "2026-11-23") -> tuple[str, dict[str, Any]]:
    data = {
        "charge_id": str(charge_id),
        "order_id": str(uuid4()),
        "encounter_id": str(stay.encounter_id),
        "patient_id": str(stay.patient_id),
        "amount_fen": fen,
        "text_zh": "午餐",
        "text_en": "Lunch",
        "meal_on": day,
        "meal": "lunch",
    }
    return "meals.meal_charged.v1", data


def reversed_(stay: Stay, charge_id: UUID, fen: int = 1500) -> tuple[str, dict[str, Any]]:
    data = {
        "charge_id": str(charge_id),
        "order_id": str(uuid4()),
        "encounter_id": str(stay.encounter_id),
        "patient_id": str(stay.patient_id),
        "amount_fen": fen,
        "reason": "fasting",
    }
    return "meals.meal_charge_reversed.v1", data


def ledger(stay: Stay, now: datetime) -> dict[str, Any]:
    with stay.database.read() as uow:
        return queries.stay_non_medical(uow, actor=NURSE, now=now, encounter_id=stay.encounter_id)


def test_meals_lie_on_a_ledger_of_their_own_and_count_for_the_balance(stay: Stay, clock: StandingClock) -> None:
    first, second = uuid4(), uuid4()
    for told in (charged(stay, first), charged(stay, second, 800, "2026-11-24"), reversed_(stay, first)):
        hear(stay.database, *told, clock())
        hear(stay.database, *told, clock())
    found = ledger(stay, clock())
    assert (found["count"], found["amount_fen"]) == (1, 800)
    assert [(each["amount_fen"], each["entry"], f"{each['charged_on']:%d}") for each in found["items"]] == [
        *((800, "charge", "24"), (1500, "charge", "23"), (-1500, "reversal", "23")),
    ]
    account = stay.account(clock())
    assert (account["non_medical_fen"], account["medical_fen"], account["balance_fen"]) == (800, 0, -800)
    assert account["categories"] == []


@pytest.mark.parametrize("order", list(itertools.permutations(range(4))), ids=str)
def test_whatever_order_charges_and_reversals_come_in_the_sum_is_the_same(
    stay: Stay, clock: StandingClock, order: tuple[int, ...]
) -> None:
    first, second = UUID(int=1), UUID(int=2)
    told = [charged(stay, first), reversed_(stay, first), charged(stay, second, 900), charged(stay, second, 900)]
    for position in order:
        hear(stay.database, *told[position], clock())
        account = stay.account(clock())
        assert account["non_medical_fen"] == ledger(stay, clock())["amount_fen"] >= 0
    assert stay.account(clock())["non_medical_fen"] == 900


def test_meals_of_a_stay_that_is_not_known_yet_are_kept_for_it(database: Database, clock: StandingClock) -> None:
    early = Stay(database)
    hear(database, *charged(early, uuid4()), clock())
    early.tell("admitted", clock(), clock())
    assert early.account(clock())["non_medical_fen"] == 1500


def test_the_database_refuses_a_charge_twice_and_any_change(stay: Stay, clock: StandingClock) -> None:
    hear(stay.database, *charged(stay, uuid4()), clock())
    table = store.non_medical_lines
    with stay.database.read() as uow:
        row = dict(uow.session.execute(sa.select(table)).mappings().one())
    del row["position"]
    for statement, name in (
        (table.insert().values(**row), r"non_medical_lines_once|non_medical_lines\.charge_id"),
        (table.update().values(amount_fen=1), "append_only"),
        (table.insert().values(**row | {"charge_id": uuid4(), "amount_fen": -1}), "non_medical_lines_sign"),
    ):
        with pytest.raises(sa.exc.DBAPIError, match=name), stay.database.write() as uow:
            uow.session.execute(statement)
    assert ledger(stay, clock())["amount_fen"] == 1500


# ------------------------------------------------------------------------------------------------------- copies


@dataclass
class Copies:
    """A copy request of somebody, and what billing has of it."""

    database: Database
    request_id: UUID = field(default_factory=uuid4)
    patient_id: UUID = field(default_factory=uuid4)

    def tell(self, what: str, now: datetime, **changes: Any) -> tuple[str, ...]:
        texts = {"text_zh": "病历复印", "text_en": "Copies of a record"}
        data = {"request_id": str(self.request_id), "patient_id": str(self.patient_id), **texts, **changes}
        return hear(self.database, f"records.copy_request_{what}.v1", data, now)

    def invoices(self) -> dict[str, Invoice]:
        with self.database.read() as uow:
            query = sa.select(Invoice).where(store.invoices.c.billed_id == self.request_id)
            return {each.billed_kind.value: each for each in uow.session.execute(query).scalars()}

    def pay(self, kind: str, now: datetime) -> None:
        invoice = self.invoices()[kind]
        with self.database.write() as uow:
            usecases.request_payment(
                uow,
                actor=CASHIER,
                now=now,
                invoice_id=invoice.id,
                amount_fen=invoice.amount_fen,
                channel=Channel.CASH,
            )

    def refunds(self) -> list[tuple[int, str]]:
        with self.database.read() as uow:
            query = sa.select(store.refunds.c.amount_fen, store.refunds.c.reason).order_by(store.refunds.c.requested_at)
            return [(fen, reason.value) for fen, reason in uow.session.execute(query)]


@pytest.fixture
def copies(database: Database) -> Copies:
    """A request that nobody has told of yet."""
    return Copies(database)


def test_the_surplus_of_a_prepayment_goes_back_once(copies: Copies, clock: StandingClock) -> None:
    copies.tell("submitted", clock(), amount_fen=2500)
    copies.pay("copy_request", clock())
    for _ in range(2):
        copies.tell("measured", clock(), final_fen=2050)
    assert copies.refunds() == [(450, RefundReason.FEWER_PAGES)]
    assert {kind: each.state for kind, each in copies.invoices().items()} == {"copy_request": "balanced"}


def test_the_rest_is_a_bill_of_its_own(copies: Copies, clock: StandingClock) -> None:
    copies.tell("submitted", clock(), amount_fen=2500)
    copies.pay("copy_request", clock())
    assert copies.tell("measured", clock(), final_fen=3100) == ("billing.invoice_issued.v1",)
    assert copies.tell("measured", clock(), final_fen=3100) == ()
    top_up = copies.invoices()["copy_top_up"]
    assert (top_up.amount_fen, top_up.state, top_up.patient_id) == (600, "issued", copies.patient_id)
    copies.pay("copy_top_up", clock())
    assert copies.invoices()["copy_top_up"].state == "balanced"
    assert copies.refunds() == []


def test_the_right_number_of_pages_costs_nothing_more(copies: Copies, clock: StandingClock) -> None:
    copies.tell("submitted", clock(), amount_fen=2500)
    copies.pay("copy_request", clock())
    assert copies.tell("measured", clock(), final_fen=2500) == ()
    assert (copies.refunds(), list(copies.invoices())) == ([], ["copy_request"])


def test_pages_that_are_counted_before_the_money_is_known_wait_for_it(copies: Copies, clock: StandingClock) -> None:
    with pytest.raises(NotYet):
        copies.tell("measured", clock(), final_fen=2050)
    copies.tell("submitted", clock(), amount_fen=2500)
    with pytest.raises(NotYet):
        copies.tell("measured", clock(), final_fen=2050)
    copies.pay("copy_request", clock())
    copies.tell("measured", clock(), final_fen=2050)
    assert copies.refunds() == [(450, "fewer_pages")]


@pytest.mark.parametrize("end", ["refused", "withdrawn"])
def test_a_request_that_ends_gives_everything_back_whatever_was_measured(
    copies: Copies, clock: StandingClock, end: str
) -> None:
    copies.tell("submitted", clock(), amount_fen=2500)
    copies.pay("copy_request", clock())
    copies.tell("measured", clock(), final_fen=3100)
    copies.pay("copy_top_up", clock())
    for _ in range(2):
        copies.tell(end, clock())
    copies.tell("measured", clock(), final_fen=2050)
    assert sorted(copies.refunds()) == [(600, "copy_request_ended"), (2500, "copy_request_ended")]
    assert {each.state.value for each in copies.invoices().values()} == {"cancelled"}


def test_a_surplus_that_went_back_is_not_given_back_again_when_the_request_ends(
    copies: Copies, clock: StandingClock
) -> None:
    copies.tell("submitted", clock(), amount_fen=2500)
    copies.pay("copy_request", clock())
    copies.tell("measured", clock(), final_fen=2050)
    copies.tell("refused", clock())
    assert sorted(copies.refunds()) == [(450, "fewer_pages"), (2050, "copy_request_ended")]


def test_an_end_heard_first_bills_nothing_and_a_lapse_ends_what_is_unpaid_only(
    copies: Copies, clock: StandingClock
) -> None:
    copies.tell("withdrawn", clock())
    copies.tell("submitted", clock(), amount_fen=2500)
    assert copies.invoices() == {}
    unpaid, paid = Copies(copies.database), Copies(copies.database)
    for each in (unpaid, paid):
        each.tell("submitted", clock(), amount_fen=2500)
    paid.pay("copy_request", clock())
    for each in (unpaid, paid):
        each.tell("lapsed", clock())
    assert unpaid.invoices()["copy_request"].state == "cancelled"
    assert paid.invoices()["copy_request"].state == "balanced"


# -------------------------------------------------------------------------------------------- companions' meals


def companion(what: str, order_id: UUID, patient_id: UUID) -> tuple[str, dict[str, Any]]:
    ids = {"order_id": str(order_id), "encounter_id": str(uuid4()), "patient_id": str(patient_id)}
    more = {"amount_fen": 1800, "text_zh": "陪护午餐", "text_en": "Companion's lunch", "reason": "by_companion"}
    return f"meals.companion_meal_{what}.v1", ids | more


def test_a_companions_meal_is_a_bill_that_its_payer_sees(
    database: Database, clock: StandingClock, as_caller: Callable[[Any], Caller]
) -> None:
    stay, order_id = Stay(database), uuid4()
    for _ in range(2):
        hear(database, *companion("ordered", order_id, stay.patient_id), clock())
    found = as_caller(stay.payer).get("/v1/invoices", billed_kind="meal_order", billed_id=order_id).json["items"]
    assert [(each["amount"]["amount"], each["state"], each["lines"][0]["text"]["zh"]) for each in found] == [
        ("18.00", "issued", "陪护午餐")
    ]
    hear(database, *companion("cancelled", order_id, stay.patient_id), clock())
    assert facts_of(database) == ["billing.invoice_issued.v1", "billing.invoice_cancelled.v1"]


def test_a_cancelled_companions_meal_that_was_heard_first_is_never_billed(
    database: Database, clock: StandingClock
) -> None:
    order_id = uuid4()
    for what in ("cancelled", "ordered"):
        hear(database, *companion(what, order_id, uuid4()), clock())
    assert facts_of(database) == []
