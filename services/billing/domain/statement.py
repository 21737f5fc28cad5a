"""What a stay cost, who bears it, and what the person reads and signs (handbook sections 3.6 and 3.7)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from services.billing.domain.insurance_amounts import InsuranceAmounts


class Basis(StrEnum):
    """What the shares rest on: no insurance, our own estimate, or the insurer's binding answer."""

    SELF_PAY = "self_pay"
    ESTIMATE = "estimate"
    BINDING = "binding"


@dataclass(frozen=True, kw_only=True)
class Shares:
    """Who bears the medical fees (fen), in the words of the national receipt (handbook section 3.7)."""

    total_fen: int
    fund_fen: int = 0
    other_fen: int = 0
    personal_account_fen: int = 0
    cash_fen: int = 0
    own_share_fen: int = 0
    own_expense_fen: int = 0

    def __post_init__(self) -> None:
        """Both identities of the receipt hold, always. Raises ValueError."""
        own = self.personal_account_fen + self.cash_fen
        if self.total_fen != self.fund_fen + self.other_fen + own or own != self.own_share_fen + self.own_expense_fen:
            raise ValueError("the shares break an identity of the receipt")

    @property
    def insurer_fen(self) -> int:
        """What comes from the insurer, the personal account among it."""
        return self.total_fen - self.cash_fen


def insured_shares(amounts: InsuranceAmounts) -> Shares:
    """The shares as an estimate or the insurer has them (handbook section 3.7)."""
    return Shares(
        total_fen=amounts.medfee_sumamt,
        fund_fen=amounts.hifp_pay,
        other_fen=amounts.other_payments,
        personal_account_fen=amounts.personal_account,
        cash_fen=amounts.psn_cash_pay,
        own_share_fen=amounts.own_share,
        own_expense_fen=amounts.own_expense,
    )


def self_pay(total_fen: int) -> Shares:
    """The shares of a patient without insurance: everything is own expense, in cash."""
    return Shares(total_fen=total_fen, cash_fen=total_fen, own_expense_fen=total_fen)


@dataclass(frozen=True, kw_only=True)
class Statement:
    """What the person reads and signs (fen). `non_medical_fen` are meals and the like, on no medical receipt."""

    settlement_id: UUID
    shares: Shares
    non_medical_fen: int
    deposits_fen: int
    paid_fen: int

    @property
    def total_fen(self) -> int:
        """What the whole stay cost."""
        return self.shares.total_fen + self.non_medical_fen

    @property
    def own_fen(self) -> int:
        """What the person bears, deposits not yet counted."""
        return self.shares.cash_fen + self.non_medical_fen

    @property
    def balance_fen(self) -> int:
        """Still to pay when more than nothing, to go back when less."""
        return self.own_fen - self.deposits_fen - self.paid_fen

    @property
    def to_pay_fen(self) -> int:
        """Still to pay."""
        return max(0, self.balance_fen)

    @property
    def to_return_fen(self) -> int:
        """To go back."""
        return max(0, -self.balance_fen)

    @property
    def digest(self) -> str:
        """A short mark of all amounts: a signature is bound to it."""
        shares = self.shares
        amounts = (
            *(shares.total_fen, shares.fund_fen, shares.other_fen, shares.personal_account_fen, shares.cash_fen),
            *(self.non_medical_fen, self.deposits_fen, self.paid_fen),
        )
        text = ":".join([str(self.settlement_id), *map(str, amounts)])
        return hashlib.sha256(text.encode()).hexdigest()[:16]
