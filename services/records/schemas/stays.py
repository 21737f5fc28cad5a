"""Stays as they travel through the HTTP door: admission, transfer, discharge, and who lies where."""

from __future__ import annotations

from datetime import UTC
from typing import Any

from marshmallow import Schema, fields, post_load, validate

from services.records.domain import EncounterClass, EncounterState, StepKind
from shared.schemas import NamesSchema, RequestSchema, text


class InstantBody(RequestSchema):
    """`at` is when it happened, now if it is left out."""

    at = fields.AwareDateTime(format="iso")

    @post_load
    def in_utc(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Whatever zone the caller's clock names."""
        return {**data, "at": data["at"].astimezone(UTC)} if "at" in data else data


class AdmissionBody(InstantBody):
    """Who is laid in which bed."""

    patient_id = fields.UUID(required=True)
    bed_id = fields.UUID(required=True)
    encounter_class = fields.Enum(
        EncounterClass,
        by_value=True,
        data_key="class",
        validate=validate.OneOf([EncounterClass.INPATIENT, EncounterClass.EMERGENCY]),
    )


class TransferBody(InstantBody):
    """The new bed."""

    bed_id = fields.UUID(required=True)


class DischargeBody(InstantBody):
    """The end of a stay."""


class CancellationBody(RequestSchema):
    """The step that never happened; it must be the last one."""

    step = fields.Enum(StepKind, by_value=True, required=True)


class WardArguments(RequestSchema):
    """The wards of one campus."""

    campus = text(80, required=False)


class EncounterArguments(RequestSchema):
    """Whose stays."""

    patient_id = fields.UUID(required=True)


class SpotSchema(Schema):
    """A campus or a ward."""

    id = fields.UUID(required=True)
    code = fields.String(required=True)
    name = fields.Nested(NamesSchema, required=True)


class BedLabelSchema(Schema):
    """A bed of a ward."""

    id = fields.UUID(required=True)
    label = fields.String(required=True)


class StepSchema(Schema):
    """What happened in a stay, and whether it was taken back."""

    kind = fields.String(required=True, validate=validate.OneOf(list(StepKind)))
    at = fields.AwareDateTime(required=True, format="iso")
    recorded_at = fields.AwareDateTime(required=True, format="iso")
    cancelled = fields.Boolean(required=True)


class EncounterSchema(Schema):
    """A stay or a visit; its place is where the person lies or last lay."""

    id = fields.UUID(required=True)
    patient_id = fields.UUID(required=True)
    encounter_class = fields.String(data_key="class", required=True, validate=validate.OneOf(list(EncounterClass)))
    state = fields.String(required=True, validate=validate.OneOf(list(EncounterState)))
    campus = fields.Nested(SpotSchema, required=True, allow_none=True)
    ward = fields.Nested(SpotSchema, required=True, allow_none=True)
    bed = fields.Nested(BedLabelSchema, required=True, allow_none=True)
    started_at = fields.AwareDateTime(required=True, allow_none=True, format="iso")
    ended_at = fields.AwareDateTime(required=True, allow_none=True, format="iso")
    steps = fields.List(fields.Nested(StepSchema), required=True)
    version = fields.Integer(required=True)


class StayPatientSchema(Schema):
    """Who lies there, as the records have the person today."""

    id = fields.UUID(required=True)
    mrn = fields.String(required=True)
    name = fields.String(required=True, allow_none=True)
    sex = fields.String(required=True, allow_none=True)
    birth_on = fields.Date(required=True, allow_none=True)
    verified = fields.Boolean(required=True)


class EncounterDetailSchema(EncounterSchema):
    """A stay with its patient; `patient_id` is the record in which the person goes on."""

    patient = fields.Nested(StayPatientSchema, required=True)


class EncounterListSchema(Schema):
    """The stays and visits of a person, newest first."""

    items = fields.List(fields.Nested(EncounterSchema), required=True)


class WardSchema(SpotSchema):
    """A ward; `as_sent` says that only a message knows it."""

    campus = fields.Nested(SpotSchema, required=True)
    as_sent = fields.Boolean(required=True)
    beds = fields.Integer(required=True)
    taken = fields.Integer(required=True)


class WardListSchema(Schema):
    """Wards, with how many of their beds are taken."""

    items = fields.List(fields.Nested(WardSchema), required=True)


class OccupantSchema(Schema):
    """Somebody who lies in a ward."""

    encounter_id = fields.UUID(required=True)
    encounter_class = fields.String(data_key="class", required=True, validate=validate.OneOf(list(EncounterClass)))
    patient_id = fields.UUID(required=True)
    mrn = fields.String(required=True)
    name = fields.String(required=True, allow_none=True)
    sex = fields.String(required=True, allow_none=True)
    birth_on = fields.Date(required=True, allow_none=True)
    verified = fields.Boolean(required=True)
    started_at = fields.AwareDateTime(required=True, allow_none=True, format="iso")
    version = fields.Integer(required=True)


class BedSchema(BedLabelSchema):
    """A bed and who lies in it."""

    room = fields.String(required=True, allow_none=True)
    occupant = fields.Nested(OccupantSchema, required=True, allow_none=True)


class BedListSchema(Schema):
    """A ward's beds, and those in the ward who have no bed yet."""

    ward = fields.Nested(WardSchema, required=True)
    items = fields.List(fields.Nested(BedSchema), required=True)
    without_bed = fields.List(fields.Nested(OccupantSchema), required=True)
