"""Tables of packets, of what was disclosed to whom, and of parcels; and their mapping to the domain's classes."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import orm

from services.records.domain.packet import Packet
from services.records.domain.shipment import LIVE, Shipment, ShipmentState
from services.records.store.tables import metadata
from shared.database import BigId, Json, UtcDateTime, partial_unique

_LIVE = ", ".join(f"'{each}'" for each in sorted(LIVE))

packets = sa.Table(
    "packets",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("request_id", sa.Uuid, sa.ForeignKey("copy_requests.id"), nullable=False, unique=True),
    sa.Column("encounter_id", sa.Uuid, sa.ForeignKey("encounters.id"), nullable=False),
    sa.Column("patient_id", sa.Uuid, sa.ForeignKey("patients.id"), nullable=False),
    sa.Column("code", sa.String(20), nullable=False, unique=True),
    sa.Column("started_at", UtcDateTime, nullable=False),
    sa.Column("pages", sa.Integer),
    sa.Column("size", sa.Integer),
    sa.Column("fingerprint", sa.String(64)),
    sa.Column("key_sealed", sa.LargeBinary),
    sa.Column("sealed", sa.LargeBinary),
    sa.Column("made_at", UtcDateTime),
    sa.Column("forgotten_at", UtcDateTime),
    sa.CheckConstraint("(made_at IS NULL) = (fingerprint IS NULL)", name="packets_made"),
    sa.CheckConstraint("(sealed IS NULL) = (key_sealed IS NULL)", name="packets_key"),
)

packet_sheets = sa.Table(
    "packet_sheets",
    metadata,
    sa.Column("packet_id", sa.Uuid, sa.ForeignKey("packets.id"), primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("title", sa.String(60), nullable=False),
    sa.Column("pages", sa.Integer, nullable=False),
    sa.Column("stamped", sa.Boolean, nullable=False),
    sa.Column("key_sealed", sa.LargeBinary, nullable=False),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
)
"""A packet's documents while it is being made; gone when it is."""

disclosures = sa.Table(
    "disclosures",
    metadata,
    sa.Column("position", BigId, primary_key=True, autoincrement=True),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("patient_id", sa.Uuid, sa.ForeignKey("patients.id"), nullable=False),
    sa.Column("encounter_id", sa.Uuid, sa.ForeignKey("encounters.id"), nullable=False),
    sa.Column("request_id", sa.Uuid, sa.ForeignKey("copy_requests.id"), nullable=False),
    sa.Column("act", sa.String(20), nullable=False),
    sa.Column("receiver", sa.String(10), nullable=False),
    sa.Column("receiver_masked", sa.String(60), nullable=False),
    sa.Column("parts", Json, nullable=False),
    sa.Column("copies", sa.Integer, nullable=False),
    sa.Column("pages", sa.Integer, nullable=False),
    sa.Column("purpose", sa.String(30), nullable=False),
    sa.Column("by", sa.String(80), nullable=False),
    sa.Column("document_shown", sa.String(2)),
    sa.Column("tracking_number", sa.String(40)),
    sa.Index("disclosures_of_patient", "patient_id", "position"),
)
"""Append-only: what left the hospital, to whom, why, and by which request."""

shipments = sa.Table(
    "shipments",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("request_id", sa.Uuid, sa.ForeignKey("copy_requests.id"), nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("state", sa.String(12), nullable=False),
    sa.Column("postage_fen", sa.Integer),
    sa.Column("paid_at", UtcDateTime),
    sa.Column("tracking_number", sa.String(40), unique=True),
    sa.Column("asks", sa.String(10)),
    sa.Column("was_sent", sa.Boolean, nullable=False),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("due_at", UtcDateTime),
    sa.Column("problem", sa.String(80)),
    sa.Column("heard", sa.Integer, nullable=False),
    sa.Column("created_by", sa.String(80), nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("carried_at", UtcDateTime),
    sa.Column("ended_at", UtcDateTime),
    sa.Column("keep_until", sa.Date),
    sa.UniqueConstraint("request_id", "number", name="shipments_number"),
    sa.CheckConstraint(
        "state IN ({})".format(", ".join(f"'{each.value}'" for each in ShipmentState)), name="shipments_state"
    ),
    sa.CheckConstraint("(asks IS NULL) = (due_at IS NULL)", name="shipments_asks"),
    partial_unique("shipments_one_live", "request_id", where=f"state IN ({_LIVE})"),
    sa.Index("shipments_due", "due_at"),
)

shipment_events = sa.Table(
    "shipment_events",
    metadata,
    sa.Column("shipment_id", sa.Uuid, sa.ForeignKey("shipments.id"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("state", sa.String(12), nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("heard_at", UtcDateTime, nullable=False),
)
"""Append-only: what the courier says has happened, by the courier's own numbers."""

_mapper = orm.registry(metadata=metadata)
_mapper.map_imperatively(Packet, packets)
_mapper.map_imperatively(Shipment, shipments)
