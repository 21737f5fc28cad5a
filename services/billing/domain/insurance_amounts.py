"""How a stay's cost divides between funds, personal account and cash, and the two identities that must always hold."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields


class IdentitiesBroken(Exception):
    """Amounts that do not add up: whoever finds them stops, nothing is shown, billed or printed from them."""


@dataclass(frozen=True, kw_only=True)
class InsuranceAmounts:
    """The amounts of an estimate or of the insurer's settlement, in fen, named as in the national interface.

    `overlmt_amt` is what lies above a price ceiling, `preselfpay_amt` the first-pay share of class B, `inscp_scp_amt`
    what is in scope, `act_pay_dedc` the deductible taken. `hifp_pay` is the pool's part; `cvlserv_pay`, `hifes_pay`,
    `hifmi_pay`, `hifob_pay`, `maf_pay` and `oth_pay` are further funds; `hosp_part_amt` is borne by the hospital.
    """

    medfee_sumamt: int
    fulamt_ownpay_amt: int
    overlmt_amt: int
    preselfpay_amt: int
    inscp_scp_amt: int
    act_pay_dedc: int
    hifp_pay: int
    cvlserv_pay: int = 0
    hifes_pay: int = 0
    hifmi_pay: int = 0
    hifob_pay: int = 0
    maf_pay: int = 0
    oth_pay: int = 0
    fund_pay_sumamt: int
    hosp_part_amt: int = 0
    psn_part_amt: int
    acct_pay: int
    acct_mulaid_pay: int = 0
    psn_cash_pay: int

    @property
    def other_payments(self) -> int:
        """其他支付 of the receipt: every fund but the pool, and what the hospital bears."""
        return self.fund_pay_sumamt - self.hifp_pay + self.hosp_part_amt

    @property
    def personal_account(self) -> int:
        """个人账户支付 of the receipt: one's own account and that of the family."""
        return self.acct_pay + self.acct_mulaid_pay

    @property
    def own_expense(self) -> int:
        """个人自费: outside the catalogue, and above a price ceiling (section 3.7)."""
        return self.fulamt_ownpay_amt + self.overlmt_amt

    @property
    def own_share(self) -> int:
        """个人自付: in the catalogue but borne by the person; deductible, first-pay share, co-payment (section 3.7)."""
        return self.preselfpay_amt + self.inscp_scp_amt - self.fund_pay_sumamt - self.hosp_part_amt

    def as_dict(self) -> dict[str, int]:
        """The amounts by their names."""
        return asdict(self)

    def check(self) -> None:
        """Raise IdentitiesBroken unless everything adds up and nothing is negative (section 3.6 and 3.7).

        The receipt's two: total = pool + other + account + cash; account + cash = own share + own expense. And those of
        the visit: the total divides by scope, the funds add up, what the funds leave is borne by the person.
        """
        for field in fields(self):
            value = getattr(self, field.name)
            if type(value) is not int or value < 0:
                raise IdentitiesBroken(f"{field.name} is not an amount")
        further = self.cvlserv_pay + self.hifes_pay + self.hifmi_pay + self.hifob_pay + self.maf_pay + self.oth_pay
        paid = self.personal_account + self.psn_cash_pay
        holds = {
            "total by scope": self.medfee_sumamt == self.own_expense + self.preselfpay_amt + self.inscp_scp_amt,
            "deductible in scope": self.act_pay_dedc <= self.inscp_scp_amt,
            "funds": self.fund_pay_sumamt == self.hifp_pay + further,
            "borne": self.psn_part_amt == self.medfee_sumamt - self.fund_pay_sumamt - self.hosp_part_amt,
            "cash": self.psn_cash_pay == self.psn_part_amt - self.personal_account,
            "receipt total": self.medfee_sumamt == self.hifp_pay + self.other_payments + paid,
            "receipt own part": paid == self.own_share + self.own_expense,
            "own share": self.own_share >= 0,
        }
        broken = [name for name, is_so in holds.items() if not is_so]
        if broken:
            raise IdentitiesBroken(", ".join(broken))


NOTHING = InsuranceAmounts(
    medfee_sumamt=0,
    fulamt_ownpay_amt=0,
    overlmt_amt=0,
    preselfpay_amt=0,
    inscp_scp_amt=0,
    act_pay_dedc=0,
    hifp_pay=0,
    fund_pay_sumamt=0,
    psn_part_amt=0,
    acct_pay=0,
    psn_cash_pay=0,
)
