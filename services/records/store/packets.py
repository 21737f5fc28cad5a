"""Packets, disclosures and parcels: found, locked, written down."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from services.records.domain.packet import Made, Packet
from services.records.domain.shipment import Happened, Shipment
from services.records.store.copy_tables import copy_requests
from services.records.store.packet_tables import (
    disclosures,
    packet_sheets,
    packets,
    shipment_events,
    shipments,
)
from services.records.store.tables import encounters, locations, patients
from shared.database import UnitOfWork
from shared.sealing import SealedContent

__all__ = [
    "add_disclosure",
    "add_events",
    "add_sheet",
    "content_of",
    "disclosures",
    "drop_sheets",
    "due_shipments",
    "lock_newest_shipment",
    "lock_packet_of",
    "lock_shipment",
    "name_of",
    "packet_sheets",
    "packets",
    "packets_to_forget",
    "request_of_shipment",
    "requests_in",
    "sheets_of",
    "shipment_events",
    "shipments",
    "stamp_sheet",
    "stay_of",
]


def lock_packet_of(uow: UnitOfWork, request_id: UUID) -> Packet | None:
    """The packet of a request, locked."""
    query = sa.select(Packet).where(packets.c.request_id == request_id).with_for_update()
    return uow.session.scalar(query.execution_options(populate_existing=True))


def add_sheet(uow: UnitOfWork, packet_id: UUID, position: int, title: str, made: Made) -> None:
    """Keep a document that was fetched."""
    row = {"packet_id": packet_id, "position": position, "title": title, "pages": made.pages, "stamped": False}
    content = {"key_sealed": made.content.key_sealed, "sealed": made.content.sealed}
    uow.insert(packet_sheets, [row | content])


def stamp_sheet(uow: UnitOfWork, packet_id: UUID, position: int, made: Made) -> None:
    """Keep a document numbered and stamped, in the place of the plain one."""
    row = packet_sheets.c.packet_id == packet_id, packet_sheets.c.position == position
    content = {"key_sealed": made.content.key_sealed, "sealed": made.content.sealed}
    uow.session.execute(packet_sheets.update().where(*row).values(stamped=True, **content))


def sheets_of(uow: UnitOfWork, packet_id: UUID, *columns: sa.Column[Any]) -> Sequence[sa.Row[Any]]:
    """These columns of a packet's documents, in order."""
    query = sa.select(*columns).where(packet_sheets.c.packet_id == packet_id).order_by(packet_sheets.c.position)
    return uow.session.execute(query).all()


def content_of(uow: UnitOfWork, packet_id: UUID, position: int) -> SealedContent:
    """One of a packet's documents."""
    columns = packet_sheets.c
    query = sa.select(columns.key_sealed, columns.sealed).where(
        columns.packet_id == packet_id, columns.position == position
    )
    row = uow.session.execute(query).one()
    return SealedContent(row.key_sealed, row.sealed)


def drop_sheets(uow: UnitOfWork, packet_id: UUID) -> None:
    """The documents are not needed any more."""
    uow.session.execute(packet_sheets.delete().where(packet_sheets.c.packet_id == packet_id))


def stay_of(uow: UnitOfWork, encounter_id: UUID) -> sa.Row[Any]:
    """When a stay began and ended, in which ward (code and name), and whose it is: name, number, sex, day of birth."""
    query = (
        sa.select(encounters.c.started_at, encounters.c.ended_at, locations.c.code, locations.c.name_zh)
        .add_columns(patients.c.name, patients.c.mrn, patients.c.sex, patients.c.birth_on)
        .select_from(encounters)
        .join(patients, patients.c.id == encounters.c.patient_id)
        .outerjoin(locations, locations.c.id == encounters.c.ward_id)
    )
    return uow.session.execute(query.where(encounters.c.id == encounter_id)).one()


def name_of(uow: UnitOfWork, patient_id: UUID) -> str | None:
    """A patient's name; None for somebody without."""
    return uow.session.scalar(sa.select(patients.c.name).where(patients.c.id == patient_id))


def requests_in(uow: UnitOfWork, states: Iterable[str], limit: int) -> list[UUID]:
    """Requests in these states, the longest unchanged first."""
    columns = copy_requests.c
    query = sa.select(columns.id).where(columns.state.in_(sorted(states))).order_by(columns.changed_at).limit(limit)
    return list(uow.session.scalars(query))


def request_of_shipment(uow: UnitOfWork, shipment_id: UUID) -> UUID | None:
    """Whose copies a parcel holds."""
    return uow.session.scalar(sa.select(shipments.c.request_id).where(shipments.c.id == shipment_id))


def packets_to_forget(
    uow: UnitOfWork, *, ended_before: datetime, at_once: Iterable[str], limit: int
) -> Sequence[Packet]:
    """Packets whose request ended so long ago, or in one of these states, locked; others' work is passed over."""
    ended = copy_requests.c
    over = sa.select(ended.id).where(sa.or_(ended.ended_at <= ended_before, ended.state.in_(sorted(at_once))))
    condition = packets.c.sealed.is_not(None) & packets.c.request_id.in_(over)
    query = sa.select(Packet).where(condition).order_by(packets.c.made_at).limit(limit)
    return uow.session.scalars(query.with_for_update(skip_locked=True)).all()


def add_disclosure(uow: UnitOfWork, row: dict[str, Any]) -> None:
    """Write down that something left the hospital."""
    uow.insert(disclosures, [row])


def lock_shipment(uow: UnitOfWork, shipment_id: UUID) -> Shipment | None:
    """A parcel, locked, as it is now."""
    query = sa.select(Shipment).where(shipments.c.id == shipment_id).with_for_update()
    return uow.session.scalar(query.execution_options(populate_existing=True))


def lock_newest_shipment(uow: UnitOfWork, request_id: UUID) -> Shipment | None:
    """The last parcel of a locked request, locked."""
    query = sa.select(Shipment).where(shipments.c.request_id == request_id).order_by(shipments.c.number.desc()).limit(1)
    return uow.session.scalar(query.with_for_update().execution_options(populate_existing=True))


def due_shipments(uow: UnitOfWork, now: datetime, limit: int) -> Sequence[Shipment]:
    """Parcels about which the courier is asked now, locked; those in another worker's hand are passed over."""
    query = sa.select(Shipment).where(shipments.c.due_at <= now).order_by(shipments.c.due_at).limit(limit)
    return uow.session.scalars(query.with_for_update(skip_locked=True)).all()


def add_events(uow: UnitOfWork, shipment_id: UUID, events: Sequence[Happened], now: datetime) -> None:
    """Write down what the courier says has happened."""
    uow.insert(
        shipment_events,
        [
            {"shipment_id": shipment_id, "number": each.number, "state": each.state, "at": each.at, "heard_at": now}
            for each in events
        ],
    )
