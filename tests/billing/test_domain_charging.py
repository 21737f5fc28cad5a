"""Prices, quantities and days: plain rules of what a stay is charged."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from services.billing.domain.charging import (
    ChargeLine,
    EnteredBy,
    amount_of,
    line_amount,
    listed_day,
    returned_amount,
    terms_on,
)
from services.billing.domain.charging_errors import (
    AmountTooSmall,
    DepositNotValid,
    ItemHasNoPrice,
    NotAnOriginal,
    QuantityNotLeft,
    QuantityNotValid,
)
from services.billing.domain.insurance import CatalogueClass
from services.billing.domain.stay_days import StayStep, Told, charged_days, wards_by_day
from services.billing.domain.stay_money import Balance, check_deposit, voucher_number
from shared.clock import from_iso
from tests.billing.charged import ASPIRIN, CT, terms

DAY = date(2026, 11, 23)
NOON = from_iso("2026-11-23T04:00:00Z")


@pytest.mark.parametrize(
    ("price", "quantity", "fen"),
    [
        ("35", "1", 3500),
        ("0.2133", "1", 21),
        ("0.2133", "3", 64),
        ("0.005", "1", 1),
        ("0.0049", "1", 0),
        ("1.005", "1", 101),
        ("2.5", "0.5", 125),
        ("0.125", "0.2", 3),
        ("180", "-1", -18000),
        ("1.005", "-1", -101),
        ("9999999.999999", "9999.9999", 9999999899999),
    ],
)
def test_the_amount_of_a_line_is_price_times_quantity_rounded_half_up(price: str, quantity: str, fen: int) -> None:
    assert line_amount(Decimal(price), Decimal(quantity)) == fen


@pytest.mark.parametrize("quantity", ["0", "-1", "10000.0001", "0.00001"])
def test_a_quantity_that_nobody_means_is_refused(quantity: str) -> None:
    with pytest.raises(QuantityNotValid):
        amount_of(terms(CT, "180"), Decimal(quantity))


def test_a_line_that_costs_less_than_a_fen_is_refused() -> None:
    with pytest.raises(AmountTooSmall):
        amount_of(terms(ASPIRIN, "0.0049"), Decimal(1))
    assert amount_of(terms(ASPIRIN, "0.0049"), Decimal(2)) == 1


def test_the_newest_terms_that_have_begun_hold() -> None:
    old, new = terms(CT, "180"), terms(CT, "200", DAY)
    assert terms_on([new, old], DAY - timedelta(days=1)) is old
    assert terms_on([old, new], DAY) is new
    with pytest.raises(ItemHasNoPrice):
        terms_on([new], DAY - timedelta(days=1))
    with pytest.raises(ItemHasNoPrice):
        terms_on([], DAY)


def line(quantity: str, amount_fen: int, **changes: Any) -> ChargeLine:
    """A line of aspirin at 0.2133."""
    ids = {name: uuid4() for name in ("id", "account_id", "encounter_id", "patient_id")}
    values: dict[str, Any] = {
        **ids,
        **{name: getattr(ASPIRIN, name) for name in ("code", "national_code", "name_zh", "name_en", "spec")},
        **{name: getattr(ASPIRIN, name) for name in ("unit_zh", "unit_en", "category")},
        "item_id": ASPIRIN.id,
        "catalogue_class": CatalogueClass.A,
        "self_pay_ratio": Decimal(0),
        "ceiling": None,
        "price": Decimal("0.2133"),
        "quantity": Decimal(quantity),
        "amount_fen": amount_fen,
        "charged_on": DAY,
        "listed_on": DAY,
        "department_zh": "",
        "department_en": "",
        "entered_through": EnteredBy.WARD,
        "entered_by": "staff:nurse",
        "entered_at": NOON,
    }
    return ChargeLine(**(values | changes))


def test_parts_given_back_one_by_one_come_to_exactly_what_was_charged() -> None:
    original = line("3", 64)
    left, left_fen, taken = Decimal(3), 64, []
    for _ in range(3):
        fen = returned_amount(original, quantity=Decimal(1), quantity_left=left, amount_left_fen=left_fen)
        left, left_fen = left - 1, left_fen - fen
        taken.append(fen)
    assert (taken, left, left_fen) == ([21, 21, 22], 0, 0)


def test_a_part_never_takes_the_last_fen_from_what_is_left() -> None:
    original = line("2", 1, price=Decimal("0.005"))
    with pytest.raises(AmountTooSmall):
        returned_amount(original, quantity=Decimal(1), quantity_left=Decimal(2), amount_left_fen=1)
    assert returned_amount(original, quantity=Decimal(2), quantity_left=Decimal(2), amount_left_fen=1) == 1


def test_more_than_is_left_and_a_return_of_a_return_are_refused() -> None:
    with pytest.raises(QuantityNotLeft) as refused:
        returned_amount(line("3", 64), quantity=Decimal("1.5"), quantity_left=Decimal(1), amount_left_fen=21)
    assert refused.value.facts == {"left": "1"}
    with pytest.raises(NotAnOriginal):
        returned_amount(
            line("-1", -21, returns=uuid4()), quantity=Decimal(1), quantity_left=Decimal(0), amount_left_fen=0
        )
    with pytest.raises(QuantityNotValid):
        returned_amount(line("3", 64), quantity=Decimal(0), quantity_left=Decimal(3), amount_left_fen=64)


@pytest.mark.parametrize(
    ("now", "heard", "day"),
    [
        ("2026-11-23T04:00:00Z", "2026-11-20T00:00:00Z", "2026-11-23"),
        ("2026-11-23T21:59:59Z", "2026-11-20T00:00:00Z", "2026-11-23"),
        ("2026-11-23T22:00:00Z", "2026-11-20T00:00:00Z", "2026-11-24"),
        ("2026-11-26T02:00:00Z", "2026-11-20T00:00:00Z", "2026-11-26"),
        ("2026-11-26T02:00:00Z", "2026-11-26T01:00:00Z", "2026-11-23"),
        ("2026-11-26T22:00:00Z", "2026-11-26T01:00:00Z", "2026-11-27"),
    ],
)
def test_a_list_is_closed_at_six_and_what_comes_later_stands_on_the_list_of_its_own_day(
    now: str, heard: str, day: str
) -> None:
    assert listed_day(DAY, now=from_iso(now), account_heard_at=from_iso(heard)) == date.fromisoformat(day)


def days(*texts: str) -> list[date]:
    return [date.fromisoformat(f"2026-11-{each}") for each in texts]


@pytest.mark.parametrize(
    ("started", "ended", "expected"),
    [
        ("2026-11-20T02:00:00Z", None, days("20", "21", "22")),
        ("2026-11-20T02:00:00Z", "2026-11-22T02:00:00Z", days("20", "21")),
        ("2026-11-22T02:00:00Z", "2026-11-22T08:00:00Z", days("22")),
        ("2026-11-23T02:00:00Z", None, []),
        ("2026-11-23T02:00:00Z", "2026-11-23T03:00:00Z", days("23")),
        ("2026-11-21T17:00:00Z", "2026-11-22T15:30:00Z", days("22")),
        ("2026-11-21T15:59:00Z", "2026-11-21T16:01:00Z", days("21")),
    ],
)
def test_the_day_of_admission_counts_and_that_of_discharge_does_not(
    started: str, ended: str | None, expected: list[date]
) -> None:
    assert charged_days(from_iso(started), from_iso(ended) if ended else None, today=DAY) == expected


def test_a_stay_without_a_known_beginning_has_no_days() -> None:
    assert charged_days(None, None, today=DAY) == []


def told(step: StayStep, version: int, at: datetime, ward: str) -> Told:
    return Told(step=step, version=version, at=at, ward=ward)


ADMITTED = told(StayStep.ADMITTED, 1, from_iso("2026-11-20T02:00:00Z"), "A")
MOVED = told(StayStep.TRANSFERRED, 2, from_iso("2026-11-21T08:00:00Z"), "B")
UNDONE = told(StayStep.TRANSFER_CANCELLED, 3, from_iso("2026-11-22T08:00:00Z"), "A")
GONE = told(StayStep.DISCHARGED, 4, from_iso("2026-11-23T01:00:00Z"), "B")


@pytest.mark.parametrize(
    ("facts", "wards"),
    [
        ([ADMITTED], "AAA"),
        ([MOVED, ADMITTED], "ABB"),
        ([ADMITTED, MOVED, UNDONE], "AAA"),
        ([ADMITTED, UNDONE], "AAA"),
        ([MOVED], "BBB"),
        ([UNDONE], "AAA"),
        ([GONE], "BBB"),
        ([ADMITTED, MOVED, GONE], "ABB"),
    ],
    ids=str,
)
def test_a_day_is_charged_in_the_ward_at_its_end_whatever_was_heard(facts: list[Told], wards: str) -> None:
    found = wards_by_day(facts, days("20", "21", "22"))
    assert "".join(found.values()) == wards


def test_nothing_known_is_no_ward() -> None:
    assert wards_by_day([], days("20")) == {days("20")[0]: ""}


def test_a_balance_is_low_below_five_hundred_yuan_and_suggests_whole_hundreds() -> None:
    assert (Balance(held_fen=50000).is_low, Balance(held_fen=49999).is_low) == (False, True)
    stay = Balance(held_fen=200000, medical_fen=180050, non_medical_fen=1500)
    assert (stay.charged_fen, stay.balance_fen, stay.suggested_deposit_fen) == (181550, 18450, 90000)
    assert Balance(held_fen=50000).suggested_deposit_fen == 0
    assert Balance(medical_fen=12345).suggested_deposit_fen == 120000


@pytest.mark.parametrize("fen", [0, 99, -100, 10_000_001])
def test_a_deposit_that_nobody_means_is_refused(fen: int) -> None:
    with pytest.raises(DepositNotValid):
        check_deposit(fen)


def test_a_voucher_has_its_day_and_a_count() -> None:
    check_deposit(100)
    check_deposit(10_000_000)
    assert voucher_number(DAY, 17) == "YJ20261123-00017"
