"""The refusals of charging a stay and of its deposits, each with a stable code."""

from __future__ import annotations

from shared.errors import Conflict, Refused


class ItemUnknown(Refused):
    """There is no such item in the price list."""


class ItemHasNoPrice(Refused):
    """The item has no price yet on this day."""


class PriceInThePast(Refused):
    """A price holds from tomorrow on at the earliest: what was charged keeps its price."""


class PriceExists(Conflict):
    """A price from this day on was set before."""


class QuantityNotValid(Refused):
    """A quantity is more than nothing, at most 10000, and has at most four decimals."""


class AmountTooSmall(Refused):
    """The line would cost less than a fen."""


class ChargedInFuture(Refused):
    """A line cannot be of a day that has not come."""


class QuantityNotLeft(Conflict):
    """More is to be returned than is left of the line; `left` names what is left."""


class NotAnOriginal(Conflict):
    """A return cannot be returned: enter the item again."""


class DepositNotValid(Refused):
    """A deposit is between one yuan and 100000 yuan."""
