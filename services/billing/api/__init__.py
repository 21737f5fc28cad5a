"""The HTTP door of billing: a module for each noun, imported here so that it declares its operations."""

from services.billing.api import insurance, payments, receipts, settlements, stuck
from services.billing.api.blueprint import blueprint

__all__ = ["blueprint", "insurance", "payments", "receipts", "settlements", "stuck"]
