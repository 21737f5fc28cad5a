"""Receipts: numbered without gaps, never changed; a mistake is corrected by a red receipt with a number of its own.

A medical receipt is a fiscal receipt (医疗收费电子票据) and holds medical fees only; meals and the like have an income
voucher of the hospital's own, with numbers of its own (handbook sections 3.4 and 3.14).
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from services.billing.domain.insurance_amounts import IdentitiesBroken
from services.billing.domain.receipt_errors import RedReceiptStays

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Thirty-two signs that nobody takes for one another."""
CHECK_LENGTH = 6
FEE_CATEGORIES = {
    "01": "床位费",
    "02": "诊察费",
    "03": "检查费",
    "04": "化验费",
    "05": "治疗费",
    "06": "手术费",
    "07": "护理费",
    "08": "卫生材料费",
    "09": "西药费",
    "10": "中药饮片费",
    "11": "中成药费",
    "12": "一般诊疗费",
    "13": "挂号费",
    "14": "其他费",
}
"""The national fee categories (`med_chrgitm_type`): nothing else stands on a medical receipt (section 3.4)."""
AREA = "32"
"""Supervising area of the demo hospital's made-up city."""


class ReceiptKind(StrEnum):
    """`medical` is the inpatient fiscal receipt, `income` the hospital's own voucher for what is no medical fee."""

    MEDICAL = "medical"
    INCOME = "income"


_CLASS_AND_KIND = {ReceiptKind.MEDICAL: "0602", ReceiptKind.INCOME: "9901"}


def series_code(kind: ReceiptKind, issued_on: date) -> str:
    """票据代码: 2 digits of the supervising area, 2 of the class, 2 of the kind, 2 of the year."""
    return f"{AREA}{_CLASS_AND_KIND[kind]}{issued_on:%y}"


def check_code(secret: str, *, code: str, number: int, total_fen: int, issued_at: datetime) -> str:
    """校验码: six signs that only the hospital can make, for exactly this receipt."""
    text = f"{code}:{number:010}:{total_fen}:{issued_at.timestamp():.0f}"
    digest = hmac.new(secret.encode(), text.encode(), hashlib.sha256).digest()
    return "".join(ALPHABET[byte % len(ALPHABET)] for byte in digest[:CHECK_LENGTH])


@dataclass(frozen=True, kw_only=True)
class ReceiptContent:
    """What a receipt says, in fen. Categories and items are `{code, name, …, amount_fen}` and add up to the total.

    `prepaid_fen` 预缴, `added_fen` 补缴, `refunded_fen` 退费; `fund_fen` to `own_expense_fen` are the six amounts of
    section 3.7. `insurance` says kind and number, `stay` from when to when.
    """

    total_fen: int
    categories: list[dict[str, Any]]
    items: list[dict[str, Any]]
    prepaid_fen: int = 0
    added_fen: int = 0
    refunded_fen: int = 0
    fund_fen: int = 0
    other_fen: int = 0
    account_fen: int = 0
    cash_fen: int = 0
    own_share_fen: int = 0
    own_expense_fen: int = 0
    insured_kind: str = "none"
    psn_no: str | None = None
    setl_id: str | None = None
    stay_from: str | None = None
    stay_to: str | None = None

    def check(self) -> None:
        """Raise IdentitiesBroken unless categories, items and both identities of the receipt hold (section 3.7)."""
        own = self.account_fen + self.cash_fen
        holds = {
            "categories": sum(each["amount_fen"] for each in self.categories) == self.total_fen,
            "items": not self.items or sum(each["amount_fen"] for each in self.items) == self.total_fen,
            "total": self.total_fen == self.fund_fen + self.other_fen + own,
            "own part": own == self.own_share_fen + self.own_expense_fen,
        }
        broken = [name for name, is_so in holds.items() if not is_so]
        if broken:
            raise IdentitiesBroken(", ".join(broken))

    def reversed(self) -> ReceiptContent:
        """The content of the red receipt that takes this one back: every amount the other way round."""
        values = {name: -value if name.endswith("_fen") else value for name, value in vars(self).items()}
        for name in ("categories", "items"):
            values[name] = [{**each, "amount_fen": -each["amount_fen"]} for each in values[name]]
        return ReceiptContent(**values)


@dataclass(eq=False, kw_only=True)
class Receipt:
    """One receipt, blue or red. `red_of` names the one it takes back; `number` is shown with ten digits."""

    id: UUID
    kind: ReceiptKind
    code: str
    number: int
    check_code: str
    subject_id: UUID
    """What it is for: the settlement of a stay."""
    encounter_id: UUID
    patient_id: UUID
    total_fen: int
    content: dict[str, Any]
    issued_by: str
    issued_at: datetime
    previous: int | None = None
    red_of: UUID | None = None
    reason: str | None = None
    replaces: UUID | None = None

    @property
    def is_red(self) -> bool:
        """Whether it takes another one back."""
        return self.red_of is not None

    @property
    def shown_number(self) -> str:
        """票据号码: ten digits."""
        return f"{self.number:010}"

    def check_can_be_taken_back(self) -> None:
        """A red receipt stays; raises RedReceiptStays."""
        if self.is_red:
            raise RedReceiptStays


@dataclass(frozen=True, kw_only=True)
class ReceiptIntent:
    """A receipt that is due, its attempt written down."""

    request_id: UUID


@dataclass(frozen=True)
class Seal:
    """What makes check codes: it holds a secret, so it comes from outside the use cases."""

    secret: str = field(repr=False)

    def mark(self, *, code: str, number: int, total_fen: int, issued_at: datetime) -> str:
        """The check code of a receipt."""
        return check_code(self.secret, code=code, number=number, total_fen=total_fen, issued_at=issued_at)
