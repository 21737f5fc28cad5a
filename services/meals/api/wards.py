"""The patients that meals knows, and who lies where."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from services.meals import queries
from services.meals.api.blueprint import blueprint
from services.meals.schemas import wards as schemas
from shared.operations import read


@blueprint.query(
    "/patients/<uuid:patient_id>",
    schemas.PatientSchema,
    allow=queries.STAFF,
    patients=lambda result: [result["id"]],
)
def get_patient(patient_id: UUID) -> Any:
    """A patient, by any record they ever had."""
    return read(queries.get_patient, patient_id=patient_id)


@blueprint.query(
    "/inpatients",
    schemas.InpatientsSchema,
    allow=queries.STAFF,
    args=schemas.InpatientsQuerySchema,
    patients=lambda result: [each["patient_id"] for each in result["items"]],
)
def list_inpatients(**arguments: Any) -> Any:
    """Who lies in a ward."""
    return read(queries.list_inpatients, **arguments)
