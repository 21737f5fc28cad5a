"""What the insurance is likely to pay of a stay: an estimate only, the insurer's own answer is what counts.

Order of computing and names as in the national interface (handbook section 3.6 and 3.7). Amounts are whole fen, ratios
exact decimals; each product is rounded half up, sums are sums of rounded parts. Pure: no clock, no database.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from services.billing.domain.insurance_amounts import NOTHING, InsuranceAmounts
from services.billing.domain.insurance_parameters import Band, InsuranceParameters, InsuredKind, Supplement
from shared.money import half_up

_FEN = 100


class CatalogueClass(StrEnum):
    """How the insurance catalogue treats an item (`chrgitm_lv`): 甲类 in full, 乙类 after a share, 丙类 not at all."""

    A = "01"
    B = "02"
    C = "03"


@dataclass(frozen=True, kw_only=True)
class InsuredLine:
    """A charge line as the insurer is told of it (2301).

    `pric` and `pric_uplmt_amt` (the insurance price ceiling, if there is one) are yuan with up to six decimals, `cnt`
    has up to four, `det_item_fee_sumamt` is the posted amount in fen, `selfpay_prop` the share of class B that the
    person pays first. A correction is a negative line that names its original in `init_feedetl_sn`.
    """

    feedetl_sn: str
    med_list_codg: str
    med_chrgitm_type: str
    chrgitm_lv: CatalogueClass
    pric: Decimal
    cnt: Decimal
    det_item_fee_sumamt: int
    selfpay_prop: Decimal = Decimal(0)
    pric_uplmt_amt: Decimal | None = None
    init_feedetl_sn: str | None = None


@dataclass(frozen=True, kw_only=True)
class LineShares:
    """How one line divides: own expense, above the ceiling, first-pay share, and what is in scope (fen)."""

    feedetl_sn: str
    det_item_fee_sumamt: int
    fulamt_ownpay_amt: int
    overlmt_amt: int
    preselfpay_amt: int
    inscp_scp_amt: int


@dataclass(frozen=True, kw_only=True)
class Insured:
    """What is known of a person's insurance (1101): kind, account balance, and what this year has used up (fen)."""

    kind: InsuredKind = InsuredKind.NONE
    account_balance_fen: int = 0
    admissions_before: int = 0
    """Earlier admissions of this year: the deductible falls with them."""
    pool_paid_fen: int = 0
    """What the pool has paid this year, against its yearly ceiling."""
    own_in_scope_fen: int = 0
    """What the person has paid this year within the scope, against the supplement's own deductible."""
    supplement_paid_fen: int = 0


UNINSURED = Insured()


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """An estimate: `official` is never true here, `parameters` says which table it was made from."""

    amounts: InsuranceAmounts
    lines: tuple[LineShares, ...]
    parameters: str
    official: bool = False


def estimate(
    lines: Iterable[InsuredLine], *, parameters: InsuranceParameters, insured: Insured, use_account: bool = True
) -> Estimate:
    """The likely division of a stay's charges between insurance and person.

    Corrections are first taken off their originals (`net_lines`). `use_account` is the person's consent to pay from
    the personal account. Without insurance everything is own expense. Raises ValueError for lines that make no sense
    and IdentitiesBroken if the two receipt identities do not hold (a defect: nothing may be built on it).
    """
    shares = tuple(divide_line(line, insured.kind) for line in net_lines(lines))
    amounts = _divide_visit(shares, parameters, insured, use_account=use_account)
    amounts.check()
    return Estimate(amounts=amounts, lines=shares, parameters=parameters.name)


def net_lines(lines: Iterable[InsuredLine]) -> list[InsuredLine]:
    """Lines with their corrections taken off, in the order of the originals; what is corrected to nothing is left out.

    Only then is rounded: parts of a line given back one by one cannot leave a fen behind. Raises ValueError when a
    correction has no original or more is taken off than there was.
    """
    lines = list(lines)
    kept = {line.feedetl_sn: line for line in lines if line.init_feedetl_sn is None}
    for line in lines:
        if line.init_feedetl_sn is None:
            continue
        original = kept.get(line.init_feedetl_sn)
        if original is None:
            raise ValueError("a correction has no original")
        kept[original.feedetl_sn] = replace(
            original,
            cnt=original.cnt + line.cnt,
            det_item_fee_sumamt=original.det_item_fee_sumamt + line.det_item_fee_sumamt,
        )
    for line in kept.values():
        if line.cnt < 0 or line.det_item_fee_sumamt < 0:
            raise ValueError("more is taken off a line than there was")
    return [line for line in kept.values() if line.cnt and line.det_item_fee_sumamt]


def divide_line(line: InsuredLine, kind: InsuredKind = InsuredKind.EMPLOYEE) -> LineShares:
    """One line: class C and a share of 1 are own expense; then the part above the ceiling, then the first-pay share."""
    if not 0 <= line.selfpay_prop <= 1 or line.pric < 0:
        raise ValueError("a share lies between 0 and 1, a price is not negative")
    amount = line.det_item_fee_sumamt
    if kind is InsuredKind.NONE or line.chrgitm_lv is CatalogueClass.C or line.selfpay_prop == 1:
        own, above, first = amount, 0, 0
    else:
        own, above = 0, _above_ceiling(line)
        share = line.selfpay_prop if line.chrgitm_lv is CatalogueClass.B else Decimal(0)
        first = half_up((amount - above) * share)
    return LineShares(
        feedetl_sn=line.feedetl_sn,
        det_item_fee_sumamt=amount,
        fulamt_ownpay_amt=own,
        overlmt_amt=above,
        preselfpay_amt=first,
        inscp_scp_amt=amount - own - above - first,
    )


def _above_ceiling(line: InsuredLine) -> int:
    if line.pric_uplmt_amt is None:
        return 0
    above = half_up(max(Decimal(0), line.pric - line.pric_uplmt_amt) * line.cnt * _FEN)
    return min(above, line.det_item_fee_sumamt)


def _divide_visit(
    shares: tuple[LineShares, ...], parameters: InsuranceParameters, insured: Insured, *, use_account: bool
) -> InsuranceAmounts:
    total = sum(share.det_item_fee_sumamt for share in shares)
    in_scope = sum(share.inscp_scp_amt for share in shares)
    deductible = pool = extra = 0
    if insured.kind is not InsuredKind.NONE:
        deductible = min(parameters.deductible(insured.kind, insured.admissions_before), in_scope)
        pool = _pool_pays(in_scope, deductible, parameters, insured)
        extra = _supplement_pays(in_scope - pool, parameters.supplement(insured.kind), insured)
    fund = pool + extra
    borne = total - fund
    account = min(insured.account_balance_fen, borne) if use_account and insured.kind.has_account else 0
    resident = insured.kind is InsuredKind.RESIDENT
    return replace(
        NOTHING,
        medfee_sumamt=total,
        fulamt_ownpay_amt=sum(share.fulamt_ownpay_amt for share in shares),
        overlmt_amt=sum(share.overlmt_amt for share in shares),
        preselfpay_amt=sum(share.preselfpay_amt for share in shares),
        inscp_scp_amt=in_scope,
        act_pay_dedc=deductible,
        hifp_pay=pool,
        hifmi_pay=extra if resident else 0,
        hifob_pay=0 if resident else extra,
        fund_pay_sumamt=fund,
        psn_part_amt=borne,
        acct_pay=account,
        psn_cash_pay=borne - account,
    )


def _pool_pays(in_scope: int, deductible: int, parameters: InsuranceParameters, insured: Insured) -> int:
    paid = sum(
        half_up(part * band.ratio) for part, band in _by_band(in_scope, deductible, parameters.bands(insured.kind))
    )
    return min(paid, max(0, parameters.pool_ceiling(insured.kind) - insured.pool_paid_fen))


def _by_band(in_scope: int, deductible: int, bands: tuple[Band, ...]) -> Iterable[tuple[int, Band]]:
    """The parts of what is in scope that lie in each band; the bands begin where the deductible ends."""
    lower = deductible
    for band in bands:
        upper = in_scope if band.upto_fen is None else min(in_scope, band.upto_fen)
        if upper > lower:
            yield upper - lower, band
            lower = upper


def _supplement_pays(own_in_scope: int, supplement: Supplement, insured: Insured) -> int:
    """大额 or 大病: a share of the year's own payments in scope above a second deductible, up to its own ceiling."""
    before = max(0, insured.own_in_scope_fen - supplement.deductible_fen)
    after = max(0, insured.own_in_scope_fen + own_in_scope - supplement.deductible_fen)
    paid = half_up((after - before) * supplement.ratio)
    return min(paid, max(0, supplement.ceiling_fen - insured.supplement_paid_fen))
