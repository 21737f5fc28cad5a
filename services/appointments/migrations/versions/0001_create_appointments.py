"""Campuses, departments, practitioners, schedules, slots, the patients' replica, appointments and booking rules."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shared.database import Json, UtcDateTime, create_toolbox, partial_unique

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_toolbox(op.get_bind())
    _create_catalogue()
    _create_schedules()
    _create_slots()
    _create_patients()
    _create_appointments()


def _create_catalogue() -> None:
    op.create_table(
        "campuses",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("code", sa.String(20), nullable=False, unique=True),
        sa.Column("name_zh", sa.String(80), nullable=False),
        sa.Column("name_en", sa.String(120), nullable=False),
    )
    op.create_table(
        "departments",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("code", sa.String(20), nullable=False, unique=True),
        sa.Column("campus_id", sa.Uuid, sa.ForeignKey("campuses.id"), nullable=False),
        sa.Column("name_zh", sa.String(80), nullable=False),
        sa.Column("name_en", sa.String(120), nullable=False),
        sa.Column("location_zh", sa.String(120), nullable=False),
        sa.Column("location_en", sa.String(160), nullable=False),
        sa.Column("min_age", sa.Integer),
        sa.Column("max_age", sa.Integer),
        sa.Column("sex", sa.String(10)),
        sa.Column("pinyin", sa.String(240), nullable=False),
        sa.Column("initials", sa.String(80), nullable=False),
    )
    op.create_table(
        "practitioners",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("department_id", sa.Uuid, sa.ForeignKey("departments.id"), nullable=False, index=True),
        sa.Column("title", sa.String(20), nullable=False),
        sa.Column("name_zh", sa.String(80), nullable=False),
        sa.Column("name_en", sa.String(120), nullable=False),
        sa.Column("speciality_zh", sa.String(300)),
        sa.Column("speciality_en", sa.String(500)),
        sa.Column("pinyin", sa.String(240), nullable=False),
        sa.Column("initials", sa.String(80), nullable=False),
    )


def _create_schedules() -> None:
    op.create_table(
        "schedules",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("practitioner_id", sa.Uuid, sa.ForeignKey("practitioners.id"), nullable=False),
        sa.Column("department_id", sa.Uuid, nullable=False),
        sa.Column("date", sa.Date, nullable=False),
        sa.Column("session", sa.String(12), nullable=False),
        sa.Column("number_type", sa.String(12), nullable=False),
        sa.Column("fee_fen", sa.Integer, nullable=False),
        sa.Column("places", sa.Integer, nullable=False),
        sa.Column("starts_at", UtcDateTime, nullable=False),
        sa.Column("ends_at", UtcDateTime, nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("slots_made", sa.Boolean, nullable=False),
        sa.Column("last_number", sa.Integer, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.UniqueConstraint("practitioner_id", "date", "session", name="schedules_one_a_session"),
        sa.CheckConstraint("state IN ('open', 'suspended')", name="schedules_state"),
        sa.CheckConstraint("fee_fen >= 0 AND places > 0 AND last_number >= 0", name="schedules_amounts"),
        sa.Index(
            "schedules_without_slots",
            "date",
            postgresql_where=sa.text("NOT slots_made"),
            sqlite_where=sa.text("NOT slots_made"),
        ),
        sa.Index(
            "schedules_suspended",
            "date",
            postgresql_where=sa.text("state = 'suspended'"),
            sqlite_where=sa.text("state = 'suspended'"),
        ),
    )


def _create_slots() -> None:
    op.create_table(
        "slots",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("schedule_id", sa.Uuid, sa.ForeignKey("schedules.id"), nullable=False),
        sa.Column("practitioner_id", sa.Uuid, nullable=False),
        sa.Column("department_id", sa.Uuid, nullable=False),
        sa.Column("date", sa.Date, nullable=False),
        sa.Column("starts_at", UtcDateTime, nullable=False),
        sa.Column("ends_at", UtcDateTime, nullable=False),
        sa.Column("capacity", sa.Integer, nullable=False),
        sa.Column("taken", sa.Integer, nullable=False),
        sa.Column("suspended", sa.Boolean, nullable=False),
        sa.UniqueConstraint("schedule_id", "starts_at", name="slots_one_a_time"),
        sa.CheckConstraint("taken >= 0 AND taken <= capacity", name="slots_never_above_capacity"),
        sa.Index("slots_of_practitioner", "practitioner_id", "date"),
        sa.Index("slots_of_day", "date", "department_id"),
    )


def _create_patients() -> None:
    op.create_table(
        "patients",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("sex", sa.String(10)),
        sa.Column("birth_on", sa.Date),
        sa.Column("verified", sa.Boolean, nullable=False),
        sa.Column("merged_into", sa.Uuid, index=True),
    )
    op.create_table(
        "booking_rules",
        sa.Column("effective_from", UtcDateTime, primary_key=True),
        sa.Column("rules", Json, nullable=False),
        sa.Column("set_by", sa.String(80), nullable=False),
    )


def _create_appointments() -> None:
    op.create_table(
        "appointments",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("slot_id", sa.Uuid, sa.ForeignKey("slots.id"), nullable=False),
        sa.Column("schedule_id", sa.Uuid, nullable=False),
        sa.Column("practitioner_id", sa.Uuid, nullable=False),
        sa.Column("department_id", sa.Uuid, nullable=False),
        sa.Column("patient_id", sa.Uuid, nullable=False),
        sa.Column("person_id", sa.Uuid, nullable=False),
        sa.Column("date", sa.Date, nullable=False),
        sa.Column("starts_at", UtcDateTime, nullable=False),
        sa.Column("ends_at", UtcDateTime, nullable=False),
        sa.Column("fee_fen", sa.Integer, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("cancel_reason", sa.String(20)),
        sa.Column("held_at", UtcDateTime, nullable=False),
        sa.Column("held_until", UtcDateTime, nullable=False),
        sa.Column("cancellable_until", UtcDateTime, nullable=False),
        sa.Column("extended", sa.Boolean, nullable=False),
        sa.Column("number", sa.Integer),
        sa.Column("nth_open", sa.Integer, nullable=False),
        sa.Column("invoice_id", sa.Uuid),
        sa.Column("lapsed_at", UtcDateTime),
        sa.Column("client_reference", sa.String(64)),
        sa.Column("version", sa.Integer, nullable=False),
        sa.CheckConstraint("state IN ('pending', 'booked', 'cancelled')", name="appointments_state"),
        sa.CheckConstraint("(state = 'cancelled') = (cancel_reason IS NOT NULL)", name="appointments_reason"),
        sa.CheckConstraint("state <> 'booked' OR number IS NOT NULL", name="appointments_number"),
        sa.CheckConstraint("lapsed_at IS NULL OR invoice_id IS NOT NULL", name="appointments_lapsed"),
        sa.UniqueConstraint("schedule_id", "number", name="appointments_one_number"),
        partial_unique("appointments_one_a_slot", "slot_id", "person_id", where="state IN ('pending', 'booked')"),
        partial_unique(
            "appointments_one_a_session", "schedule_id", "person_id", where="state IN ('pending', 'booked')"
        ),
        partial_unique("appointments_nth_open", "person_id", "nth_open", where="state IN ('pending', 'booked')"),
        sa.Index("appointments_of_patient", "patient_id", "starts_at"),
        sa.Index("appointments_newest", "held_at"),
        sa.Index(
            "appointments_due",
            "held_until",
            postgresql_where=sa.text("state = 'pending' AND lapsed_at IS NULL"),
            sqlite_where=sa.text("state = 'pending' AND lapsed_at IS NULL"),
        ),
    )
