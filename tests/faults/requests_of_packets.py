"""The POSTs about packets and parcels, each ready to be sent: what went before is done through the use cases."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from services.records.domain.copies import CopyRequest
from services.records.domain.shipment import CourierAnswer, Happened, Outcome, ShipmentState
from services.records.usecases import shipments
from shared.actor import Actor
from shared.door import Door
from shared.sealing import Sealer
from tests.faults.sending import Sent
from tests.records.copying import ADDRESS, OFFICER, approved, stay_of
from tests.records.packing import QuickPress, make_packet
from tests.records.people import do
from tests.support.callers import patient
from tests.support.everyday import Everyday


def _door(day: Everyday) -> Door:
    return Door(day.hospital.databases["records"], day.clock)


def _sealer(day: Everyday) -> Sealer:
    return Sealer(day.hospital.settings.secrets["document_key"])


def _approved(day: Everyday, address: dict[str, str] | None = ADDRESS) -> tuple[Actor, CopyRequest]:
    father = day.register()
    owner = patient(father)
    stay = stay_of(_door(day), father)
    return owner, approved(_door(day), owner, stay, address=address, sealer=_sealer(day))


def _ready(day: Everyday, address: dict[str, str] | None = ADDRESS) -> tuple[Actor, CopyRequest]:
    owner, request = _approved(day, address)
    make_packet(_door(day), press=QuickPress())
    return owner, request


def _about(request: CopyRequest, act: str, body: dict[str, Any] | None = None, status: int = 200) -> Sent:
    return Sent(OFFICER, f"/v1/copy-requests/{request.id}/{act}", body or {}, status)


def _retry(day: Everyday) -> Sent:
    _, request = _approved(day)
    with _door(day).database.write() as uow:
        uow.session.execute(sa.update(uow.toolbox.jobs).values(state="failed", tries=8, error="OSError"))
    return _about(request, "packet/another-try")


def _shipment(day: Everyday) -> Sent:
    _, request = _ready(day)
    return _about(request, "shipments", status=201)


def _cancellation(day: Everyday) -> Sent:
    _, request = _ready(day)
    do(_door(day), shipments.start_shipment, actor=OFFICER, request_id=request.id)
    return _about(request, "shipments/cancellation")


def _second_postage(day: Everyday) -> Sent:
    owner, request = _ready(day)
    sent = do(_door(day), shipments.start_shipment, actor=OFFICER, request_id=request.id)
    way = (ShipmentState.LABELLED, ShipmentState.PICKED_UP, ShipmentState.RETURNING, ShipmentState.RETURNED)
    events = tuple(Happened(number=number, state=state, at=day.clock()) for number, state in enumerate(way, 1))
    told = CourierAnswer(outcome=Outcome.KNOWN, tracking_number="EX329900012CN", events=events)
    do(_door(day), shipments.take_courier_notice, actor=OFFICER, shipment_id=sent.id, answer=told)
    return Sent(owner, f"/v1/copy-requests/{request.id}/second-postage", {}, 201)


def _code(day: Everyday, request: CopyRequest) -> str:
    return shipments.pickup_code(_sealer(day), request.id)


def _pickup(day: Everyday) -> Sent:
    _, request = _ready(day, None)
    return Sent(OFFICER, "/v1/copy-pickups", {"code": _code(day, request)}, 200)


def _hand_out(day: Everyday) -> Sent:
    _, request = _ready(day, None)
    return _about(request, "hand-out", {"code": _code(day, request), "document_shown": "01"})


REQUESTS: dict[str, Callable[[Everyday], Sent]] = {
    "records.retry_packet": _retry,
    "records.start_shipment": _shipment,
    "records.cancel_shipment": _cancellation,
    "records.repeat_postage": _second_postage,
    "records.find_pickup": _pickup,
    "records.hand_out_copies": _hand_out,
}
