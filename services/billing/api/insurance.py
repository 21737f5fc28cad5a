"""How a stay's patient is insured, and what the insurer says."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from services.billing import queries, usecases
from services.billing.api.blueprint import blueprint
from services.billing.schemas.insurance import ClaimsSchema, CoverageRequestSchema, CoverageSchema
from shared.operations import read, run

DESK = ("front_desk", "cashier", "nurse")
READERS = (*DESK, "finance", "auditor", "patient")


def _owner(row: dict[str, Any]) -> list[UUID]:
    return [row["patient_id"]]


def _owners(page: dict[str, Any]) -> list[UUID]:
    return [row["patient_id"] for row in page["items"]]


@blueprint.command("/stays/<uuid:encounter_id>/coverage", CoverageSchema, allow=DESK, body=CoverageRequestSchema)
def record_coverage(encounter_id: UUID, **body: Any) -> Any:
    """Enter how the patient of a stay is insured; the insurer is asked about the number."""
    return run(usecases.record_coverage, encounter_id=encounter_id, **body)


@blueprint.query(
    "/stays/<uuid:encounter_id>/coverage", CoverageSchema, allow=READERS, patients=_owner, purpose="billing"
)
def show_coverage(encounter_id: UUID) -> Any:
    """How the patient of a stay is insured."""
    return read(queries.coverage_of, encounter_id=encounter_id)


@blueprint.query("/stays/<uuid:encounter_id>/claims", ClaimsSchema, allow=READERS, patients=_owners, purpose="billing")
def list_claims(encounter_id: UUID) -> Any:
    """What the insurer was asked to pay of a stay, and what it said."""
    return read(queries.claims_of, encounter_id=encounter_id)
