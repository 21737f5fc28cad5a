"""Packets and parcels in short: made by the job, seen in the database."""

from __future__ import annotations

import hashlib
import io
from typing import Any

import sqlalchemy as sa
from pypdf import PdfReader

from services.records.domain.copies import CopyRequest
from services.records.domain.packet import PACKET_JOB, Made, Packet
from services.records.providers import Outside, Press, SyntheticDocuments
from services.records.store import packets
from services.records.timers import JOBS
from shared import jobs
from shared.clock import Clock
from shared.database import Database
from shared.door import Door
from shared.jobs import Runner
from shared.sealing import SealedContent
from tests.records.people import SEALER

SITE = "http://127.0.0.1:8080"


def press() -> Press:
    """The press of the demo hospital."""
    return Press(SyntheticDocuments(), SEALER, SITE)


def runner(database: Database, clock: Clock, **outside: Any) -> Runner:
    """A worker's thread for the jobs of records."""
    return Runner(JOBS, database, clock, Outside(**({"press": press(), "courier": None} | outside)))


class QuickPress:
    """Two pages for every document, without drawing any, where only what is written down matters."""

    def make(self, step: Any) -> Made | None:
        """A step, at once."""
        if step is None:
            return None
        content = SEALER.seal_content(step.about.encode(), step.about)
        return Made(pages=2, size=9, fingerprint=hashlib.sha256(step.about.encode()).hexdigest(), content=content)


def make_packet(door: Door, **outside: Any) -> int:
    """Every job runs until nothing is left to do; gives the steps it took."""
    working, steps = runner(door.database, door.clock, **outside), 0
    while working.step():
        steps += 1
    return steps


def packet_of(door: Door, request: CopyRequest) -> Packet:
    """The packet as it is in the database."""
    with door.database.read() as uow:
        packet = uow.session.scalars(sa.select(Packet).where(packets.packets.c.request_id == request.id)).one()
        uow.session.expunge_all()
        return packet


def job_of(door: Door, packet: Packet) -> dict[str, Any]:
    """How far the packet's job is."""
    with door.database.read() as uow:
        state = jobs.progress_of(uow, jobs.job_id(PACKET_JOB, str(packet.id)))
    assert state is not None
    return state


def content_of(packet: Packet) -> bytes:
    """The PDF itself."""
    assert packet.sealed is not None
    assert packet.key_sealed is not None
    return SEALER.open_content(SealedContent(packet.key_sealed, packet.sealed), str(packet.id))


def pages_of(document: bytes) -> list[str]:
    """The text of each page."""
    return [page.extract_text() for page in PdfReader(io.BytesIO(document)).pages]


def rows(door: Door, table: sa.Table, *order: Any) -> list[dict[str, Any]]:
    """A whole table."""
    with door.database.read() as uow:
        return [dict(row) for row in uow.session.execute(sa.select(table).order_by(*order)).mappings()]


def disclosed(door: Door) -> list[dict[str, Any]]:
    """The registry of disclosures, in order."""
    return rows(door, packets.disclosures, packets.disclosures.c.position)
