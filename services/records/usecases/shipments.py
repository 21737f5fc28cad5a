"""Copies on their way: the label, what the courier says, the parcel that comes back, and the window.

What the courier is asked is written down first (`asks`, `due_at`) and carried by a timer with no transaction open. Its
notices and its answers say the same, the whole parcel with numbered events, so their order and their number do not
matter.
"""

from __future__ import annotations

import hmac
from datetime import datetime
from uuid import UUID, uuid4

from services.records import store
from services.records.domain.copies import CopyRequest, CopyState, Delivery
from services.records.domain.shipment import (
    Ask,
    CopiesNotReady,
    CourierAnswer,
    Happened,
    Outcome,
    PickupCodeWrong,
    Shipment,
    ShipmentExists,
    ShipmentIntent,
    ShipmentNotCancellable,
    ShipmentNotNow,
    ShipmentState,
)
from services.records.events import CopyPostageDue, CopyPostageWithdrawn
from services.records.store import copies as requests
from services.records.store import packets
from services.records.usecases.copies import progress
from services.records.usecases.copies.access import lock_own, lock_request
from services.records.usecases.disclosures import Disclosed, disclose
from shared.actor import Actor
from shared.clock import hospital_day
from shared.database import UnitOfWork
from shared.errors import NotFound
from shared.sealing import Sealer

_MOST_WAITING = 2000
_CODE_DIGITS = 8
_TELLS = {
    ShipmentState.DELIVERED: Disclosed.DELIVERED,
    ShipmentState.RETURNED: Disclosed.RETURNED,
    ShipmentState.LOST: Disclosed.LOST,
}


# -------------------------------------------------------------------------------------------------------- posting


def start_shipment(uow: UnitOfWork, *, actor: Actor, now: datetime, request_id: UUID) -> Shipment:
    """The copies are packed: the courier is asked for a label.

    For copies that are ready and to be posted; again for nothing when the courier has refused or lost the last parcel;
    one that came back waits for its second postage. Raises NotFound, ShipmentNotNow, ShipmentExists.
    """
    request = lock_request(uow, request_id)
    store.log_access(uow, actor, request.patient_id, "records.start_shipment", now)
    last = packets.lock_newest_shipment(uow, request_id)
    if last is not None and last.is_live:
        raise ShipmentExists(state=last.state)
    lost = last is not None and last.state == ShipmentState.LOST
    if request.delivery != Delivery.POST or not (request.state == CopyState.READY or lost):
        raise ShipmentNotNow(state=request.state)
    return _new(uow, request, last, ShipmentState.ASKED, actor, now)


def repeat_postage(uow: UnitOfWork, *, actor: Actor, now: datetime, request_id: UUID) -> Shipment:
    """The applicant wants a parcel that came back to be sent once more, and pays its postage.

    Raises NotFound, NotYours, ShipmentNotNow, ShipmentExists.
    """
    request = lock_own(uow, request_id, actor=actor, operation="records.repeat_postage", now=now)
    last = packets.lock_newest_shipment(uow, request_id)
    if last is not None and last.is_live:
        raise ShipmentExists(state=last.state)
    if request.state != CopyState.RETURNED:
        raise ShipmentNotNow(state=request.state)
    shipment = _new(uow, request, last, ShipmentState.POSTAGE_DUE, actor, now)
    shipment.postage_fen = requests.terms_on(uow, hospital_day(now)).postage(request.province)
    uow.session.flush()
    uow.publish(
        CopyPostageDue(
            shipment_id=shipment.id,
            request_id=request.id,
            patient_id=request.applicant_id or request.patient_id,
            amount_fen=shipment.postage_fen,
            text_zh="病历复印件再次邮寄",
            text_en="Copies of a record: posted again",
        ),
        actor=actor,
        now=now,
    )
    return shipment


def cancel_shipment(uow: UnitOfWork, *, actor: Actor, now: datetime, request_id: UUID) -> Shipment:
    """Take the label back before the courier has the parcel. Raises NotFound, ShipmentNotCancellable."""
    request = lock_request(uow, request_id)
    store.log_access(uow, actor, request.patient_id, "records.cancel_shipment", now)
    shipment = packets.lock_newest_shipment(uow, request_id)
    if shipment is None:
        raise NotFound
    if shipment.state not in {ShipmentState.ASKED, ShipmentState.LABELLED}:
        raise ShipmentNotCancellable(state=shipment.state)
    shipment.ask(Ask.CANCEL, now)
    return shipment


def _new(
    uow: UnitOfWork, request: CopyRequest, last: Shipment | None, state: ShipmentState, actor: Actor, now: datetime
) -> Shipment:
    shipment = Shipment(
        id=uuid4(),
        request_id=request.id,
        number=last.number + 1 if last else 1,
        state=state,
        created_by=actor.subject,
        created_at=now,
    )
    if state is ShipmentState.ASKED:
        shipment.ask(Ask.LABEL, now)
    uow.session.add(shipment)
    uow.session.flush()
    return shipment


# ----------------------------------------------------------------------------------------------------- the courier


def take_due_shipments(uow: UnitOfWork, *, now: datetime, limit: int) -> list[ShipmentIntent]:
    """Timer: what the courier is asked now; the attempt and the next try are written down before anything is said."""
    intents = []
    for shipment in packets.due_shipments(uow, now, limit):
        shipment.attempt(now)
        request = uow.session.get_one(CopyRequest, shipment.request_id)
        asks = Ask(shipment.asks or Ask.TRACK)
        ask_first = asks is Ask.LABEL and shipment.was_sent
        shipment.was_sent = shipment.was_sent or asks is Ask.LABEL
        intents.append(ShipmentIntent(shipment_id=shipment.id, asks=asks, ask_first=ask_first, address=request.sealed))
    return intents


def conclude_shipment(uow: UnitOfWork, *, intent: ShipmentIntent, answer: CourierAnswer, now: datetime) -> None:
    """Timer: write down what the courier said; of an unclear answer nothing but that it is asked again."""
    shipment = _lock_with_request(uow, intent.shipment_id)
    if shipment is None:
        return
    shipment.problem = answer.problem
    if answer.outcome is Outcome.KNOWN:
        _follow(uow, shipment, answer, Actor.system("records"), now)
    elif answer.outcome is Outcome.REFUSED and intent.asks is Ask.LABEL:
        shipment.refuse(answer.problem or "refused", now)
    elif answer.outcome is Outcome.NOT_FOUND and intent.asks is Ask.CANCEL:
        shipment.call_off(now)
    elif answer.outcome is Outcome.REFUSED and intent.asks is Ask.CANCEL:
        shipment.ask(Ask.TRACK, now)  # the courier was quicker


def take_courier_notice(
    uow: UnitOfWork, *, actor: Actor, now: datetime, shipment_id: UUID, answer: CourierAnswer
) -> dict[str, bool]:
    """The courier tells by itself what has happened; its signature was checked by the door. Raises NotFound."""
    shipment = _lock_with_request(uow, shipment_id)
    if shipment is None:
        raise NotFound
    _follow(uow, shipment, answer, actor, now)
    return {"accepted": True}


def _lock_with_request(uow: UnitOfWork, shipment_id: UUID) -> Shipment | None:
    """A parcel, locked after its request and its stay, as everywhere."""
    request_id = packets.request_of_shipment(uow, shipment_id)
    if request_id is None:
        return None
    lock_request(uow, request_id)
    return packets.lock_shipment(uow, shipment_id)


def _follow(uow: UnitOfWork, shipment: Shipment, answer: CourierAnswer, actor: Actor, now: datetime) -> None:
    """Take what is new; the request and the registry of disclosures follow, each thing once."""
    was_carried = shipment.carried_at is not None
    shipment.tracking_number = shipment.tracking_number or answer.tracking_number
    new = shipment.follow(answer.events, now)
    packets.add_events(uow, shipment.id, new, now)
    uow.session.flush()
    if shipment.carried_at is not None and not was_carried:
        _posted(uow, shipment, actor, now)
    for each in new:
        _ended(uow, shipment, each, actor, now)


def _posted(uow: UnitOfWork, shipment: Shipment, actor: Actor, now: datetime) -> None:
    request = uow.session.get_one(CopyRequest, shipment.request_id)
    if request.state in {CopyState.READY, CopyState.RETURNED}:
        progress.sent(uow, request.id, actor=actor, now=now)
    _disclose(uow, shipment, Disclosed.POSTED, actor, now)


def _ended(uow: UnitOfWork, shipment: Shipment, event: Happened, actor: Actor, now: datetime) -> None:
    if event.state not in _TELLS:
        return
    _disclose(uow, shipment, _TELLS[event.state], actor, now)
    request = uow.session.get_one(CopyRequest, shipment.request_id)
    if request.state != CopyState.SENT:
        return
    if event.state is ShipmentState.DELIVERED:
        progress.delivered(uow, request.id, actor=actor, now=now)
    elif event.state is ShipmentState.RETURNED:
        progress.returned(uow, request.id, actor=actor, now=now)


def _disclose(uow: UnitOfWork, shipment: Shipment, act: Disclosed, actor: Actor, now: datetime) -> None:
    request = uow.session.get_one(CopyRequest, shipment.request_id)
    disclose(uow, request, act, by=actor.subject, now=now, tracking_number=shipment.tracking_number)


# ------------------------------------------------------------------------------------------------------ the window


def pickup_code(sealer: Sealer, request_id: UUID) -> str:
    """The eight digits under which copies wait at the window: never stored, made again from the request's id."""
    number = int.from_bytes(sealer.derive("pickup code", str(request_id))[:8])
    return f"{number % 10**_CODE_DIGITS:0{_CODE_DIGITS}}"


def find_pickup(uow: UnitOfWork, *, actor: Actor, now: datetime, sealer: Sealer, code: str) -> CopyRequest:
    """The copies that wait under a code which a person brings to the window. Raises PickupCodeWrong."""
    for request_id in packets.requests_in(uow, {CopyState.READY, CopyState.RETURNED}, _MOST_WAITING):
        if hmac.compare_digest(pickup_code(sealer, request_id).encode(), _digits(code).encode()):
            request = uow.session.get_one(CopyRequest, request_id)
            store.log_access(uow, actor, request.patient_id, "records.find_pickup", now)
            return request
    raise PickupCodeWrong


def hand_out_copies(
    uow: UnitOfWork, *, actor: Actor, now: datetime, sealer: Sealer, request_id: UUID, code: str, document_shown: str
) -> CopyRequest:
    """Copies are handed over at the window, to whoever brings the code and has shown a document.

    Also copies that were to be posted: somebody can always come and take them. Raises NotFound, PickupCodeWrong,
    CopiesNotReady, ShipmentExists (a parcel is on its way; a second postage that is not paid yet is called off).
    """
    request = lock_request(uow, request_id)
    store.log_access(uow, actor, request.patient_id, "records.hand_out_copies", now)
    if not hmac.compare_digest(pickup_code(sealer, request_id).encode(), _digits(code).encode()):
        raise PickupCodeWrong
    if request.state not in {CopyState.READY, CopyState.RETURNED}:
        raise CopiesNotReady(state=request.state)
    last = packets.lock_newest_shipment(uow, request_id)
    if last is not None and last.state == ShipmentState.POSTAGE_DUE:
        last.call_off(now)
        uow.publish(CopyPostageWithdrawn(shipment_id=last.id, request_id=request.id), actor=actor, now=now)
    elif last is not None and last.is_live:
        raise ShipmentExists(state=last.state)
    progress.picked_up(uow, request_id, actor=actor, now=now)
    disclose(uow, request, Disclosed.HANDED_OUT, by=actor.subject, now=now, document_shown=document_shown)
    return request


def _digits(code: str) -> str:
    return "".join(each for each in code if each in "0123456789")
