"""The HTTP door of appointments."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from services.appointments import queries, usecases
from services.appointments.schemas import (
    AppointmentSchema,
    AppointmentsQuery,
    AppointmentsSchema,
    CampusBody,
    CampusSchema,
    DaysSchema,
    DepartmentBody,
    DepartmentsSchema,
    HoldBody,
    NewDepartmentSchema,
    NewPractitionerSchema,
    NothingBody,
    PractitionerBody,
    PractitionerSchema,
    PractitionersQuery,
    PractitionersSchema,
    RulesBody,
    RulesSchema,
    ScheduleBody,
    ScheduleSchema,
    SearchQuery,
    SlotsQuery,
    SlotsSchema,
)
from shared.operations import Blueprint, read, run, run_together

EVERYBODY = ("public",)
BOOKERS = ("patient", "front_desk")
READERS = ("patient", "front_desk", "auditor")
PLANNERS = ("admin", "front_desk")

blueprint = Blueprint("appointments", "Departments, practitioners, their slots, and the appointments of patients.")


@blueprint.query("/departments", DepartmentsSchema, allow=EVERYBODY, args=SearchQuery)
def list_departments(**query: Any) -> Any:
    """Departments, with what is free in the released days."""
    return read(queries.list_departments, **query)


@blueprint.query("/practitioners", PractitionersSchema, allow=EVERYBODY, args=PractitionersQuery)
def list_practitioners(**query: Any) -> Any:
    """Practitioners and general clinics, of a department or by name."""
    return read(queries.list_practitioners, **query)


@blueprint.query("/practitioners/<uuid:practitioner_id>", PractitionerSchema, allow=EVERYBODY)
def get_practitioner(practitioner_id: UUID) -> Any:
    """One practitioner or general clinic."""
    return read(queries.get_practitioner, practitioner_id=practitioner_id)


@blueprint.query("/practitioners/<uuid:practitioner_id>/days", DaysSchema, allow=EVERYBODY)
def list_days(practitioner_id: UUID) -> Any:
    """The released days of a practitioner, from today on."""
    return read(queries.list_days, practitioner_id=practitioner_id)


@blueprint.query("/practitioners/<uuid:practitioner_id>/slots", SlotsSchema, allow=EVERYBODY, args=SlotsQuery)
def list_slots(practitioner_id: UUID, **query: Any) -> Any:
    """The slots of a day that have not begun."""
    return read(queries.list_slots, practitioner_id=practitioner_id, **query)


@blueprint.command("/appointments", AppointmentSchema, allow=BOOKERS, body=HoldBody, status=201)
def hold_place(**body: Any) -> Any:
    """Keep a place for a patient until it is paid for."""
    return run_together(usecases.hold_places, usecases.HoldRequest, **body)


@blueprint.query(
    "/appointments",
    AppointmentsSchema,
    allow=READERS,
    args=AppointmentsQuery,
    patients=lambda result: [each.patient_id for each in result["items"]],
)
def list_appointments(**query: Any) -> Any:
    """Appointments of a patient; of everybody for the front desk and auditors."""
    return read(queries.list_appointments, **query)


@blueprint.query(
    "/appointments/<uuid:appointment_id>",
    AppointmentSchema,
    allow=READERS,
    patients=lambda result: [result.patient_id],
)
def get_appointment(appointment_id: UUID) -> Any:
    """One appointment."""
    return read(queries.get_appointment, appointment_id=appointment_id)


@blueprint.command(
    "/appointments/<uuid:appointment_id>/cancellation", AppointmentSchema, allow=BOOKERS, body=NothingBody
)
def cancel_appointment(appointment_id: UUID) -> Any:
    """Give a place back; what was paid is returned."""
    return run(usecases.cancel_appointment, appointment_id=appointment_id)


@blueprint.command("/appointments/<uuid:appointment_id>/extension", AppointmentSchema, allow=BOOKERS, body=NothingBody)
def extend_hold(appointment_id: UUID) -> Any:
    """Have more time to pay, once."""
    return run(usecases.extend_hold, appointment_id=appointment_id)


@blueprint.command("/campuses", CampusSchema, allow=PLANNERS, body=CampusBody, status=201)
def open_campus(**body: Any) -> Any:
    """Open a site of the hospital."""
    return run(usecases.open_campus, **body)


@blueprint.command("/departments", NewDepartmentSchema, allow=PLANNERS, body=DepartmentBody, status=201)
def open_department(**body: Any) -> Any:
    """Open a department."""
    return run(usecases.open_department, **body)


@blueprint.command("/practitioners", NewPractitionerSchema, allow=PLANNERS, body=PractitionerBody, status=201)
def engage_practitioner(**body: Any) -> Any:
    """Put a practitioner on the list."""
    return run(usecases.engage_practitioner, **body)


@blueprint.command("/schedules", ScheduleSchema, allow=PLANNERS, body=ScheduleBody, status=201)
def plan_session(**body: Any) -> Any:
    """Plan a practitioner's session; its slots are made within a minute."""
    return run(usecases.plan_session, **body)


@blueprint.command("/schedules/<uuid:schedule_id>/suspension", ScheduleSchema, allow=PLANNERS, body=NothingBody)
def suspend_schedule(schedule_id: UUID) -> Any:
    """A session does not take place: whoever has a place in it is cancelled by the hospital and paid back."""
    return run(usecases.suspend_schedule, schedule_id=schedule_id)


@blueprint.query("/booking-rules", RulesSchema, allow=EVERYBODY)
def get_booking_rules() -> Any:
    """The booking rules at this moment."""
    return read(queries.get_booking_rules)


@blueprint.command("/booking-rules", RulesSchema, allow=("admin",), body=RulesBody, status=201)
def set_booking_rules(**body: Any) -> Any:
    """Change booking rules, now or from an instant on."""
    return run(usecases.set_booking_rules, **body)
