"""The HTTP door of records."""

from __future__ import annotations

import json
from functools import partial
from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Response, current_app

from services.records import queries, schemas, usecases
from shared.operations import Blueprint, read, run
from shared.sealing import Sealer
from shared.settings import Settings

blueprint = Blueprint("records", "Patients: who they are, who looked at them, and in which bed they lie.")

_MOVES = ("nurse", "front_desk")
_SEES_WARDS = ("nurse", "doctor", "front_desk", "records_officer")
_SEES = ("patient", "companion", *queries.STAFF)


def _sealer() -> Sealer:
    settings: Settings = current_app.extensions["anxin.settings"]
    return Sealer(settings.secrets["document_key"])


@blueprint.command(
    "/patients", schemas.PatientSchema, allow=("patient", "front_desk"), body=schemas.RegistrationBody, status=201
)
def register_patient(**body: Any) -> Response:
    """Register a person under their real name."""
    return run(partial(usecases.register_patient, sealer=_sealer()), **body)


@blueprint.query(
    "/patients",
    schemas.PatientListSchema,
    allow=("front_desk", "records_officer"),
    args=schemas.SearchArguments,
    patients=lambda result: [each["id"] for each in result["items"]],
    purpose="search",
)
def search_patients(**arguments: Any) -> Any:
    """Find patients by MRN, document number or name."""
    return read(partial(queries.search_patients, sealer=_sealer()), **arguments)


@blueprint.query(
    "/patients/<uuid:patient_id>",
    schemas.PatientDetailSchema,
    allow=_SEES,
    patients=lambda result: [result["id"]],
)
def get_patient(patient_id: UUID) -> Any:
    """One patient."""
    return read(queries.get_patient, patient_id=patient_id)


@blueprint.command(
    "/patients/<uuid:patient_id>/verification",
    schemas.PatientSchema,
    allow=("front_desk",),
    body=schemas.VerificationBody,
)
def verify_patient(patient_id: UUID, **body: Any) -> Response:
    """Write down the document that lies on the desk."""
    return run(partial(usecases.verify_patient, sealer=_sealer()), patient_id=patient_id, **body)


@blueprint.command(
    "/patients/<uuid:patient_id>/merger",
    schemas.PatientSchema,
    allow=("front_desk", "records_officer"),
    body=schemas.MergerBody,
)
def merge_patients(patient_id: UUID, **body: Any) -> Response:
    """End a record in another one of the same person."""
    return run(usecases.merge_patients, patient_id=patient_id, **body)


@blueprint.command("/patients/<uuid:patient_id>/link-codes", schemas.LinkCodeSchema, allow=("front_desk",), status=201)
def issue_link_code(patient_id: UUID) -> Response:
    """Hand out a code with which an account may link the patient. The stored answer does not hold the code."""
    response = run(partial(usecases.issue_link_code, sealer=_sealer()), patient_id=patient_id)
    if response.status_code == HTTPStatus.CREATED:
        answer = response.get_json()
        answer["code"] = usecases.code_of(_sealer(), UUID(answer["id"]))
        response.set_data(json.dumps(answer))
    return response


@blueprint.command("/link-codes/redemption", schemas.PatientSchema, allow=("patient",), body=schemas.RedemptionBody)
def redeem_link_code(**body: Any) -> Response:
    """Bring a code from the front desk; the answer is the patient it stands for."""
    return run(partial(usecases.redeem_link_code, sealer=_sealer()), **body)


@blueprint.query(
    "/patients/<uuid:patient_id>/accesses",
    schemas.AccessListSchema,
    allow=("patient", "companion", *queries.AUDIT),
    args=schemas.AccessArguments,
    patients=lambda result: [result["patient_id"]],
    purpose="access log",
)
def list_accesses(patient_id: UUID, **arguments: Any) -> Any:
    """Who has looked at this patient's data."""
    return read(queries.list_accesses, patient_id=patient_id, **arguments)


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


@blueprint.query("/wards", schemas.WardListSchema, allow=_SEES_WARDS, args=schemas.WardArguments)
def list_wards(**arguments: Any) -> Any:
    """Wards, and how many of their beds are taken."""
    return read(queries.list_wards, **arguments)


@blueprint.query("/wards/<uuid:ward_id>/beds", schemas.BedListSchema, allow=_SEES_WARDS, patients=queries.seen_in_ward)
def list_beds(ward_id: UUID) -> Any:
    """Who lies where in a ward."""
    return read(queries.list_beds, ward_id=ward_id)
