"""The job that makes a packet: documents fetched, numbered and stamped, put under the cover.

With n documents it takes n steps to fetch them, n to number and stamp them, and one to put them under the cover. What a
step needs is read first, what takes long is made with no transaction open (`providers.press`), and what was made is
written down together with the progress (`shared.jobs`).
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from services.records.domain.copies import CopyRequest, CopyState
from services.records.domain.copy_papers import ApplicantKind
from services.records.domain.copy_parts import parts_of, purpose_of, stay_kind
from services.records.domain.packet import AssembleStep, CoverFacts, FetchStep, Made, Packet, PacketStep, StampStep
from services.records.domain.record_documents import RecordDocument, StayOnPaper, documents_of
from services.records.store import packets
from services.records.usecases.copies.progress import packet_measured
from shared.actor import Actor
from shared.clock import hospital_day
from shared.database import UnitOfWork
from shared.jobs import Progress, Running
from shared.sealing import SealedContent

_CLOCK = Actor.system("records")


def next_step(uow: UnitOfWork, *, job: Running) -> PacketStep | None:
    """What the press does next; None when the request has moved on meanwhile (the patient has objected)."""
    packet, request = _of(uow, job)
    if request.state != CopyState.APPROVED:
        return None
    stay, documents = _documents(uow, request)
    if job.done < len(documents):
        return FetchStep(about=_about(packet, job.done), stay=stay, document=documents[job.done])
    sheet = packets.packet_sheets.c
    if job.done < 2 * len(documents):
        position = job.done - len(documents)
        pages = [row.pages for row in packets.sheets_of(uow, packet.id, sheet.pages)]
        content = packets.content_of(uow, packet.id, position)
        return StampStep(
            about=_about(packet, position),
            content=content,
            before=sum(pages[:position]),
            total=sum(pages),
            made_on=hospital_day(packet.started_at),
        )
    rows = packets.sheets_of(uow, packet.id, sheet.position, sheet.key_sealed, sheet.sealed)
    contents = [(_about(packet, row.position), SealedContent(row.key_sealed, row.sealed)) for row in rows]
    return AssembleStep(about=str(packet.id), cover=_cover(uow, packet, request, stay), sheets=contents)


def keep_step(uow: UnitOfWork, *, job: Running, made: Made | None, now: datetime) -> Progress:
    """Write down what the press has made; at the end the packet is measured, which settles its price."""
    packet, request = _of(uow, job)
    if made is None:
        packets.drop_sheets(uow, packet.id)
        return Progress(job.done, job.done, {"stopped": request.state})
    documents = _documents(uow, request)[1]
    number = len(documents)
    if job.done < number:
        packets.add_sheet(uow, packet.id, job.done, documents[job.done].title, made)
    elif job.done < 2 * number:
        packets.stamp_sheet(uow, packet.id, job.done - number, made)
    else:
        _finish(uow, packet, request, made, now)
    return Progress(job.done + 1, 2 * number + 1, {"pages": packet.pages})


def _finish(uow: UnitOfWork, packet: Packet, request: CopyRequest, made: Made, now: datetime) -> None:
    pages = sum(row.pages for row in packets.sheets_of(uow, packet.id, packets.packet_sheets.c.pages))
    packet_measured(uow, request.id, pages=pages, actor=_CLOCK, now=now)
    content = made.content
    packet.finish(pages=pages, size=made.size, fingerprint=made.fingerprint, content=content, now=now)
    packets.drop_sheets(uow, packet.id)
    uow.session.flush()


def _of(uow: UnitOfWork, job: Running) -> tuple[Packet, CopyRequest]:
    packet = uow.session.get_one(Packet, UUID(job.arguments["packet_id"]))
    return packet, uow.session.get_one(CopyRequest, packet.request_id)


def _about(packet: Packet, position: int) -> str:
    return f"{packet.id}/{position}"


def _documents(uow: UnitOfWork, request: CopyRequest) -> tuple[StayOnPaper, tuple[RecordDocument, ...]]:
    row = packets.stay_of(uow, request.encounter_id)
    kind = stay_kind(row.code, row.started_at, row.ended_at)
    ended = row.ended_at or request.changed_at
    stay = StayOnPaper(
        encounter_id=request.encounter_id,
        name=row.name or "—",
        mrn=row.mrn,
        sex=row.sex or "",
        birth_on=row.birth_on,
        ward=row.name_zh or "—",
        kind=kind.code,
        started_at=row.started_at or ended,
        ended_at=ended,
    )
    return stay, documents_of(request.encounter_id, kind, parts_of(request.parts))


def _cover(uow: UnitOfWork, packet: Packet, request: CopyRequest, stay: StayOnPaper) -> CoverFacts:
    sheet = packets.packet_sheets.c
    pages: dict[str, int] = {}
    for row in packets.sheets_of(uow, packet.id, sheet.title, sheet.pages):
        pages[row.title] = pages.get(row.title, 0) + row.pages
    agent = packets.name_of(uow, request.applicant_id) if request.applicant_id else None
    by_agent = request.applicant is ApplicantKind.AGENT and agent
    began, ended = hospital_day(stay.started_at), hospital_day(stay.ended_at)
    return CoverFacts(
        request_number=request.number,
        patient_name=stay.name,
        patient_mrn=stay.mrn,
        stay=f"{stay.ward}  {began:%Y-%m-%d} 至 {ended:%Y-%m-%d}",
        applicant=f"{agent}（代理人）" if by_agent else f"{stay.name}（本人）",
        purpose=purpose_of(request.purpose).zh if request.purpose else "—",
        copies=request.copies,
        parts=tuple(pages.items()),
        made_on=hospital_day(packet.started_at),
        check_code=packet.code,
    )
