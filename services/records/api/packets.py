"""Packets: how far they are, printed, checked by anybody; and what left the hospital."""

from __future__ import annotations

from base64 import b64encode
from typing import Any
from uuid import UUID

from flask import Response, current_app, g

from services.records import queries, usecases
from services.records.api.blueprint import blueprint
from services.records.api.seals import document_sealer
from services.records.schemas import packets as schemas
from services.records.schemas.copies import NothingBody
from shared.door import Door
from shared.operations import read, run
from shared.sealing import SealedContent

_OFFICER = ("records_officer",)
_ONE = "/copy-requests/<uuid:request_id>/packet"


@blueprint.query(
    _ONE,
    schemas.PacketSchema,
    allow=("patient", "companion", *_OFFICER),
    patients=lambda result: [result["patient_id"]],
    purpose="copies",
)
def get_packet(request_id: UUID) -> Any:
    """How far the packet of a request is."""
    return read(queries.get_packet, request_id=request_id)


@blueprint.query(f"{_ONE}/print", schemas.PacketPrintSchema, allow=_OFFICER)
def print_packet(request_id: UUID) -> Any:
    """The packet as PDF, to be printed. Each print is written down before, where the patient reads it."""
    door: Door = current_app.extensions["anxin.door"]
    with door.database.write() as uow:
        packet = usecases.packet_release.print_packet(uow, actor=g.actor, now=door.clock(), request_id=request_id)
        kept = SealedContent(key_sealed=packet.key_sealed or b"", sealed=packet.sealed or b"")
        about = str(packet.id)
    document = document_sealer().open_content(kept, about)
    return {"media_type": "application/pdf", "content": b64encode(document).decode()}


@blueprint.command(f"{_ONE}/another-try", schemas.PacketStandsSchema, allow=_OFFICER, body=NothingBody)
def retry_packet(request_id: UUID) -> Response:
    """A packet that could not be made goes on where it was."""
    return run(usecases.packet_release.retry_packet, request_id=request_id)


@blueprint.query("/packets/<string:code>/check", schemas.PacketCheckSchema, allow=("public",))
def check_packet(code: str) -> Any:
    """Whether a packet with this code is ours, and what can be compared: no name in full, nothing of the content."""
    return read(queries.check_packet, code=code)


@blueprint.query(
    "/patients/<uuid:patient_id>/disclosures",
    schemas.DisclosureListSchema,
    allow=("patient", "companion", *queries.AUDIT),
    patients=lambda result: [result["patient_id"]],
    purpose="access log",
)
def list_disclosures(patient_id: UUID) -> Any:
    """What of a person's record left the hospital, to whom and why."""
    return read(queries.list_disclosures, patient_id=patient_id)
