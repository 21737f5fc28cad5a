"""What records hears of the money for a second postage: a bill of its own, by the parcel's id."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from services.records.domain.shipment import Ask, Shipment, ShipmentState
from services.records.store import packets
from services.records.usecases.copies import money
from shared.actor import Actor
from shared.database import UnitOfWork


def note_payment(uow: UnitOfWork, *, data: dict[str, Any], actor: Actor, now: datetime) -> None:
    """A bill is paid. A parcel's second postage lets the courier be asked for a label; all others are of a request."""
    shipment = _parcel(uow, data)
    if shipment is None:
        money.note_payment(uow, data=data, actor=actor, now=now)
    elif shipment.state == ShipmentState.POSTAGE_DUE:
        shipment.state, shipment.paid_at = ShipmentState.ASKED, now
        shipment.ask(Ask.LABEL, now)


def note_cancelled_invoice(uow: UnitOfWork, *, data: dict[str, Any], actor: Actor, now: datetime) -> None:
    """A bill has ended unpaid. A parcel whose postage nobody paid is not sent; all others are of a request."""
    shipment = _parcel(uow, data)
    if shipment is None:
        money.note_cancelled_invoice(uow, data=data, actor=actor, now=now)
    elif shipment.state == ShipmentState.POSTAGE_DUE:
        shipment.call_off(now)


def _parcel(uow: UnitOfWork, data: dict[str, Any]) -> Shipment | None:
    """The parcel that a bill is for, locked; None for bills of anything else."""
    return packets.lock_shipment(uow, data["billed_id"]) if data["billed_kind"] == money.TOP_UP else None
