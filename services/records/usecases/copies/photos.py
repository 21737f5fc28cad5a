"""Photos of documents: kept sealed, looked at with a trace, and forgotten in time."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from services.records import store
from services.records.domain.copies import CopyRequest, CopyState
from services.records.domain.copy_papers import (
    MOST_LIVE_BYTES,
    MOST_PHOTOS,
    Paper,
    PaperEnd,
    check_asked_for,
)
from services.records.domain.copy_refusals import PaperNotViewable, PhotoLimitReached, PhotoStoreFull
from services.records.store import copies
from services.records.usecases.copies.access import acts_for, lock_own
from shared.actor import Actor
from shared.database import UnitOfWork
from shared.errors import NotFound, NotYours
from shared.sealing import Sealer

REVIEWER = "records_officer"
UNDER_REVIEW = frozenset({CopyState.IN_REVIEW, CopyState.CORRECTION_ASKED})


def keep_copy_paper(
    uow: UnitOfWork,
    *,
    actor: Actor,
    now: datetime,
    sealer: Sealer,
    content: bytes,
    width: int,
    height: int,
    request_id: UUID,
    kind: str,
    digest: str,
) -> Paper:
    """Keep a photo that `shared.photos` has made anew; an older one of the same document is forgotten at once.

    `digest` is of the file as it was sent: the same file again under the same key has one effect. Raises NotFound,
    NotYours, CopyRequestMovedOn, CopyPaperUnknown, PhotoLimitReached, PhotoStoreFull.
    """
    request = lock_own(uow, request_id, actor=actor, operation="records.keep_copy_paper", now=now)
    request.check_editable()
    wanted = check_asked_for(request.applicant, kind)
    if copies.photos_sent(uow, request.id) >= MOST_PHOTOS:
        raise PhotoLimitReached
    if copies.live_bytes(uow) + len(content) > MOST_LIVE_BYTES:
        raise PhotoStoreFull
    before = copies.live_papers(uow, request.id).get(wanted)
    if before is not None:
        before.delete(PaperEnd.REPLACED, now)
        uow.session.flush()
    id_ = uuid4()
    made = sealer.seal_content(content, str(id_))
    paper = Paper(
        id=id_,
        request_id=request.id,
        kind=wanted,
        fingerprint=sealer.fingerprint(digest, "photo"),
        width=width,
        height=height,
        size=len(content),
        key_sealed=made.key_sealed,
        sealed=made.sealed,
        uploaded_by=actor.subject,
        uploaded_at=now,
    )
    uow.session.add(paper)
    request.changed_at = now
    uow.session.flush()
    return paper


def look_at_copy_paper(
    uow: UnitOfWork, *, actor: Actor, now: datetime, request_id: UUID, paper_id: UUID
) -> tuple[CopyRequest, Paper]:
    """Write down that somebody is about to see a photo, before they see it.

    An officer while the request is being reviewed, and the account that sent it while it may still change it. Raises
    NotFound, NotYours, PaperNotViewable.
    """
    request = uow.session.get(CopyRequest, request_id)
    paper = uow.session.get(Paper, paper_id)
    if request is None or paper is None or paper.request_id != request.id:
        raise NotFound
    if not actor.has(REVIEWER):
        if request.started_by != actor.subject or not acts_for(uow, actor, request.patient_id):
            raise NotYours(request.patient_id)
        if not request.is_editable:
            raise PaperNotViewable
    elif request.state not in UNDER_REVIEW:
        raise PaperNotViewable
    if paper.deleted_at is not None:
        raise PaperNotViewable
    copies.add_view(uow, paper, request.patient_id, actor=actor, now=now)
    store.log_access(uow, actor, request.patient_id, "records.view_copy_paper", now)
    return request, paper


def forget_photos(uow: UnitOfWork, request: CopyRequest, because: PaperEnd, now: datetime) -> None:
    """Forget all photos of a locked request, with their keys; its address and mandate stay as long as it does."""
    for paper in copies.live_papers(uow, request.id).values():
        paper.delete(because, now)
    request.photos_until = None
    uow.session.flush()
