"""Bills of copies of records: prepaid, ended, settled by real pages; whatever the order of the facts."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from services.billing import queries, store, usecases
from services.billing.domain import Channel, Invoice, Refund
from shared.database import Database
from shared.errors import NotYet
from tests.billing.factories import hear
from tests.support.callers import FRONT_DESK, patient
from tests.support.clock import StandingClock

PREPAID = 2250
ISSUED, PAID, CANCELLED = (f"billing.invoice_{each}.v1" for each in ("issued", "paid", "cancelled"))


class Copies:
    """One request for copies as billing hears of it."""

    def __init__(self, database: Database, clock: StandingClock) -> None:
        self.database, self.clock = database, clock
        self.request_id, self.patient_id = uuid4(), uuid4()

    def told(self, what: str, **more: Any) -> tuple[str, ...]:
        data = {"request_id": str(self.request_id), **more}
        return hear(self.database, f"records.copy_request_{what}.v1", data, self.clock())

    def submitted(self, amount_fen: int = PREPAID) -> tuple[str, ...]:
        return self.told("submitted", amount_fen=amount_fen, **self._words())

    def measured(self, final_fen: int) -> tuple[str, ...]:
        return self.told("measured", final_fen=final_fen, **self._words())

    def _words(self) -> dict[str, str]:
        return {"patient_id": str(self.patient_id), "text_zh": "病历复印", "text_en": "Copies of a record"}

    def pay(self, kind: str = "copy_request") -> None:
        """The window takes cash."""
        invoice = self.bills()[kind]
        with self.database.write() as uow:
            usecases.request_payment(
                uow,
                actor=FRONT_DESK,
                now=self.clock(),
                invoice_id=invoice.id,
                amount_fen=invoice.amount_fen,
                channel=Channel.CASH,
                return_path="/",
            )

    def bills(self) -> dict[str, Invoice]:
        with self.database.read() as uow:
            query = sa.select(Invoice).where(store.invoices.c.billed_id == self.request_id)
            return {each.billed_kind.value: each for each in uow.session.scalars(query)}

    def refunds(self) -> list[tuple[int, str]]:
        with self.database.read() as uow:
            found = uow.session.scalars(sa.select(Refund).order_by(store.refunds.c.requested_at)).all()
            return [(each.amount_fen, each.reason.value) for each in found]


@pytest.fixture
def copies(database: Database, clock: StandingClock) -> Copies:
    return Copies(database, clock)


def test_a_request_is_billed_once(copies: Copies) -> None:
    assert copies.submitted() == (ISSUED,)
    assert copies.submitted() == ()
    [bill] = copies.bills().values()
    assert (bill.amount_fen, bill.patient_id, [each.text_zh for each in bill.lines]) == (
        *(PREPAID, copies.patient_id),
        ["病历复印"],
    )


@pytest.mark.parametrize("end", ["refused", "withdrawn"])
def test_what_ends_without_copies_gives_everything_back(copies: Copies, end: str) -> None:
    copies.submitted()
    copies.pay()
    assert copies.told(end) == (CANCELLED,)
    assert copies.refunds() == [(PREPAID, "copy_request_ended")]


def test_an_end_that_is_heard_first_is_remembered(copies: Copies) -> None:
    assert copies.told("withdrawn") == ()
    assert copies.submitted() == ()
    assert copies.bills() == {}


def test_billing_decides_whether_a_request_has_expired(copies: Copies) -> None:
    copies.submitted()
    assert copies.told("lapsed") == (CANCELLED,)
    assert copies.told("lapsed") == ()


def test_a_paid_request_does_not_expire(copies: Copies) -> None:
    copies.submitted()
    copies.pay()
    assert copies.told("lapsed") == ()
    assert copies.refunds() == []


def test_a_time_that_is_over_before_the_bill_is_known(copies: Copies) -> None:
    assert copies.told("lapsed") == ()
    assert copies.submitted() == (ISSUED, CANCELLED)


@pytest.mark.parametrize(
    ("final", "refunds", "rest"),
    [(PREPAID, [], None), (2050, [(200, "fewer_pages")], None), (2300, [], 50), (0, [(PREPAID, "fewer_pages")], None)],
)
def test_real_pages_settle_it(copies: Copies, final: int, refunds: list[tuple[int, str]], rest: int | None) -> None:
    copies.submitted()
    copies.pay()
    assert copies.measured(final) == ((ISSUED,) if rest else ())
    assert copies.refunds() == refunds
    top_up = copies.bills().get("copy_top_up")
    assert (top_up.amount_fen if top_up else None) == rest
    assert copies.bills()["copy_request"].state.value == "balanced"


def test_pages_are_settled_after_the_prepayment_is_known(copies: Copies) -> None:
    with pytest.raises(NotYet):
        copies.measured(2000)
    copies.submitted()
    with pytest.raises(NotYet):
        copies.measured(2000)
    assert (copies.refunds(), list(copies.bills())) == ([], ["copy_request"])


def test_what_has_ended_is_not_settled_any_more(copies: Copies) -> None:
    copies.submitted()
    copies.pay()
    copies.told("refused")
    assert copies.measured(100) == ()
    assert [each for each, _ in copies.refunds()] == [PREPAID]


def test_an_end_after_the_rest_was_paid_gives_both_back(copies: Copies) -> None:
    copies.submitted()
    copies.pay()
    copies.measured(2300)
    copies.pay("copy_top_up")
    assert copies.told("refused") == (CANCELLED, CANCELLED)
    assert sorted(each for each, _ in copies.refunds()) == [50, PREPAID]


def test_a_surplus_that_went_back_is_not_given_back_twice(copies: Copies) -> None:
    copies.submitted()
    copies.pay()
    copies.measured(2000)
    copies.told("refused")
    assert sorted(each for each, _ in copies.refunds()) == [250, 2000]


def test_the_applicant_sees_the_bill(copies: Copies) -> None:
    copies.submitted()
    with copies.database.read() as uow:
        found = queries.invoices_of(
            uow,
            actor=patient(copies.patient_id),
            now=copies.clock(),
            billed_kind="copy_request",
            billed_id=UUID(str(copies.request_id)),
            patient_id=copies.patient_id,
            limit=50,
        )
    assert [each["amount_fen"] for each in found["items"]] == [PREPAID]
