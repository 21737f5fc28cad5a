"""How the insurer computes: its own table and its own program, so that a hospital's estimate is really compared.

Made up, not official. Amounts are whole fen; ratios and shares exact; products are rounded half up.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from simulators.books import Row

DEDUCTIBLES = {"11": (90_000, 60_000, 30_000), "21": (90_000, 60_000, 30_000), "14": (90_000, 45_000)}
POOL = {
    "11": ((5_000_000, Fraction(88, 100)), (None, Fraction(92, 100))),
    "21": ((5_000_000, Fraction(92, 100)), (None, Fraction(95, 100))),
    "14": ((2_000_000, Fraction(68, 100)), (None, Fraction(73, 100))),
}
POOL_CEILING = {"11": 20_000_000, "21": 20_000_000, "14": 15_000_000}
SUPPLEMENT = {
    "11": (2_000_000, Fraction(9, 10), 30_000_000),
    "21": (2_000_000, Fraction(9, 10), 30_000_000),
    "14": (1_500_000, Fraction(6, 10), 40_000_000),
}
SCOPE = ("fulamt_ownpay_amt", "overlmt_amt", "preselfpay_amt", "inscp_scp_amt")


def divide_detail(detail: Row) -> Row:
    """The four parts of one detail: own expense, above the ceiling, first-pay share, in scope."""
    fen, level, share = detail["fen"], detail["chrgitm_lv"], detail["selfpay_prop"]
    if level == "03" or share == 1:
        return dict(zip(SCOPE, (fen, 0, 0, 0), strict=True))
    ceiling = detail["pric_uplmt_amt"]
    above = 0 if ceiling is None else min(fen, _round(max(0, detail["pric"] - ceiling) * detail["cnt"] * 100))
    first = _round((fen - above) * share) if level == "02" else 0
    return dict(zip(SCOPE, (0, above, first, fen - above - first), strict=True))


def settle(details: Sequence[Row], person: Row, *, use_account: bool) -> dict[str, Any]:
    """What the insurer pays of these details, corrections taken off, in the names of the national interface (fen)."""
    parts = [divide_detail(each) for each in net(details)]
    total = {name: sum(part[name] for part in parts) for name in SCOPE}
    scope, kind = total["inscp_scp_amt"], person["psn_type"]
    named = DEDUCTIBLES[kind]
    deductible = min(scope, named[min(person["admissions"], len(named) - 1)])
    pool = min(_pool(scope, deductible, kind), max(0, POOL_CEILING[kind] - person["pool_paid_fen"]))
    supplement = _supplement(scope - pool, person)
    borne = sum(total.values()) - pool - supplement
    account = min(person["balance_fen"], borne) if use_account and person["insutype"] == "310" else 0
    return {
        "medfee_sumamt": sum(total.values()),
        **total,
        "act_pay_dedc": deductible,
        "hifp_pay": pool,
        "cvlserv_pay": 0,
        "hifes_pay": 0,
        "hifmi_pay": supplement if kind == "14" else 0,
        "hifob_pay": 0 if kind == "14" else supplement,
        "maf_pay": 0,
        "oth_pay": 0,
        "fund_pay_sumamt": pool + supplement,
        "hosp_part_amt": 0,
        "psn_part_amt": borne,
        "acct_pay": account,
        "acct_mulaid_pay": 0,
        "psn_cash_pay": borne - account,
    }


def net(details: Sequence[Row]) -> list[Row]:
    """Corrections taken off what they correct."""
    kept = {each["feedetl_sn"]: dict(each) for each in details if not each["init_feedetl_sn"]}
    for each in details:
        if each["init_feedetl_sn"]:
            original = kept[each["init_feedetl_sn"]]
            original["fen"] += each["fen"]
            original["cnt"] += each["cnt"]
    return [each for each in kept.values() if each["fen"]]


def _pool(scope: int, deductible: int, kind: str) -> int:
    paid, lower = 0, deductible
    for upto, ratio in POOL[kind]:
        upper = scope if upto is None else min(scope, upto)
        if upper > lower:
            paid, lower = paid + _round((upper - lower) * ratio), upper
    return paid


def _supplement(own: int, person: Row) -> int:
    deductible, ratio, ceiling = SUPPLEMENT[person["psn_type"]]
    before = person["own_in_scope_fen"]
    due = max(0, before + own - deductible) - max(0, before - deductible)
    left: int = ceiling - person["supplement_paid_fen"]
    return min(_round(due * ratio), max(0, left))


def _round(value: Fraction | int) -> int:
    exact = Fraction(value)
    twice = 2 * abs(exact.numerator) + exact.denominator
    whole = twice // (2 * exact.denominator)
    return whole if exact >= 0 else -whole
