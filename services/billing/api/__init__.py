"""The HTTP door of billing: a module for each noun, imported here so that it declares its operations."""

from services.billing.api import (
    charging,
    insurance,
    payments,
    receipts,
    settlements,
    stay_money,
    stuck,
)
from services.billing.api.blueprint import (
    blueprint,
)

__all__ = [
    "blueprint",
    "charging",
    "insurance",
    "payments",
    "receipts",
    "settlements",
    "stay_money",
    "stuck",
]
