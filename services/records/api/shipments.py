"""Copies on their way: parcels, the courier's notices, and the window."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from flask import Response, current_app, request

from services.records import queries, usecases
from services.records.api.blueprint import blueprint
from services.records.api.seals import document_sealer
from services.records.schemas import shipments as schemas
from services.records.schemas.copies import NothingBody
from shared.operations import read, run

_OFFICER = ("records_officer",)
_ONE = "/copy-requests/<uuid:request_id>"

shipments = usecases.shipments


@blueprint.query(
    f"{_ONE}/tracking",
    schemas.TrackingSchema,
    allow=("patient", "companion", *_OFFICER),
    patients=lambda result: [result["patient_id"]],
    purpose="copies",
)
def track_copies(request_id: UUID) -> Any:
    """Where the copies of a request are."""
    found = read(queries.track_copies, request_id=request_id)
    code = shipments.pickup_code(document_sealer(), request_id) if found["may_have_code"] else None
    return {**found, "pickup_code": code}


@blueprint.command(f"{_ONE}/shipments", schemas.ShipmentStandsSchema, allow=_OFFICER, body=NothingBody, status=201)
def start_shipment(request_id: UUID) -> Response:
    """The copies are packed: ask the courier for a label."""
    return run(shipments.start_shipment, request_id=request_id)


@blueprint.command(f"{_ONE}/shipments/cancellation", schemas.ShipmentStandsSchema, allow=_OFFICER, body=NothingBody)
def cancel_shipment(request_id: UUID) -> Response:
    """Take the label back before the courier has the parcel."""
    return run(shipments.cancel_shipment, request_id=request_id)


@blueprint.command(
    f"{_ONE}/second-postage", schemas.ShipmentStandsSchema, allow=("patient",), body=NothingBody, status=201
)
def repeat_postage(request_id: UUID) -> Response:
    """A parcel that came back is sent once more; its postage is billed."""
    return run(shipments.repeat_postage, request_id=request_id)


@blueprint.command("/copy-pickups", schemas.PickupSchema, allow=_OFFICER, body=schemas.PickupBody)
def find_pickup(**body: Any) -> Response:
    """The copies that wait under a code which a person brings to the window."""
    return run(partial(shipments.find_pickup, sealer=document_sealer()), **body)


@blueprint.command(f"{_ONE}/hand-out", schemas.PickupSchema, allow=_OFFICER, body=schemas.HandOutBody)
def hand_out_copies(request_id: UUID, **body: Any) -> Response:
    """Hand the copies over to whoever brings the code and has shown a document."""
    return run(partial(shipments.hand_out_copies, sealer=document_sealer()), request_id=request_id, **body)


@blueprint.command("/callbacks/courier", schemas.CourierAnswerSchema, allow=("public",))
def accept_courier_notice() -> Any:
    """The courier tells what has happened to a parcel; signed by the courier over the body as it is."""
    courier = current_app.extensions["anxin.outside"].courier
    now = current_app.extensions["anxin.door"].clock()
    shipment_id, answer = courier.read_notice(request.headers, request.get_data(), now)
    return run(shipments.take_courier_notice, shipment_id=shipment_id, answer=answer)
