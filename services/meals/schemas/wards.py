"""What travels through the doors of meals: its HTTP answers, and what it reads of records' facts."""

from __future__ import annotations

from marshmallow import Schema, fields

from shared.schemas import EventSchema, NamesSchema, RequestSchema


class PatientSchema(Schema):
    """A patient as meals knows them; sex and date of birth are empty for the canteen."""

    id = fields.UUID(required=True)
    mrn = fields.String(required=True)
    sex = fields.String(required=True, allow_none=True)
    birth_on = fields.Date(required=True, allow_none=True)
    verified = fields.Boolean(required=True)
    merged_ids = fields.List(fields.UUID(), required=True)


class InpatientSchema(Schema):
    """Somebody who lies in a ward; the medical record number is empty until the patient is known here."""

    encounter_id = fields.UUID(required=True)
    patient_id = fields.UUID(required=True)
    mrn = fields.String(required=True, allow_none=True)
    encounter_class = fields.String(data_key="class", required=True)
    ward = fields.Nested(NamesSchema, required=True)
    bed = fields.String(required=True, allow_none=True)
    started_at = fields.AwareDateTime(required=True, allow_none=True, format="iso")


class InpatientsSchema(Schema):
    """Who lies in a ward, by bed."""

    items = fields.List(fields.Nested(InpatientSchema), required=True)


class InpatientsQuerySchema(RequestSchema):
    """Which ward."""

    ward_id = fields.UUID(required=True)


class PatientVerifiedSchema(EventSchema):
    """Of records.patient_verified.v1."""

    patient_id = fields.UUID(required=True)
    mrn = fields.String(required=True)
    sex = fields.String(required=True, allow_none=True)
    birth_on = fields.Date(required=True, allow_none=True)
    name_masked = fields.String(load_default=None, allow_none=True)


class PatientRegisteredSchema(PatientVerifiedSchema):
    """Of records.patient_registered.v1."""

    verified = fields.Boolean(required=True)


class PatientMergedSchema(EventSchema):
    """Of records.patient_merged.v1."""

    patient_id = fields.UUID(required=True)
    merged_into = fields.UUID(required=True)


class EventCampusSchema(EventSchema):
    """The campus of a stay."""

    code = fields.String(required=True)


class EventWardSchema(EventSchema):
    """The ward of a stay."""

    id = fields.UUID(required=True)
    code = fields.String(required=True)
    zh = fields.String(required=True)
    en = fields.String(required=True)


class EventBedSchema(EventSchema):
    """The bed of a stay."""

    id = fields.UUID(required=True)
    label = fields.String(required=True)


class StaySchema(EventSchema):
    """Of every fact of a stay: its whole state."""

    encounter_id = fields.UUID(required=True)
    patient_id = fields.UUID(required=True)
    encounter_class = fields.String(required=True)
    state = fields.String(required=True)
    campus = fields.Nested(EventCampusSchema, required=True, allow_none=True)
    ward = fields.Nested(EventWardSchema, required=True, allow_none=True)
    bed = fields.Nested(EventBedSchema, required=True, allow_none=True)
    started_at = fields.AwareDateTime(required=True, allow_none=True)
    ended_at = fields.AwareDateTime(required=True, allow_none=True)
    version = fields.Integer(required=True, strict=True)
