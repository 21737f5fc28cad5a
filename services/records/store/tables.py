"""Tables of records, and their mapping to the domain's classes."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import orm

from services.records.domain import Encounter, LinkCode, LinkTries, Patient, Step
from shared.database import BigId, Json, UtcDateTime, partial_unique, toolbox_of

metadata = sa.MetaData()
toolbox = toolbox_of(metadata)

patients = sa.Table(
    "patients",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("mrn", sa.String(12), nullable=False, unique=True),
    sa.Column("name", sa.String(200)),
    sa.Column("search_key", sa.String(400), nullable=False),
    sa.Column("sex", sa.String(10)),
    sa.Column("birth_on", sa.Date),
    sa.Column("verified", sa.Boolean, nullable=False),
    sa.Column("document_type", sa.String(2)),
    sa.Column("document_number_masked", sa.String(40)),
    sa.Column("document_number_sealed", sa.LargeBinary),
    sa.Column("phone_masked", sa.String(20)),
    sa.Column("phone_sealed", sa.LargeBinary),
    sa.Column("as_sent", Json),
    sa.Column("registered_by", sa.String(80), nullable=False),
    sa.Column("registered_at", UtcDateTime, nullable=False),
    sa.Column("verified_by", sa.String(80)),
    sa.Column("verified_at", UtcDateTime),
    sa.Column("version", sa.Integer, nullable=False),
    sa.CheckConstraint("sex IN ('male', 'female', 'other', 'unknown')", name="patients_sex"),
    sa.Index("patients_by_name", "search_key"),
)

mrn_counts = sa.Table(
    "mrn_counts",
    metadata,
    sa.Column("count", BigId, primary_key=True, autoincrement=True),
    sa.Column("given_at", UtcDateTime, nullable=False),
)
"""One row per medical record number, so that the database counts; gaps are no harm."""

identifiers = sa.Table(
    "identifiers",
    metadata,
    sa.Column("system", sa.String(200), primary_key=True),
    sa.Column("fingerprint", sa.String(64), primary_key=True),
    sa.Column("patient_id", sa.Uuid, sa.ForeignKey("patients.id"), nullable=False, index=True),
    sa.Column("kind", sa.String(20)),
    sa.Column("masked", sa.String(60)),
    sa.Column("sealed", sa.LargeBinary),
    sa.Column("known_at", UtcDateTime, nullable=False),
    sa.Index("identifiers_by_fingerprint", "fingerprint"),
)
"""Numbers by which a person is known, each for one person only: documents, and what other systems call them."""

guardians = sa.Table(
    "guardians",
    metadata,
    sa.Column("patient_id", sa.Uuid, sa.ForeignKey("patients.id"), primary_key=True),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("document_type", sa.String(2), nullable=False),
    sa.Column("document_number_masked", sa.String(40), nullable=False),
    sa.Column("document_number_sealed", sa.LargeBinary, nullable=False),
    sa.Column("phone_masked", sa.String(20), nullable=False),
    sa.Column("phone_sealed", sa.LargeBinary, nullable=False),
)

merges = sa.Table(
    "merges",
    metadata,
    sa.Column("patient_id", sa.Uuid, sa.ForeignKey("patients.id"), primary_key=True),
    sa.Column("merged_into", sa.Uuid, sa.ForeignKey("patients.id"), nullable=False, index=True),
    sa.Column("merged_by", sa.String(80), nullable=False),
    sa.Column("merged_at", UtcDateTime, nullable=False),
    sa.CheckConstraint("patient_id <> merged_into", name="merges_of_two"),
)
"""A row says that a record has ended in another one. Nothing else changes: without the row they are two again."""

link_codes = sa.Table(
    "link_codes",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("patient_id", sa.Uuid, sa.ForeignKey("patients.id"), nullable=False),
    sa.Column("fingerprint", sa.String(64), nullable=False, unique=True),
    sa.Column("issued_at", UtcDateTime, nullable=False),
    sa.Column("issued_by", sa.String(80), nullable=False),
    sa.Column("valid_until", UtcDateTime, nullable=False, index=True),
    sa.Column("redeemed_at", UtcDateTime),
    sa.Column("redeemed_by", sa.String(80)),
    sa.Column("withdrawn_at", UtcDateTime),
    partial_unique("link_codes_one_open", "patient_id", where="redeemed_at IS NULL AND withdrawn_at IS NULL"),
)

link_tries = sa.Table(
    "link_tries",
    metadata,
    sa.Column("subject", sa.String(80), primary_key=True),
    sa.Column("wrong", sa.Integer, nullable=False),
    sa.Column("locked_until", UtcDateTime),
)

messages = sa.Table(
    "messages",
    metadata,
    sa.Column("sender", sa.String(200), primary_key=True),
    sa.Column("control_id", sa.String(200), primary_key=True),
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("patient_id", sa.Uuid, sa.ForeignKey("patients.id"), nullable=False, index=True),
    sa.Column("taken_at", UtcDateTime, nullable=False),
)
"""Messages of other systems that were taken, by sender and control id: a second sending changes nothing."""

locations = sa.Table(
    "locations",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("kind", sa.String(10), nullable=False),
    sa.Column("code", sa.String(80), nullable=False),
    sa.Column("name_zh", sa.String(200), nullable=False),
    sa.Column("name_en", sa.String(200), nullable=False),
    sa.Column("part_of", sa.Uuid, sa.ForeignKey("locations.id")),
    sa.Column("campus_id", sa.Uuid, sa.ForeignKey("locations.id")),
    sa.Column("ward_id", sa.Uuid, sa.ForeignKey("locations.id"), index=True),
    sa.Column("as_sent", sa.Boolean, nullable=False),
    sa.Column("opened_at", UtcDateTime, nullable=False),
    sa.CheckConstraint("kind IN ('campus', 'ward', 'room', 'bed')", name="locations_kind"),
    sa.CheckConstraint("(kind = 'campus') = (part_of IS NULL)", name="locations_part_of"),
    sa.UniqueConstraint("part_of", "kind", "code", name="locations_once"),
    partial_unique("locations_one_campus", "code", where="kind = 'campus'"),
)
"""Places: a campus has wards, a ward has rooms and beds. The id is made of the place's codes: the same everywhere."""

encounters = sa.Table(
    "encounters",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("patient_id", sa.Uuid, sa.ForeignKey("patients.id"), nullable=False, index=True),
    sa.Column("encounter_class", sa.String(4), nullable=False),
    sa.Column("state", sa.String(12), nullable=False),
    sa.Column("ward_id", sa.Uuid, sa.ForeignKey("locations.id"), index=True),
    sa.Column("bed_id", sa.Uuid, sa.ForeignKey("locations.id")),
    sa.Column("started_at", UtcDateTime),
    sa.Column("ended_at", UtcDateTime),
    sa.Column("visit_system", sa.String(200)),
    sa.Column("visit_number", sa.String(60)),
    sa.Column("version", sa.Integer, nullable=False),
    sa.CheckConstraint("encounter_class IN ('IMP', 'AMB', 'EMER')", name="encounters_class"),
    sa.CheckConstraint("state IN ('in_progress', 'finished', 'cancelled')", name="encounters_state"),
    sa.CheckConstraint("(state = 'finished') = (ended_at IS NOT NULL)", name="encounters_ended"),
    sa.CheckConstraint("bed_id IS NULL OR ward_id IS NOT NULL", name="encounters_bed_in_ward"),
    sa.CheckConstraint("ended_at >= started_at", name="encounters_forwards"),
    partial_unique("encounters_one_in_a_bed", "bed_id", where="state = 'in_progress'"),
    partial_unique(
        "encounters_one_open_stay",
        "patient_id",
        "encounter_class",
        where="state = 'in_progress' AND encounter_class <> 'AMB'",
    ),
    partial_unique("encounters_by_visit", "visit_system", "visit_number", where="visit_number IS NOT NULL"),
)
"""Stays and visits. Who was discharged keeps the bed on record, and another may lie in it."""

encounter_steps = sa.Table(
    "encounter_steps",
    metadata,
    sa.Column("encounter_id", sa.Uuid, sa.ForeignKey("encounters.id"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("kind", sa.String(10), nullable=False),
    sa.Column("ward_id", sa.Uuid, sa.ForeignKey("locations.id")),
    sa.Column("bed_id", sa.Uuid, sa.ForeignKey("locations.id")),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("recorded_by", sa.String(80), nullable=False),
    sa.Column("recorded_at", UtcDateTime, nullable=False),
    sa.Column("cancelled_by", sa.String(80)),
    sa.Column("cancelled_at", UtcDateTime),
    sa.CheckConstraint("kind IN ('admission', 'transfer', 'discharge')", name="encounter_steps_kind"),
)
"""What happened in a stay, in order; a step that was cancelled stays on record."""

_mapper = orm.registry(metadata=metadata)
_mapper.map_imperatively(Patient, patients)
_mapper.map_imperatively(LinkCode, link_codes)
_mapper.map_imperatively(LinkTries, link_tries)
_mapper.map_imperatively(Step, encounter_steps)
_mapper.map_imperatively(
    Encounter,
    encounters,
    properties={"steps": orm.relationship(Step, order_by=encounter_steps.c.number, lazy="selectin")},
)
