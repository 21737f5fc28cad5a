"""What a stay is charged: priced items, charge lines and their returns (handbook sections 3.3, 3.4 and 3.16).

Prices are yuan with up to six decimals, quantities have up to four; the amount of a line is whole fen, rounded half up.
A line is never changed: what is given back is a new line below nothing that names its original.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from services.billing.domain.charging_errors import (
    AmountTooSmall,
    ItemHasNoPrice,
    NotAnOriginal,
    QuantityNotLeft,
    QuantityNotValid,
)
from services.billing.domain.insurance import CatalogueClass
from shared.clock import at_hospital, hospital_day
from shared.money import half_up

LARGEST_QUANTITY = Decimal(10_000)
LIST_CLOSES = time(6, 0)
"""When the daily list of the day before is closed, by the hospital's clock."""
_FEN = 100


class FeeCategory(StrEnum):
    """The national fee categories (`med_chrgitm_type`, handbook section 3.4)."""

    BED = "01"
    CONSULTATION = "02"
    EXAMINATION = "03"
    LABORATORY = "04"
    TREATMENT = "05"
    SURGERY = "06"
    NURSING = "07"
    CONSUMABLES = "08"
    WESTERN_MEDICINE = "09"
    HERBAL_PIECES = "10"
    PATENT_MEDICINE = "11"
    GENERAL_TREATMENT = "12"
    REGISTRATION = "13"
    OTHER = "14"


class EnteredBy(StrEnum):
    """Through which door a line came: a ward's page or a machine, a file, or the clock (bed and nursing days)."""

    WARD = "ward"
    FILE = "file"
    CLOCK = "clock"


@dataclass(frozen=True, kw_only=True)
class PricedItem:
    """An item of the price list; `code` is the hospital's, `national_code` the insurer's."""

    id: UUID
    code: str
    national_code: str
    name_zh: str
    name_en: str
    spec: str
    unit_zh: str
    unit_en: str
    category: FeeCategory


@dataclass(frozen=True, kw_only=True)
class PriceTerms:
    """What holds for an item from a hospital day on: price (yuan), catalogue class, share paid first, price ceiling."""

    item_id: UUID
    from_on: date
    price: Decimal
    catalogue_class: CatalogueClass
    self_pay_ratio: Decimal = Decimal(0)
    ceiling: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class ChargeLine:
    """One line of a stay's list of charges, with everything that held on its day. `amount_fen` is below 0 for a return.

    `charged_on` is the day it is for, `listed_on` the daily list it stands on: a closed list is never rewritten.
    `reference` is the sender's own number of the line: with `entered_through` it is there once. `returns` names the
    original of a return.
    """

    id: UUID
    account_id: UUID
    encounter_id: UUID
    patient_id: UUID
    item_id: UUID
    code: str
    national_code: str
    name_zh: str
    name_en: str
    spec: str
    unit_zh: str
    unit_en: str
    category: FeeCategory
    catalogue_class: CatalogueClass
    self_pay_ratio: Decimal
    ceiling: Decimal | None
    price: Decimal
    quantity: Decimal
    amount_fen: int
    charged_on: date
    listed_on: date
    department_zh: str
    department_en: str
    entered_through: EnteredBy
    entered_by: str
    entered_at: datetime
    reference: str | None = None
    returns: UUID | None = None
    reason: str | None = None

    @property
    def name(self) -> dict[str, str]:
        """The item's name in both languages."""
        return {"zh": self.name_zh, "en": self.name_en}

    @property
    def unit(self) -> dict[str, str]:
        """What is counted."""
        return {"zh": self.unit_zh, "en": self.unit_en}

    @property
    def department(self) -> dict[str, str]:
        """Where the person lay when it was entered."""
        return {"zh": self.department_zh, "en": self.department_en}

    @property
    def quantity_left(self) -> Decimal | None:
        """What is left of a line that was just entered; a return has nothing to give back."""
        return self.quantity if self.returns is None else None


def line_amount(price: Decimal, quantity: Decimal) -> int:
    """The amount of a line in fen: price in yuan times quantity, rounded half up (handbook section 3.16)."""
    return half_up(price * quantity * _FEN)


def listed_day(charged_on: date, *, now: datetime, account_heard_at: datetime) -> date:
    """On which daily list a line stands: that of its day until it is closed, then today's (handbook section 3.5).

    The list of a day is closed at six in the morning after it, and not before the morning after the stay was first
    heard of, so that a stay that is told late has its days in their places.
    """
    first_seen = max(charged_on, hospital_day(account_heard_at))
    closed_at = at_hospital(first_seen + timedelta(days=1), LIST_CLOSES)
    return charged_on if now < closed_at else hospital_day(now)


def check_quantity(quantity: Decimal) -> None:
    """Raises QuantityNotValid for nothing, less than nothing, too much, or more than four decimals."""
    if not 0 < quantity <= LARGEST_QUANTITY or quantity != quantity.quantize(Decimal("0.0001")):
        raise QuantityNotValid


def terms_on(terms: Iterable[PriceTerms], day: date) -> PriceTerms:
    """The terms of an item that hold on a hospital day. Raises ItemHasNoPrice before the first."""
    known = [each for each in terms if each.from_on <= day]
    if not known:
        raise ItemHasNoPrice
    return max(known, key=lambda each: each.from_on)


def amount_of(terms: PriceTerms, quantity: Decimal) -> int:
    """What a quantity costs, in fen. Raises QuantityNotValid, and AmountTooSmall for less than a fen (section 3.3)."""
    check_quantity(quantity)
    amount_fen = line_amount(terms.price, quantity)
    if not amount_fen:
        raise AmountTooSmall
    return amount_fen


def returned_amount(line: ChargeLine, *, quantity: Decimal, quantity_left: Decimal, amount_left_fen: int) -> int:
    """What a return of a part of a line takes off the stay, in fen.

    The last part takes exactly what is left, so that parts and original come to nothing. Raises NotAnOriginal for a
    return of a return, QuantityNotValid, QuantityNotLeft (which names what is left), and AmountTooSmall for a part that
    costs nothing.
    """
    if line.returns is not None:
        raise NotAnOriginal
    check_quantity(quantity)
    if quantity > quantity_left:
        raise QuantityNotLeft(left=f"{quantity_left.normalize():f}")
    if quantity == quantity_left:
        return amount_left_fen
    amount_fen = min(line_amount(line.price, quantity), amount_left_fen - 1)
    if amount_fen <= 0:
        raise AmountTooSmall
    return amount_fen
