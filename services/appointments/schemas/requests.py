"""What comes in through the HTTP door of appointments."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, fields, post_load, validate, validates_schema

from services.appointments.domain import Audience, Names, NumberType, Session, Sex, State, Title
from shared.schemas import Fen, RequestSchema, text

_DEAREST_FEN = 1_000_000


class NamesBody(RequestSchema):
    """A name in both languages."""

    zh = text(80)
    en = text(120)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Names:
        """The domain's form."""
        return Names(**data)


class SearchQuery(RequestSchema):
    """Chinese, English, pinyin or initials."""

    search = text(60, shortest=0, required=False)


class PractitionersQuery(SearchQuery):
    """Of one department, or by what somebody typed."""

    department_id = fields.UUID()


class SlotsQuery(RequestSchema):
    """A hospital day."""

    date = fields.Date(required=True, format="iso")


class AppointmentsQuery(RequestSchema):
    """Whose appointments, and which; `before` is the `held_at` of the last one seen."""

    patient_id = fields.UUID()
    state = fields.Enum(State, by_value=True)
    before = fields.AwareDateTime(format="iso")
    limit = fields.Integer(validate=validate.Range(1, 200))


class HoldBody(RequestSchema):
    """A place in a slot for a patient; `client_reference` is kept and given back."""

    slot_id = fields.UUID(required=True)
    patient_id = fields.UUID(required=True)
    client_reference = text(64, required=False, allow_none=True)


class NothingBody(RequestSchema):
    """An empty object."""


class CampusBody(RequestSchema):
    """A site of the hospital."""

    code = fields.String(required=True, validate=validate.Regexp(r"[A-Z0-9]{2,20}\Z"))
    name = fields.Nested(NamesBody, required=True)


class DepartmentBody(RequestSchema):
    """A department on a campus (its code); ages in completed years on the day of the visit."""

    code = fields.String(required=True, validate=validate.Regexp(r"[A-Z0-9]{2,20}\Z"))
    campus = text(20)
    name = fields.Nested(NamesBody, required=True)
    location = fields.Nested(NamesBody, required=True)
    min_age = fields.Integer(strict=True, allow_none=True, validate=validate.Range(0, 150))
    max_age = fields.Integer(strict=True, allow_none=True, validate=validate.Range(0, 150))
    sex = fields.Enum(Sex, by_value=True, allow_none=True)

    @validates_schema
    def check_ages(self, data: dict[str, Any], **_: Any) -> None:
        """The youngest is not older than the oldest."""
        low, high = data.get("min_age"), data.get("max_age")
        if low is not None and high is not None and low > high:
            raise ValidationError("The lowest age is above the highest.", "min_age")

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """The domain's form: ages and sex are the audience."""
        audience = Audience(data.pop("min_age", None), data.pop("max_age", None), data.pop("sex", None))
        return {**data, "audience": audience}


class PractitionerBody(RequestSchema):
    """A practitioner, or with the title general_clinic the general clinic of a department."""

    department_id = fields.UUID(required=True)
    name = fields.Nested(NamesBody, required=True)
    title = fields.Enum(Title, by_value=True, required=True)
    speciality = fields.Nested(NamesBody, load_default=None, allow_none=True)


class ScheduleBody(RequestSchema):
    """A practitioner's session on a hospital day."""

    practitioner_id = fields.UUID(required=True)
    date = fields.Date(required=True, format="iso")
    session = fields.Enum(Session, by_value=True, required=True)
    number_type = fields.Enum(NumberType, by_value=True, required=True)
    fee = Fen(required=True, attribute="fee_fen", validate=validate.Range(0, _DEAREST_FEN))
    places = fields.Integer(required=True, strict=True, validate=validate.Range(1, 200))


class RulesBody(RequestSchema):
    """Booking rules to change; what is left out stays. Minutes and days are whole numbers."""

    effective_from = fields.AwareDateTime(format="iso")
    release_days = fields.Integer(strict=True)
    release_minute = fields.Integer(strict=True)
    hold_minutes = fields.Integer(strict=True)
    invoice_wait_minutes = fields.Integer(strict=True)
    extension_minutes = fields.Integer(strict=True)
    cancel_minutes = fields.Integer(strict=True)
    open_limit = fields.Integer(strict=True)
    day_limit = fields.Integer(strict=True)
    department_day_limit = fields.Integer(strict=True)
    slots_days_ahead = fields.Integer(strict=True)
    verified_only = fields.Boolean()
