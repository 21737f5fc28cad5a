"""The billing service: bills, payments, refunds and the ledger under them."""
