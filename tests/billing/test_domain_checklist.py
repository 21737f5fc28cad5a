"""The checklist, splitting, signatures and late charges: rules without a database."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.billing.domain.checklist import CheckCode, CheckState, Owner, Stay, Tally, checklist
from services.billing.domain.late_charge import ChargeSource, LateCharge, LateChargeState
from services.billing.domain.settlement_errors import LateChargeClosed, SignatureEmpty, WrongWayOut
from services.billing.domain.signature import Signature, read_signature
from services.billing.domain.splitting import Part, Source, split_surplus

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
NINE = Tally(count=9, amount_fen=13_500)


def stay(**changes: Any) -> Stay:
    values: dict[str, Any] = {
        "admitted_on": date(2026, 11, 20),
        "discharged_on": date(2026, 11, 23),
        "bed_days": 3,
        "nursing_days": 3,
        "answer": NINE,
        "ledger": NINE,
    }
    return Stay(**(values | changes))


def states(**changes: Any) -> dict[str, str]:
    return {check.code.value: check.state.value for check in checklist(stay(**changes))}


ALL_DONE = dict.fromkeys((code.value for code in CheckCode), "done")


def test_a_stay_that_is_in_order_has_nothing_open() -> None:
    assert states() == ALL_DONE


@pytest.mark.parametrize(
    ("changes", "left"),
    [
        ({"answer": None}, {"meals_posted": "waiting"}),
        ({"answer": Tally(count=10, amount_fen=13_500)}, {"meals_posted": "waiting"}),
        ({"ledger": Tally(count=9, amount_fen=13_499)}, {"meals_posted": "waiting"}),
        ({"bed_days": 2}, {"bed_days": "blocked", "days_agree": "blocked"}),
        ({"bed_days": 4, "nursing_days": 4}, {"bed_days": "blocked", "nursing_days": "blocked"}),
        ({"nursing_days": 2}, {"nursing_days": "blocked", "days_agree": "blocked"}),
        ({"charged_outside": 1}, {"charge_times": "blocked"}),
        ({"off_list": 1}, {"price_list": "blocked"}),
        ({"negative": 1}, {"nothing_negative": "blocked"}),
        ({"deposits_open": 1}, {"deposits_posted": "waiting"}),
        ({"refunds_open": 1}, {"refunds_ended": "waiting"}),
    ],
    ids="-".join,
)
def test_each_finding_keeps_the_bill_open(changes: dict[str, Any], left: dict[str, str]) -> None:
    assert states(**changes) == ALL_DONE | left


def test_nobody_ate_and_meals_said_so() -> None:
    assert states(answer=Tally(count=0, amount_fen=0), ledger=Tally(count=0, amount_fen=0)) == ALL_DONE


@pytest.mark.parametrize(
    ("admitted_on", "discharged_on", "days"),
    [
        (date(2026, 11, 20), date(2026, 11, 23), 3),
        (date(2026, 11, 23), date(2026, 11, 23), 1),
        (date(2026, 2, 28), date(2026, 3, 1), 1),
        (date(2028, 2, 28), date(2028, 3, 1), 2),
    ],
    ids=str,
)
def test_the_day_of_admission_counts_and_that_of_discharge_does_not(
    admitted_on: date, discharged_on: date, days: int
) -> None:
    assert stay(admitted_on=admitted_on, discharged_on=discharged_on).days == days


def test_an_overruled_item_blocks_no_longer_and_stays_on_the_list() -> None:
    found = {check.code: check for check in checklist(stay(answer=None), {CheckCode.MEALS_POSTED})}
    assert found[CheckCode.MEALS_POSTED].state is CheckState.OVERRULED
    assert not any(check.is_open for check in found.values())


def test_what_is_done_after_all_is_not_called_overruled() -> None:
    [meals, *_] = checklist(stay(), {CheckCode.MEALS_POSTED})
    assert (meals.state, meals.owner) == (CheckState.DONE, Owner.CANTEEN)


# ----------------------------------------------------------------------------------------------------- splitting


def source(number: int, left_fen: int) -> Source:
    return Source(payment_id=UUID(int=number), paid_at=NOW + timedelta(days=number), left_fen=left_fen)


@pytest.mark.parametrize(
    ("surplus", "parts"),
    [
        (0, []),
        (1, [(3, 1)]),
        (500, [(3, 500)]),
        (501, [(3, 500), (1, 1)]),
        (2500, [(3, 500), (1, 2000)]),
    ],
)
def test_a_surplus_goes_back_to_the_latest_deposit_first(surplus: int, parts: list[tuple[int, int]]) -> None:
    deposits = [source(1, 2000), source(2, 0), source(3, 500)]
    assert split_surplus(surplus, deposits) == tuple(
        Part(payment_id=UUID(int=number), amount_fen=fen) for number, fen in parts
    )


@pytest.mark.parametrize("surplus", [-1, 2501])
def test_more_than_there_is_is_not_split(surplus: int) -> None:
    with pytest.raises(ValueError, match="covered"):
        split_surplus(surplus, [source(1, 2000), source(3, 500)])


@given(lefts=st.lists(st.integers(0, 10**7), max_size=8), share=st.fractions(0, 1))
def test_the_parts_add_up_exactly_and_none_is_more_than_its_payment_holds(lefts: list[int], share: Any) -> None:
    sources = [source(number, left) for number, left in enumerate(lefts)]
    surplus = int(sum(lefts) * share)
    parts = split_surplus(surplus, sources)
    held = {each.payment_id: each.left_fen for each in sources}
    assert sum(part.amount_fen for part in parts) == surplus
    assert all(0 < part.amount_fen <= held[part.payment_id] for part in parts)
    assert len({part.payment_id for part in parts}) == len(parts)


# ---------------------------------------------------------------------------------------------------- signatures

NAME = [[[100, 100], [200, 180], [320, 120]], [[400, 100], [420, 300]]]


def test_a_drawn_signature_is_kept_as_it_was_drawn() -> None:
    assert read_signature(NAME, "") == Signature(
        strokes=(((100, 100), (200, 180), (320, 120)), ((400, 100), (420, 300)))
    )


def test_who_cannot_draw_types_a_name() -> None:
    assert read_signature([], "  张  桂兰 ") == Signature(typed="张 桂兰")


@pytest.mark.parametrize(
    ("strokes", "typed"),
    [
        ([], ""),
        ([[[100, 100]]], ""),
        ([[[100, 100], [101, 101]]], ""),
        ([[[100, 0], [100, 500]]], ""),
        ([[[100, 100], [1001, 100]]], ""),
        ([[[100, 100], [300, 501]]], ""),
        ([[[100, 100], [300, -1]]], ""),
        ([[[0, 0], [500, 0]]] * 101, ""),
        ([[[0, 0], [500, 0]] * 1501], ""),
        ([], "张"),
        ([], "张" * 61),
        (NAME, "张桂兰"),
    ],
    ids=[
        "nothing",
        "a dot",
        "a slip",
        "one bar",
        "beside",
        "below",
        "above",
        "scribble",
        "long",
        "one",
        "much",
        "both",
    ],
)
def test_what_is_no_signature_is_refused(strokes: Any, typed: str) -> None:
    with pytest.raises(SignatureEmpty):
        read_signature(strokes, typed)


# -------------------------------------------------------------------------------------------------- late charges


def late(amount_fen: int) -> LateCharge:
    return LateCharge(
        id=uuid4(),
        settlement_id=uuid4(),
        account_id=uuid4(),
        encounter_id=uuid4(),
        patient_id=uuid4(),
        source=ChargeSource.MEDICAL,
        charge_id=uuid4(),
        text_zh="换药",
        text_en="Dressing",
        amount_fen=amount_fen,
        opened_at=NOW,
    )


@pytest.mark.parametrize(
    ("amount_fen", "way", "fits"),
    [
        (500, LateChargeState.BILLED, True),
        (500, LateChargeState.BORNE, True),
        (500, LateChargeState.GIVEN_BACK, False),
        (-500, LateChargeState.GIVEN_BACK, True),
        (-500, LateChargeState.BILLED, False),
        (-500, LateChargeState.BORNE, False),
        (500, LateChargeState.ABSORBED, False),
        (500, LateChargeState.OPEN, False),
    ],
)
def test_the_way_out_of_a_late_charge_fits_its_amount(amount_fen: int, way: LateChargeState, fits: bool) -> None:
    case = late(amount_fen)
    if fits:
        case.decide(way, by="staff:cashier", reason="补记", now=NOW)
        assert (case.state, case.decided_by, case.reason, case.decided_at) == (way, "staff:cashier", "补记", NOW)
        return
    with pytest.raises(WrongWayOut):
        case.decide(way, by="staff:cashier", reason="补记", now=NOW)
    assert (case.state, case.decided_by) == (LateChargeState.OPEN, None)


def test_a_late_charge_is_decided_once() -> None:
    case = late(500)
    case.decide(LateChargeState.BORNE, by="staff:one", reason="漏记", now=NOW)
    with pytest.raises(LateChargeClosed):
        case.decide(LateChargeState.BILLED, by="staff:two", reason="补记", now=NOW)
    case.absorb(NOW)
    assert (case.state, case.decided_by) == (LateChargeState.BORNE, "staff:one")


def test_a_settlement_called_off_takes_its_late_charges_back_on_the_bill() -> None:
    case = late(500)
    case.absorb(NOW)
    assert case.state is LateChargeState.ABSORBED
