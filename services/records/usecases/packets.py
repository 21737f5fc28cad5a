"""Beginning the packet of a request that was approved; `packet_making` goes on with it."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from services.records.domain.copies import CopyRequest
from services.records.domain.packet import PACKET_JOB, Packet, new_code
from shared import jobs
from shared.actor import Actor
from shared.database import UnitOfWork


def start_packet(uow: UnitOfWork, request: CopyRequest, *, actor: Actor, now: datetime) -> None:
    """Begin to make the packet of an approved, locked request whose record is closed."""
    packet = Packet(
        id=uuid4(),
        request_id=request.id,
        encounter_id=request.encounter_id,
        patient_id=request.patient_id,
        code=new_code(),
        started_at=now,
    )
    uow.session.add(packet)
    uow.session.flush()
    jobs.start(uow, PACKET_JOB, key=str(packet.id), arguments={"packet_id": str(packet.id)}, now=now)
    del actor
