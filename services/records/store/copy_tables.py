"""Tables of requests for copies, and their mapping to the domain's classes."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import orm

from services.records.domain.copies import OPEN, CopyRequest, CopyState, CopyStep
from services.records.domain.copy_eligibility import RecordHold
from services.records.domain.copy_papers import Paper
from services.records.store.tables import metadata
from shared.database import BigId, Json, UtcDateTime, partial_unique

_OPEN = ", ".join(f"'{each}'" for each in sorted(OPEN))

copy_terms = sa.Table(
    "copy_terms",
    metadata,
    sa.Column("position", BigId, primary_key=True, autoincrement=True),
    sa.Column("valid_from", sa.Date, nullable=False),
    sa.Column("terms", Json, nullable=False),
    sa.Column("set_by", sa.String(80), nullable=False),
    sa.Column("set_at", UtcDateTime, nullable=False),
)
"""Append-only: the newest row that is valid on a day counts."""

copy_requests = sa.Table(
    "copy_requests",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("number", sa.String(12), nullable=False, unique=True),
    sa.Column("encounter_id", sa.Uuid, sa.ForeignKey("encounters.id"), nullable=False, index=True),
    sa.Column("patient_id", sa.Uuid, sa.ForeignKey("patients.id"), nullable=False, index=True),
    sa.Column("applicant_kind", sa.String(10), nullable=False),
    sa.Column("applicant_id", sa.Uuid, sa.ForeignKey("patients.id"), index=True),
    sa.Column("started_by", sa.String(80), nullable=False),
    sa.Column("started_at", UtcDateTime, nullable=False),
    sa.Column("changed_at", UtcDateTime, nullable=False),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("purpose", sa.String(30)),
    sa.Column("parts", Json, nullable=False),
    sa.Column("parts_key", sa.String(300)),
    sa.Column("copies", sa.Integer, nullable=False),
    sa.Column("delivery", sa.String(10)),
    sa.Column("province", sa.String(2)),
    sa.Column("sealed", sa.LargeBinary),
    sa.Column("mandate", Json),
    sa.Column("consents", Json),
    sa.Column("copy_from", sa.Date),
    sa.Column("terms_from", sa.Date),
    sa.Column("page_fen", sa.Integer),
    sa.Column("postage_fen", sa.Integer),
    sa.Column("amount_fen", sa.Integer),
    sa.Column("submitted_at", UtcDateTime),
    sa.Column("lapsed_at", UtcDateTime),
    sa.Column("paid_at", UtcDateTime),
    sa.Column("review_by", sa.Date),
    sa.Column("round", sa.Integer, nullable=False),
    sa.Column("decided_by", sa.String(80)),
    sa.Column("pages", sa.Integer),
    sa.Column("final_fen", sa.Integer),
    sa.Column("packet_started_at", UtcDateTime),
    sa.Column("ended_at", UtcDateTime),
    sa.Column("photos_until", UtcDateTime, index=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.CheckConstraint(
        "state IN ({})".format(", ".join(f"'{each.value}'" for each in CopyState)), name="copy_requests_state"
    ),
    sa.CheckConstraint("applicant_kind IN ('patient', 'agent')", name="copy_requests_applicant"),
    sa.CheckConstraint("copies BETWEEN 1 AND 5", name="copy_requests_copies"),
    sa.CheckConstraint("state = 'draft' OR state = 'withdrawn' OR amount_fen > 0", name="copy_requests_priced"),
    partial_unique("copy_requests_once", "encounter_id", "parts_key", where=f"state IN ({_OPEN})"),
    partial_unique("copy_requests_one_draft", "encounter_id", "started_by", "applicant_kind", where="state = 'draft'"),
    sa.Index("copy_requests_by_state", "state", "review_by", "changed_at"),
)

copy_steps = sa.Table(
    "copy_steps",
    metadata,
    sa.Column("request_id", sa.Uuid, sa.ForeignKey("copy_requests.id"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("act", sa.String(20), nullable=False),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("by", sa.String(80), nullable=False),
    sa.Column("reason", sa.String(40)),
    sa.Column("words", sa.String(300)),
    sa.Column("papers", Json, nullable=False),
    sa.Column("amount_fen", sa.Integer),
)
"""Append-only: what happened to a request, in order."""

copy_decisions = sa.Table(
    "copy_decisions",
    metadata,
    sa.Column("request_id", sa.Uuid, sa.ForeignKey("copy_requests.id"), primary_key=True),
    sa.Column("round", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("decision", sa.String(20), nullable=False),
    sa.Column("reason", sa.String(40)),
    sa.Column("decided_by", sa.String(80), nullable=False),
    sa.Column("decided_at", UtcDateTime, nullable=False),
)
"""Append-only: one decision for each round of review, whoever comes second."""

copy_papers = sa.Table(
    "copy_papers",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("request_id", sa.Uuid, sa.ForeignKey("copy_requests.id"), nullable=False, index=True),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("fingerprint", sa.String(64), nullable=False),
    sa.Column("width", sa.Integer, nullable=False),
    sa.Column("height", sa.Integer, nullable=False),
    sa.Column("size", sa.Integer, nullable=False),
    sa.Column("key_sealed", sa.LargeBinary),
    sa.Column("sealed", sa.LargeBinary),
    sa.Column("uploaded_by", sa.String(80), nullable=False),
    sa.Column("uploaded_at", UtcDateTime, nullable=False),
    sa.Column("deleted_at", UtcDateTime),
    sa.Column("deleted_because", sa.String(20)),
    sa.CheckConstraint("(deleted_at IS NULL) = (sealed IS NOT NULL)", name="copy_papers_content"),
    sa.CheckConstraint("(sealed IS NULL) = (key_sealed IS NULL)", name="copy_papers_key"),
    partial_unique("copy_papers_one_live", "request_id", "kind", where="deleted_at IS NULL"),
)

copy_paper_views = sa.Table(
    "copy_paper_views",
    metadata,
    sa.Column("position", BigId, primary_key=True, autoincrement=True),
    sa.Column("paper_id", sa.Uuid, sa.ForeignKey("copy_papers.id"), nullable=False, index=True),
    sa.Column("request_id", sa.Uuid, sa.ForeignKey("copy_requests.id"), nullable=False),
    sa.Column("patient_id", sa.Uuid, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("subject", sa.String(80), nullable=False),
    sa.Column("roles", sa.String(200), nullable=False),
    sa.Column("trace", sa.String(64), nullable=False),
)
"""Append-only: each look at a photo, written down before the picture leaves."""

record_holds = sa.Table(
    "record_holds",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("encounter_id", sa.Uuid, sa.ForeignKey("encounters.id"), nullable=False),
    sa.Column("kind", sa.String(12), nullable=False),
    sa.Column("placed_by", sa.String(80), nullable=False),
    sa.Column("placed_at", UtcDateTime, nullable=False),
    sa.Column("lifted_by", sa.String(80)),
    sa.Column("lifted_at", UtcDateTime),
    sa.CheckConstraint("kind IN ('sealed', 'disputed', 'restricted')", name="record_holds_kind"),
    partial_unique("record_holds_once", "encounter_id", "kind", where="lifted_at IS NULL"),
)

_mapper = orm.registry(metadata=metadata)
_mapper.map_imperatively(CopyStep, copy_steps)
_mapper.map_imperatively(Paper, copy_papers)
_mapper.map_imperatively(RecordHold, record_holds)
_mapper.map_imperatively(
    CopyRequest,
    copy_requests,
    properties={"steps": orm.relationship(CopyStep, order_by=copy_steps.c.number, lazy="selectin")},
)
