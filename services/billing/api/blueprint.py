"""The blueprint on which every module of this folder declares its operations."""

from __future__ import annotations

from shared.operations import Blueprint

blueprint = Blueprint("billing", "Bills, payments, refunds and the ledger")
