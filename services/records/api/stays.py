"""Stays: who lies in which bed, and how they came there."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response

from services.records import queries, usecases
from services.records.api.blueprint import blueprint
from services.records.schemas import stays as schemas
from shared.operations import read, run

_MOVES = ("nurse", "front_desk")
_SEES_WARDS = ("nurse", "doctor", "dietitian", "front_desk", "records_officer")
_SEES = ("patient", "companion", *queries.STAFF)


@blueprint.command("/encounters", schemas.EncounterSchema, allow=_MOVES, body=schemas.AdmissionBody, status=201)
def admit_patient(**body: Any) -> Response:
    """Lay a patient in a bed."""
    return run(usecases.admit_patient, **body)


@blueprint.command(
    "/encounters/<uuid:encounter_id>/transfer", schemas.EncounterSchema, allow=_MOVES, body=schemas.TransferBody
)
def transfer_patient(encounter_id: UUID, **body: Any) -> Response:
    """Move a patient to another bed."""
    return run(usecases.transfer_patient, encounter_id=encounter_id, **body)


@blueprint.command(
    "/encounters/<uuid:encounter_id>/discharge", schemas.EncounterSchema, allow=_MOVES, body=schemas.DischargeBody
)
def discharge_patient(encounter_id: UUID, **body: Any) -> Response:
    """End a stay."""
    return run(usecases.discharge_patient, encounter_id=encounter_id, **body)


@blueprint.command(
    "/encounters/<uuid:encounter_id>/cancellation",
    schemas.EncounterSchema,
    allow=_MOVES,
    body=schemas.CancellationBody,
)
def cancel_last_step(encounter_id: UUID, **body: Any) -> Response:
    """Take back the last thing that happened in a stay: the admission, a transfer or the discharge."""
    return run(usecases.cancel_last_step, encounter_id=encounter_id, **body)


@blueprint.query(
    "/encounters",
    schemas.EncounterListSchema,
    allow=_SEES,
    args=schemas.EncounterArguments,
    patients=lambda result: [result["patient_id"]],
)
def list_encounters(**arguments: Any) -> Any:
    """The stays and visits of a patient."""
    return read(queries.list_encounters, **arguments)


@blueprint.query(
    "/encounters/<uuid:encounter_id>",
    schemas.EncounterDetailSchema,
    allow=_SEES,
    patients=lambda result: [result["patient_id"]],
)
def get_encounter(encounter_id: UUID) -> Any:
    """One stay, and who lies there."""
    return read(queries.get_encounter, encounter_id=encounter_id)


@blueprint.query("/wards", schemas.WardListSchema, allow=_SEES_WARDS, args=schemas.WardArguments)
def list_wards(**arguments: Any) -> Any:
    """Wards, and how many of their beds are taken."""
    return read(queries.list_wards, **arguments)


@blueprint.query("/wards/<uuid:ward_id>/beds", schemas.BedListSchema, allow=_SEES_WARDS, patients=queries.seen_in_ward)
def list_beds(ward_id: UUID) -> Any:
    """Who lies where in a ward."""
    return read(queries.list_beds, ward_id=ward_id)
