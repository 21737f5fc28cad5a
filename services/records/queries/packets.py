"""Packets as officers, patients and third parties see them, and the registry of disclosures."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from services.records.domain.hospital import HOSPITAL_EN, HOSPITAL_ZH
from services.records.domain.packet import PACKET_JOB, PacketNotOurs, mask_name, read_code
from services.records.queries.copies import OFFICERS
from services.records.queries.patients import AUDIT, check_may_see
from services.records.store import absorbed_ids, patients
from services.records.store.copies import copy_requests
from services.records.store.packets import disclosures, packets
from shared import jobs
from shared.actor import Actor
from shared.clock import hospital_day
from shared.database import UnitOfWork
from shared.errors import NotFound

Row = dict[str, Any]
MOST_DISCLOSURES = 200


def get_packet(uow: UnitOfWork, *, actor: Actor, now: datetime, request_id: UUID) -> Row:
    """How far the packet of a request is: `state` is making, failed, made or forgotten; steps done of total.

    For who applies, for the patient, and for officers, who are also told why it failed. Raises NotFound, NotYours.
    """
    query = sa.select(
        *(packets.c[each] for each in ("id", "patient_id", "pages", "size", "fingerprint", "code", "started_at")),
        *(packets.c[each] for each in ("made_at", "forgotten_at")),
        copy_requests.c.started_by,
    ).join(copy_requests, copy_requests.c.id == packets.c.request_id)
    row = uow.session.execute(query.where(packets.c.request_id == request_id)).mappings().one_or_none()
    if row is None:
        raise NotFound
    if row["started_by"] != actor.subject:
        check_may_see(uow, actor, row["patient_id"], OFFICERS)
    job = jobs.progress_of(uow, jobs.job_id(PACKET_JOB, str(row["id"]))) or {}
    officer = actor.has(*OFFICERS)
    return {
        **row,
        "request_id": request_id,
        "state": _state(row, job),
        "done": job.get("done", 0),
        "total": job.get("total"),
        "error": job.get("error") if officer else None,
        "code": row["code"] if officer else None,
    }


def _state(row: Any, job: Row) -> str:
    if row["forgotten_at"] is not None:
        return "forgotten"
    if row["made_at"] is not None:
        return "made"
    return "failed" if job.get("state") in {"failed", "set_aside"} else "making"


def check_packet(uow: UnitOfWork, *, actor: Actor, now: datetime, code: str) -> Row:
    """What anybody is told who brings a packet's code: hospital, day, pages, fingerprint, a masked name. Nothing else.

    Raises PacketNotOurs, also while the packet is being made.
    """
    query = (
        sa.select(packets.c.started_at, packets.c.pages, packets.c.size, packets.c.fingerprint, patients.c.name)
        .join(patients, patients.c.id == packets.c.patient_id)
        .where(packets.c.code == read_code(code), packets.c.made_at.is_not(None))
    )
    row = uow.session.execute(query).one_or_none()
    if row is None:
        raise PacketNotOurs
    return {
        "hospital": {"zh": HOSPITAL_ZH, "en": HOSPITAL_EN},
        "made_on": hospital_day(row.started_at),
        "pages": row.pages,
        "size": row.size,
        "fingerprint": row.fingerprint,
        "name_masked": mask_name(row.name),
    }


def list_disclosures(uow: UnitOfWork, *, actor: Actor, now: datetime, patient_id: UUID) -> Row:
    """What of a person's record left the hospital, newest first. For the patient, and for those who audit.

    Raises NotFound, NotYours (which looks the same).
    """
    if uow.session.scalar(sa.select(patients.c.id).where(patients.c.id == patient_id)) is None:
        raise NotFound
    check_may_see(uow, actor, patient_id, AUDIT)
    own = [patient_id, *absorbed_ids(uow, patient_id)]
    query = (
        sa.select(disclosures, copy_requests.c.number.label("request_number"))
        .join(copy_requests, copy_requests.c.id == disclosures.c.request_id)
        .where(disclosures.c.patient_id.in_(own))
        .order_by(disclosures.c.position.desc())
        .limit(MOST_DISCLOSURES)
    )
    rows = uow.session.execute(query).mappings()
    return {"patient_id": patient_id, "items": [{**row, "by": row["by"].partition(":")[0]} for row in rows]}
