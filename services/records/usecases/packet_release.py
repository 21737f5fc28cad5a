"""What happens to a packet that is made: printed, forgotten; and to one whose making failed."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from services.records import store
from services.records.domain.copies import CopyState
from services.records.domain.packet import PACKET_JOB, Packet, PacketNotReady
from services.records.store import packets
from services.records.usecases.copies.access import lock_request
from services.records.usecases.disclosures import Disclosed, disclose
from shared import jobs
from shared.actor import Actor
from shared.database import UnitOfWork
from shared.errors import NotFound

KEPT_AFTER_END = timedelta(days=30)
"""How long a packet is kept after its request has ended; then only its fingerprint stays."""
PRINTABLE = frozenset({CopyState.READY, CopyState.SENT, CopyState.RETURNED})
_NEVER_RELEASED = frozenset({CopyState.REFUSED, CopyState.WITHDRAWN, CopyState.EXPIRED})


def print_packet(uow: UnitOfWork, *, actor: Actor, now: datetime, request_id: UUID) -> Packet:
    """The packet for an officer who prints it; each print is written down, where the patient can read it.

    Raises NotFound, PacketNotReady (not made, not paid in full, or forgotten).
    """
    request = lock_request(uow, request_id)
    packet = packets.lock_packet_of(uow, request_id)
    store.log_access(uow, actor, request.patient_id, "records.print_packet", now)
    if request.state not in PRINTABLE or packet is None or packet.sealed is None:
        raise PacketNotReady(state=request.state)
    disclose(uow, request, Disclosed.PRINTED, by=actor.subject, now=now)
    return packet


def retry_packet(uow: UnitOfWork, *, actor: Actor, now: datetime, request_id: UUID) -> Packet:
    """A job that failed goes on where it was. Raises NotFound, NoFailedJob."""
    packet = packets.lock_packet_of(uow, request_id)
    if packet is None:
        raise NotFound
    store.log_access(uow, actor, packet.patient_id, "records.retry_packet", now)
    jobs.send_again(uow, id_=jobs.job_id(PACKET_JOB, str(packet.id)), now=now)
    return packet


def forget_packets(uow: UnitOfWork, *, now: datetime, limit: int) -> int:
    """Timer: packets are forgotten 30 days after their request has ended; at once when nothing came of it."""
    due = packets.packets_to_forget(uow, ended_before=now - KEPT_AFTER_END, at_once=_NEVER_RELEASED, limit=limit)
    for packet in due:
        packet.forget(now)
    return len(due)
