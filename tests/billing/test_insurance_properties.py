"""What holds for every estimate, whatever the bill and whoever the person."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from services.billing.domain.insurance import CatalogueClass, Insured, InsuredLine
from services.billing.domain.insurance_amounts import NOTHING
from services.billing.domain.insurance_parameters import InsuredKind
from tests.billing.insured import A, B, C, correction, line, of

SHARES = st.sampled_from(["0", "0.05", "0.1", "0.1005", "0.3", "1"])
LINES = st.lists(
    st.builds(
        lambda fen, level, share, count, over: (fen, level, share, count, over),
        st.integers(1, 2_000_000),
        st.sampled_from([A, B, C]),
        SHARES,
        st.sampled_from(["1", "3", "7", "0.5"]),
        st.one_of(st.none(), st.sampled_from(["0.01", "5", "123.4567"])),
    ),
    max_size=12,
)
PEOPLE = st.builds(
    Insured,
    kind=st.sampled_from(list(InsuredKind)),
    account_balance_fen=st.integers(0, 1_000_000),
    admissions_before=st.integers(0, 4),
    pool_paid_fen=st.integers(0, 25_000_000),
    own_in_scope_fen=st.integers(0, 4_000_000),
    supplement_paid_fen=st.integers(0, 50_000_000),
)


def made_of(rows: list[tuple[int, CatalogueClass, str, str, str | None]]) -> list[InsuredLine]:
    return [
        line(n, "09", fen, level, share, over, count)
        for n, (fen, level, share, count, over) in enumerate(rows, start=1)
    ]


@given(rows=LINES, insured=PEOPLE)
def test_every_estimate_adds_up_and_nothing_is_negative(
    rows: list[tuple[int, CatalogueClass, str, str, str | None]], insured: Insured
) -> None:
    made = of(made_of(rows), insured)
    made.amounts.check()
    assert made.amounts.medfee_sumamt == sum(row[0] for row in rows)
    for name in ("fulamt_ownpay_amt", "overlmt_amt", "preselfpay_amt", "inscp_scp_amt"):
        assert getattr(made.amounts, name) == sum(getattr(share, name) for share in made.lines)
        assert all(getattr(share, name) >= 0 for share in made.lines)
    assert made.amounts.acct_pay <= insured.account_balance_fen


@given(rows=LINES, insured=PEOPLE, more=st.integers(1, 3_000_000))
def test_a_longer_bill_never_lowers_what_anybody_pays(
    rows: list[tuple[int, CatalogueClass, str, str, str | None]], insured: Insured, more: int
) -> None:
    less, longer = of(made_of(rows), insured).amounts, of(made_of([*rows, (more, A, "0", "1", None)]), insured).amounts
    for name in ("medfee_sumamt", "fund_pay_sumamt", "psn_part_amt", "act_pay_dedc", "hifp_pay", "psn_cash_pay"):
        assert getattr(longer, name) >= getattr(less, name), name


@given(rows=LINES, insured=PEOPLE)
def test_a_bill_corrected_to_nothing_is_nothing(
    rows: list[tuple[int, CatalogueClass, str, str, str | None]], insured: Insured
) -> None:
    lines = made_of(rows)
    back = [correction(each, n, -each.det_item_fee_sumamt, str(-each.cnt)) for n, each in enumerate(lines)]
    assert of([*lines, *back], insured).amounts == NOTHING
