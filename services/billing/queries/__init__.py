"""What billing tells: bills, payments, refunds, accounts and the ledger."""

from services.billing.queries.insurance import (
    claims_of,
    coverage_of,
)
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
from services.billing.queries.price_list import (
    priced_items,
)
from services.billing.queries.receipts import (
    check_receipt,
    receipt,
    receipts_of,
)
from services.billing.queries.settlements import (
    late_charges_of,
    settlement,
    settlements_of,
)
from services.billing.queries.stays import (
    line_row,
    low_balances,
    stay_account,
    stay_charges,
    stay_day,
    stay_non_medical,
)
from services.billing.queries.stuck import (
    stuck_list,
    stuck_one,
)

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
    "line_row",
    "low_balances",
    "payment",
    "payments_of",
    "priced_items",
    "receipt",
    "receipts_of",
    "refunds_of",
    "settlement",
    "settlements_of",
    "stay_account",
    "stay_charges",
    "stay_day",
    "stay_non_medical",
    "stuck_list",
    "stuck_one",
]
