"""What billing tells: bills, payments, refunds, accounts and the ledger."""

from services.billing.queries.insurance import claims_of, coverage_of
from services.billing.queries.payments import (
    STAFF,
    Row,
    accounts_of,
    invoice,
    invoices_of,
    ledger_summary,
    payment,
    payments_of,
    refunds_of,
)
from services.billing.queries.receipts import check_receipt, receipt, receipts_of
from services.billing.queries.settlements import late_charges_of, settlement, settlements_of
from services.billing.queries.stuck import stuck_list, stuck_one

__all__ = [
    "STAFF",
    "Row",
    "accounts_of",
    "check_receipt",
    "claims_of",
    "coverage_of",
    "invoice",
    "invoices_of",
    "late_charges_of",
    "ledger_summary",
    "payment",
    "payments_of",
    "receipt",
    "receipts_of",
    "refunds_of",
    "settlement",
    "settlements_of",
    "stuck_list",
    "stuck_one",
]
