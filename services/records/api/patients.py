"""Patients: who they are, and who looked at them."""

from __future__ import annotations

import json
from functools import partial
from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Response, current_app

from services.records import queries, usecases
from services.records.api.blueprint import blueprint
from services.records.schemas import patients as schemas
from shared.operations import read, run
from shared.sealing import Sealer
from shared.settings import Settings

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
    allow=("front_desk", "nurse", "records_officer"),
    args=schemas.SearchArguments,
    patients=lambda result: [each["id"] for each in result["items"]],
    purpose="search",
)
def search_patients(**arguments: Any) -> Any:
    """Find patients by MRN, document number or name: at the desk, in the records room, and to lay one in a bed."""
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
