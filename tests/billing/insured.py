"""Bills as the insurance sees them: the lines of the handbook's worked example, and lines of any kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from services.billing.domain.insurance import CatalogueClass, Estimate, Insured, InsuredLine, estimate
from services.billing.domain.insurance_parameters import DEMO_PARAMETERS, InsuredKind

A, B, C = CatalogueClass.A, CatalogueClass.B, CatalogueClass.C
TABLE = next(each for each in DEMO_PARAMETERS if each.name == "demo-2026-tertiary")
EMPLOYEE = Insured(kind=InsuredKind.EMPLOYEE, account_balance_fen=500_00)


def line(
    number: int,
    fee_type: str,
    fen: int,
    level: CatalogueClass = A,
    share: str = "0",
    ceiling: str | None = None,
    count: str = "1",
) -> InsuredLine:
    return InsuredLine(
        feedetl_sn=f"line-{number}",
        med_list_codg=f"XM{number:04}",
        med_chrgitm_type=fee_type,
        chrgitm_lv=level,
        pric=Decimal(fen) / 100 / Decimal(count),
        cnt=Decimal(count),
        det_item_fee_sumamt=fen,
        selfpay_prop=Decimal(share),
        pric_uplmt_amt=None if ceiling is None else Decimal(ceiling),
    )


WORKED_EXAMPLE = [
    line(1, "01", 315_00, ceiling="40", count="7"),  # seven days at 45.00, five above the ceiling each: 35.00
    line(2, "02", 154_00),
    line(3, "03", 400_00, B, "0.10"),
    line(4, "03", 860_00),
    line(5, "04", 400_00, B, "0.10"),
    line(6, "04", 580_00),
    line(7, "05", 1_145_50),
    line(8, "06", 2_600_00),
    line(9, "07", 196_00),
    line(10, "08", 3_000_00, B, "0.20"),
    line(11, "08", 480_00, C, "1"),
    line(12, "09", 1_096_44, B, "0.10"),
    line(13, "09", 100_00, C, "1"),
    line(14, "09", 1_180_40),
    line(15, "11", 186_60, B, "0.10"),
]


def of(lines: Sequence[InsuredLine], insured: Insured = EMPLOYEE, **more: bool) -> Estimate:
    return estimate(lines, parameters=TABLE, insured=insured, **more)


def correction(of_line: InsuredLine, number: int, fen: int, count: str) -> InsuredLine:
    return replace(
        of_line,
        feedetl_sn=f"correction-{number}",
        init_feedetl_sn=of_line.feedetl_sn,
        cnt=Decimal(count),
        det_item_fee_sumamt=fen,
    )
