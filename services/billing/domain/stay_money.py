"""A stay's deposits and balance (handbook section 3.2). Fen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from services.billing.domain.charging_errors import DepositNotValid

ARREARS_THRESHOLD_FEN = 500_00
"""Below this balance nurse, cashier and family are warned (the demo's number; hospitals differ)."""
SMALLEST_DEPOSIT_FEN, LARGEST_DEPOSIT_FEN = 1_00, 100_000_00


@dataclass(frozen=True, kw_only=True)
class Balance:
    """What a stay has and what it costs by now. `held_fen`: deposits less what went back or is on its way back."""

    held_fen: int = 0
    medical_fen: int = 0
    non_medical_fen: int = 0

    @property
    def charged_fen(self) -> int:
        """Everything that the stay costs by now."""
        return self.medical_fen + self.non_medical_fen

    @property
    def balance_fen(self) -> int:
        """What is left of the deposits; below 0 is owed."""
        return self.held_fen - self.charged_fen

    @property
    def is_low(self) -> bool:
        """Whether a warning is due. Treatment goes on: a warning stops nothing."""
        return self.balance_fen < ARREARS_THRESHOLD_FEN

    @property
    def suggested_deposit_fen(self) -> int:
        """What brings the balance well above the threshold, in whole hundreds of yuan; nothing while it is enough."""
        missing = 2 * ARREARS_THRESHOLD_FEN - self.balance_fen
        return -(-missing // 100_00) * 100_00 if self.is_low else 0


def check_deposit(amount_fen: int) -> None:
    """Raises DepositNotValid for an amount (fen) that nobody means."""
    if not SMALLEST_DEPOSIT_FEN <= amount_fen <= LARGEST_DEPOSIT_FEN:
        raise DepositNotValid


def voucher_number(day: date, number: int) -> str:
    """The number of a deposit's receipt voucher, as YJ20261123-00017: the hospital day and a count without gaps."""
    return f"YJ{day:%Y%m%d}-{number:05d}"
