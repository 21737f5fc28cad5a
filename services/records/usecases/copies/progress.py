"""What happens to the copies themselves: counted, sent, delivered, come back, picked up. Called inside records only."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from services.records.domain.addresses import PostalAddress
from services.records.domain.copies import Act, CopyRequest, Said
from services.records.domain.copy_refusals import CopyDeliveryNeeded
from services.records.events import CopyRequestMeasured
from services.records.usecases.copies.access import lock_request, tell
from services.records.usecases.copies.submitting import close_photos
from shared.actor import Actor
from shared.database import UnitOfWork
from shared.sealing import Sealer


def packet_measured(uow: UnitOfWork, request_id: UUID, *, pages: int, actor: Actor, now: datetime) -> CopyRequest:
    """The packet is made: `pages` of one copy. The final price is told to billing, which gives back or bills the rest.

    final = pages x copies x price of a page + postage, at the prices of the day on which the request was sent. Copies
    that are paid for are ready; otherwise they wait for the rest. Raises NotFound, CopyRequestMovedOn.
    """
    request = lock_request(uow, request_id)
    final = pages * request.copies * (request.page_fen or 0) + (request.postage_fen or 0)
    prepaid = request.amount_fen or 0
    act = Act.MEASURE_COVERED if final <= prepaid else Act.MEASURE_SHORT
    step = request.move(act, by=actor.subject, now=now, said=Said(amount_fen=final))
    request.pages, request.final_fen = pages, final
    tell(uow, request, step, actor=actor, now=now)
    uow.publish(
        CopyRequestMeasured(
            request_id=request.id,
            patient_id=request.applicant_id or request.patient_id,
            final_fen=final,
            text_zh=f"病历复印，{pages} 页 × {request.copies} 份",
            text_en=f"Copies of a record: {pages} pages x {request.copies}",
        ),
        actor=actor,
        now=now,
    )
    return request


def sent(uow: UnitOfWork, request_id: UUID, *, actor: Actor, now: datetime) -> CopyRequest:
    """The parcel is with the carrier, also a second time after it came back. Raises NotFound, CopyRequestMovedOn."""
    return _moved(uow, request_id, Act.SEND, actor, now)


def delivered(uow: UnitOfWork, request_id: UUID, *, actor: Actor, now: datetime) -> CopyRequest:
    """The receiver has it. Raises NotFound, CopyRequestMovedOn."""
    return _moved(uow, request_id, Act.DELIVER, actor, now)


def returned(uow: UnitOfWork, request_id: UUID, *, actor: Actor, now: datetime) -> CopyRequest:
    """The parcel came back to the records office. Raises NotFound, CopyRequestMovedOn."""
    return _moved(uow, request_id, Act.RETURN, actor, now)


def picked_up(uow: UnitOfWork, request_id: UUID, *, actor: Actor, now: datetime) -> CopyRequest:
    """Handed over at the window. Raises NotFound, CopyRequestMovedOn."""
    return _moved(uow, request_id, Act.PICK_UP, actor, now)


def _moved(uow: UnitOfWork, request_id: UUID, act: Act, actor: Actor, now: datetime) -> CopyRequest:
    request = lock_request(uow, request_id)
    step = request.move(act, by=actor.subject, now=now)
    close_photos(uow, request, now)
    tell(uow, request, step, actor=actor, now=now)
    return request


def address_of(request: CopyRequest, sealer: Sealer) -> PostalAddress:
    """Where a request is posted to, for the label. Raises CopyDeliveryNeeded when it is picked up."""
    if request.sealed is None:
        raise CopyDeliveryNeeded
    return PostalAddress.from_text(sealer.open(request.sealed))
