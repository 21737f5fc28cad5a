"""What goes out through the HTTP door of appointments."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from services.appointments.domain import NumberType, Reason, Session, Sex, State, Title
from shared.schemas import Fen, NamesSchema


class RulesSchema(Schema):
    """The booking rules of the hospital."""

    release_days = fields.Integer()
    release_minute = fields.Integer()
    hold_minutes = fields.Integer()
    invoice_wait_minutes = fields.Integer()
    extension_minutes = fields.Integer()
    cancel_minutes = fields.Integer()
    open_limit = fields.Integer()
    day_limit = fields.Integer()
    department_day_limit = fields.Integer()
    slots_days_ahead = fields.Integer()
    verified_only = fields.Boolean()


class CampusSchema(Schema):
    """A site of the hospital."""

    id = fields.UUID()
    code = fields.String()
    name = fields.Nested(NamesSchema)


class NewDepartmentSchema(Schema):
    """A department as it was opened."""

    id = fields.UUID()
    code = fields.String()
    name = fields.Nested(NamesSchema)
    location = fields.Nested(NamesSchema)
    min_age = fields.Integer(attribute="audience.min_age", allow_none=True)
    max_age = fields.Integer(attribute="audience.max_age", allow_none=True)
    sex = fields.Enum(Sex, by_value=True, attribute="audience.sex", allow_none=True)


class DepartmentSchema(Schema):
    """A department with what is free in the released days."""

    id = fields.UUID()
    code = fields.String()
    name = fields.Nested(NamesSchema)
    campus = fields.Nested(NamesSchema)
    location = fields.Nested(NamesSchema)
    min_age = fields.Integer(allow_none=True)
    max_age = fields.Integer(allow_none=True)
    sex = fields.String(allow_none=True)
    places_left = fields.Integer()
    earliest_at = fields.AwareDateTime(format="iso", allow_none=True)


class DepartmentsSchema(Schema):
    """Departments."""

    items = fields.List(fields.Nested(DepartmentSchema))


class NewPractitionerSchema(Schema):
    """A practitioner as they were put on the list."""

    id = fields.UUID()
    department_id = fields.UUID()
    name = fields.Nested(NamesSchema)
    title_code = fields.Enum(Title, by_value=True, attribute="title")
    speciality = fields.Nested(NamesSchema, allow_none=True)


class PractitionerSchema(Schema):
    """A practitioner or general clinic with what is free in the released days; `fee` is the lowest of them."""

    id = fields.UUID()
    name = fields.Nested(NamesSchema)
    title = fields.Nested(NamesSchema)
    title_code = fields.String()
    speciality = fields.Nested(NamesSchema, allow_none=True)
    department_id = fields.UUID()
    department = fields.Nested(NamesSchema)
    campus = fields.Nested(NamesSchema)
    location = fields.Nested(NamesSchema)
    fee = Fen(attribute="fee_fen", allow_none=True)
    places_left = fields.Integer()
    earliest_at = fields.AwareDateTime(format="iso", allow_none=True)


class PractitionersSchema(Schema):
    """Practitioners and general clinics."""

    items = fields.List(fields.Nested(PractitionerSchema))


class DaySchema(Schema):
    """One hospital day of a practitioner."""

    date = fields.Date(format="iso")
    state = fields.String(validate=validate.OneOf(["open", "full", "suspended", "off"]))
    places_left = fields.Integer()


class DaysSchema(Schema):
    """Days from today on."""

    items = fields.List(fields.Nested(DaySchema))


class SlotSchema(Schema):
    """When to arrive, and how many still may."""

    id = fields.UUID()
    starts_at = fields.AwareDateTime(format="iso")
    ends_at = fields.AwareDateTime(format="iso")
    places_left = fields.Integer()
    session = fields.String(validate=validate.OneOf(list(Session)))
    fee = Fen(attribute="fee_fen")


class SlotsSchema(Schema):
    """Slots of one day."""

    items = fields.List(fields.Nested(SlotSchema))


class ScheduleSchema(Schema):
    """A practitioner's session on a day."""

    id = fields.UUID()
    practitioner_id = fields.UUID()
    department_id = fields.UUID()
    date = fields.Date(format="iso")
    session = fields.Enum(Session, by_value=True)
    number_type = fields.Enum(NumberType, by_value=True)
    fee = Fen(attribute="fee_fen")
    places = fields.Integer()
    starts_at = fields.AwareDateTime(format="iso")
    ends_at = fields.AwareDateTime(format="iso")
    state = fields.String(validate=validate.OneOf(["open", "suspended"]))
    version = fields.Integer()


class AppointmentSchema(Schema):
    """A patient's place. `payable` says that the invoice is known.

    `held_until` counts while it is pending; a pending place whose `held_until` is over is being checked with billing.
    """

    id = fields.UUID()
    patient_id = fields.UUID()
    slot_id = fields.UUID()
    state = fields.Enum(State, by_value=True)
    cancel_reason = fields.Enum(Reason, by_value=True, allow_none=True)
    held_at = fields.AwareDateTime(format="iso")
    held_until = fields.AwareDateTime(format="iso", allow_none=True, attribute="held_until_if_pending")
    payable = fields.Boolean()
    starts_at = fields.AwareDateTime(format="iso")
    ends_at = fields.AwareDateTime(format="iso")
    number = fields.Integer(allow_none=True)
    department_id = fields.UUID()
    department = fields.Nested(NamesSchema)
    practitioner_id = fields.UUID()
    practitioner = fields.Nested(NamesSchema)
    title = fields.Nested(NamesSchema)
    location = fields.Nested(NamesSchema)
    fee = Fen(attribute="fee_fen")
    invoice_id = fields.UUID(allow_none=True)
    cancellable_until = fields.AwareDateTime(format="iso")
    extended = fields.Boolean()
    client_reference = fields.String(allow_none=True)
    version = fields.Integer()


class AppointmentsSchema(Schema):
    """Appointments."""

    items = fields.List(fields.Nested(AppointmentSchema))
