"""The insurance estimate: the handbook's worked example to the cent, and what holds for every bill there is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from services.billing.domain.insurance import (
    UNINSURED,
    Insured,
    InsuredLine,
    divide_line,
    net_lines,
)
from services.billing.domain.insurance_amounts import NOTHING, IdentitiesBroken
from services.billing.domain.insurance_parameters import (
    DEMO_PARAMETERS,
    Band,
    HospitalLevel,
    InsuredKind,
    parameters_on,
)
from tests.billing.insured import TABLE, WORKED_EXAMPLE, A, B, C, correction, line, of


def test_the_worked_example_of_the_handbook_to_the_cent() -> None:
    categories = {"01": 315_00, "02": 154_00, "03": 1_260_00, "04": 980_00, "05": 1_145_50, "06": 2_600_00}
    categories |= {"07": 196_00, "08": 3_480_00, "09": 2_376_84, "11": 186_60}
    found = dict.fromkeys(categories, 0)
    for each in WORKED_EXAMPLE:
        found[each.med_chrgitm_type] += each.det_item_fee_sumamt
    assert found == categories
    made = of(WORKED_EXAMPLE)
    assert made.amounts == replace(
        NOTHING,
        medfee_sumamt=12_693_94,
        fulamt_ownpay_amt=580_00,
        overlmt_amt=35_00,
        preselfpay_amt=808_30,
        inscp_scp_amt=11_270_64,
        act_pay_dedc=900_00,
        hifp_pay=9_126_16,
        fund_pay_sumamt=9_126_16,
        psn_part_amt=3_567_78,
        acct_pay=500_00,
        psn_cash_pay=3_067_78,
    )
    assert made.amounts.own_expense == 615_00
    assert made.amounts.own_share == 2_952_78
    assert made.amounts.own_expense + made.amounts.own_share == 500_00 + 3_067_78
    assert made.amounts.psn_cash_pay - 3_000_00 == 67_78
    assert 5_000_00 - made.amounts.psn_cash_pay == 1_932_22
    assert (made.official, made.parameters) == (False, "demo-2026-tertiary")


def test_without_insurance_everything_is_own_expense() -> None:
    amounts = of(WORKED_EXAMPLE, UNINSURED).amounts
    assert amounts == replace(
        NOTHING, medfee_sumamt=12_693_94, fulamt_ownpay_amt=12_693_94, psn_part_amt=12_693_94, psn_cash_pay=12_693_94
    )
    assert (amounts.own_expense, amounts.own_share) == (12_693_94, 0)


@pytest.mark.parametrize(
    ("kind", "before", "deductible"),
    [
        (InsuredKind.EMPLOYEE, 0, 900_00),
        (InsuredKind.EMPLOYEE, 1, 600_00),
        (InsuredKind.EMPLOYEE, 2, 300_00),
        (InsuredKind.EMPLOYEE, 9, 300_00),
        (InsuredKind.RESIDENT, 0, 900_00),
        (InsuredKind.RESIDENT, 1, 450_00),
    ],
)
def test_the_deductible_falls_with_each_admission(kind: InsuredKind, before: int, deductible: int) -> None:
    assert of(WORKED_EXAMPLE, Insured(kind=kind, admissions_before=before)).amounts.act_pay_dedc == deductible


def test_less_in_scope_than_the_deductible_is_all_borne() -> None:
    amounts = of([line(1, "05", 899_99)]).amounts
    assert (amounts.act_pay_dedc, amounts.hifp_pay, amounts.psn_part_amt) == (899_99, 0, 899_99)


def test_residents_have_no_personal_account_and_their_own_ratio() -> None:
    resident = Insured(kind=InsuredKind.RESIDENT, account_balance_fen=500_00)
    amounts = of(WORKED_EXAMPLE, resident).amounts
    assert amounts.hifp_pay == 7_052_04  # (11,270.64 - 900.00) x 0.68, rounded half up
    assert (amounts.acct_pay, amounts.psn_cash_pay) == (0, 5_641_90)


def test_the_account_is_used_only_with_consent() -> None:
    amounts = of(WORKED_EXAMPLE, use_account=False).amounts
    assert (amounts.acct_pay, amounts.psn_cash_pay) == (0, 3_567_78)


def test_a_second_band_begins_where_the_first_ends() -> None:
    amounts = of([line(1, "06", 60_000_00)], Insured(kind=InsuredKind.EMPLOYEE)).amounts
    assert amounts.hifp_pay == 43_208_00 + 9_200_00  # (50,000 - 900) x 0.88 + 10,000 x 0.92


def test_the_yearly_ceiling_caps_the_pool_and_the_supplement_takes_its_part() -> None:
    nearly = Insured(kind=InsuredKind.EMPLOYEE, pool_paid_fen=199_000_00, own_in_scope_fen=19_500_00)
    amounts = of([line(1, "06", 11_000_00)], nearly).amounts
    assert amounts.hifp_pay == 1_000_00
    assert amounts.hifob_pay == 8_550_00  # own in scope 10,000; 9,500 of it above the second deductible, x 0.90
    assert (amounts.hifmi_pay, amounts.psn_part_amt) == (0, 1_450_00)


def test_the_supplement_of_residents_is_named_otherwise() -> None:
    resident = Insured(kind=InsuredKind.RESIDENT, own_in_scope_fen=15_000_00)
    amounts = of([line(1, "06", 10_900_00)], resident).amounts
    assert amounts.hifp_pay == 6_800_00
    assert (amounts.hifmi_pay, amounts.hifob_pay) == (2_460_00, 0)  # (10,900 - 6,800) x 0.60


@pytest.mark.parametrize(
    ("given_line", "own", "above", "first", "in_scope"),
    [
        pytest.param(line(1, "09", 10_05, B, "0.10"), 0, 0, 1_01, 9_04, id="half a fen rounds up"),
        pytest.param(line(1, "08", 100_00, B, "0.20", "80"), 0, 20_00, 16_00, 64_00, id="ceiling before first pay"),
        pytest.param(line(1, "08", 100_00, C, "1", "80"), 100_00, 0, 0, 0, id="class C has no ceiling"),
        pytest.param(line(1, "08", 100_00, B, "1"), 100_00, 0, 0, 0, id="a share of one is own expense"),
        pytest.param(line(1, "08", 100_00, A, "0.3"), 0, 0, 0, 100_00, id="class A is in scope in full"),
        pytest.param(line(1, "09", 1_00, A, "0", "0.1", "3"), 0, 70, 0, 30, id="a price of a third of a yuan"),
    ],
)
def test_a_line_divides(given_line: InsuredLine, own: int, above: int, first: int, in_scope: int) -> None:
    shares = divide_line(given_line)
    found = (shares.fulamt_ownpay_amt, shares.overlmt_amt, shares.preselfpay_amt, shares.inscp_scp_amt)
    assert found == (own, above, first, in_scope)


def test_corrections_are_taken_off_before_anything_is_rounded() -> None:
    tablets = line(1, "09", 5, B, "0.10", count="5")
    given_back = [correction(tablets, number, -1, "-1") for number in range(5)]
    assert net_lines([tablets, *given_back]) == []
    assert of([*given_back, tablets]).amounts == NOTHING
    left = net_lines([tablets, *given_back[:2]])
    assert [(each.cnt, each.det_item_fee_sumamt) for each in left] == [(Decimal(3), 3)]


def test_a_correction_needs_its_original_and_takes_no_more_than_there_was() -> None:
    tablets = line(1, "09", 5, B, "0.10", count="5")
    with pytest.raises(ValueError, match="no original"):
        net_lines([correction(tablets, 1, -1, "-1")])
    with pytest.raises(ValueError, match="more is taken off"):
        net_lines([tablets, correction(tablets, 1, -6, "-6")])


def test_parameters_hold_from_their_day_until_the_next_begin() -> None:
    def name(day: date) -> str | None:
        found = parameters_on(DEMO_PARAMETERS, day)
        return found and found.name

    assert name(date(2024, 12, 31)) is None
    assert name(date(2025, 12, 31)) == "demo-2025-tertiary"
    assert name(date(2026, 1, 1)) == "demo-2026-tertiary"
    primary = parameters_on(DEMO_PARAMETERS, date(2026, 1, 1), HospitalLevel.PRIMARY)
    assert primary is not None
    assert primary.deductible(InsuredKind.EMPLOYEE, 0) == 300_00
    assert not any(each.official for each in DEMO_PARAMETERS)


@pytest.mark.parametrize(
    "bands",
    [
        pytest.param((Band(upto_fen=100, ratio=Decimal("0.8")),), id="no end"),
        pytest.param((Band(upto_fen=None, ratio=Decimal("1.1")),), id="more than all"),
        pytest.param(
            (
                Band(upto_fen=200, ratio=Decimal("0.8")),
                Band(upto_fen=100, ratio=Decimal("0.9")),
                Band(upto_fen=None, ratio=Decimal("0.9")),
            ),
            id="not rising",
        ),
    ],
)
def test_a_table_that_cannot_be_computed_with_is_refused(bands: tuple[Band, ...]) -> None:
    with pytest.raises(ValueError, match=r"ratio|bands"):
        replace(TABLE.kinds[InsuredKind.EMPLOYEE], bands=bands)


@pytest.mark.parametrize(
    ("name", "off"),
    [
        ("medfee_sumamt", 1),
        ("hifp_pay", 1),
        ("fund_pay_sumamt", -1),
        ("psn_cash_pay", 1),
        ("acct_pay", -1),
        ("fulamt_ownpay_amt", 1),
        ("psn_part_amt", 1),
        ("hosp_part_amt", 1),
        ("oth_pay", 5),
    ],
)
def test_one_fen_off_stops(name: str, off: int) -> None:
    right = of(WORKED_EXAMPLE).amounts
    right.check()
    wrong = replace(right, **{name: getattr(right, name) + off})
    with pytest.raises(IdentitiesBroken):
        wrong.check()


def test_a_negative_amount_stops_even_where_it_adds_up() -> None:
    right = of(WORKED_EXAMPLE).amounts
    with pytest.raises(IdentitiesBroken, match="psn_cash_pay"):
        replace(right, acct_pay=right.psn_part_amt + 1, psn_cash_pay=-1).check()
