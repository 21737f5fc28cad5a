"""Receipts: reading, correcting, and checking whether one is real."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from flask import current_app

from services.billing import queries, usecases
from services.billing.api.blueprint import blueprint
from services.billing.domain.receipt import Seal
from services.billing.providers import SEAL
from services.billing.schemas.receipts import (
    CorrectionSchema,
    IssuedSchema,
    ReceiptCheckSchema,
    ReceiptSchema,
    ReceiptsSchema,
)
from shared.operations import read, run

READERS = ("patient", "nurse", "front_desk", "cashier", "finance", "auditor")


def _owner(row: dict[str, Any]) -> list[UUID]:
    return [row["patient_id"]]


def _owners(page: dict[str, Any]) -> list[UUID]:
    return [row["patient_id"] for row in page["items"]]


@blueprint.query(
    "/stays/<uuid:encounter_id>/receipts", ReceiptsSchema, allow=READERS, patients=_owners, purpose="billing"
)
def list_receipts(encounter_id: UUID) -> Any:
    """The receipts of a stay, the newest first."""
    return read(queries.receipts_of, encounter_id=encounter_id)


@blueprint.query("/receipts/<uuid:receipt_id>", ReceiptSchema, allow=READERS, patients=_owner, purpose="billing")
def show_receipt(receipt_id: UUID) -> Any:
    """One receipt with everything on it."""
    return read(queries.receipt, receipt_id=receipt_id)


@blueprint.command(
    "/receipts/<uuid:receipt_id>/correction", IssuedSchema, allow=("cashier", "finance"), body=CorrectionSchema
)
def correct_receipt(receipt_id: UUID, **body: Any) -> Any:
    """Take a receipt back by a red one; a new one may follow."""
    seal: Seal = current_app.extensions["anxin.outside"][SEAL]
    return run(partial(usecases.correct_receipt, seal=seal), receipt_id=receipt_id, **body)


@blueprint.query("/receipt-checks/<string:code>", ReceiptCheckSchema, allow=("public",))
def check_receipt(code: str) -> Any:
    """Whether a receipt with this code, number and check code is real."""
    return read(queries.check_receipt, code=code)
