"""Patients as they travel through the HTTP door."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from services.records.domain import SEXES, GuardianGiven, Registration
from shared.schemas import RequestSchema, text

_REAL_SEXES = [each for each in SEXES if each != "unknown"]


class GuardianBody(RequestSchema):
    """A child's guardian as typed."""

    name = text(60)
    document_type = text(2, shortest=2)
    document_number = text(40)
    phone = text(20)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> GuardianGiven:
        """The domain's form."""
        return GuardianGiven(**data)


class RegistrationBody(RequestSchema):
    """A person as typed; which members are needed depends on the document and on the age."""

    name = text(60)
    document_type = text(2, shortest=2, required=False)
    document_number = text(40, required=False)
    birth_on = fields.Date(format="iso")
    sex = fields.String(validate=validate.OneOf(_REAL_SEXES))
    phone = text(20, required=False)
    guardian = fields.Nested(GuardianBody)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> dict[str, Registration]:
        """The domain's form, as the use case's argument `person`."""
        return {"person": Registration(**data)}


class VerificationBody(RequestSchema):
    """What stands in the document on the desk; what is left out is taken from the document number or stays as it is."""

    document_type = text(2, shortest=2)
    document_number = text(40)
    name = text(60, required=False)
    birth_on = fields.Date(format="iso")
    sex = fields.String(validate=validate.OneOf(_REAL_SEXES))

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> dict[str, Registration]:
        """The domain's form, as the use case's argument `person`."""
        return {"person": Registration(**{"name": "", **data})}


class MergerBody(RequestSchema):
    """The record in which the person goes on."""

    into = fields.UUID(required=True)


class RedemptionBody(RequestSchema):
    """A link code as typed."""

    code = text(20)


class SearchArguments(RequestSchema):
    """MRN, whole document number, or part of a name."""

    search = text(60)


class AccessArguments(RequestSchema):
    """A page of the access log."""

    limit = fields.Integer(load_default=50, validate=validate.Range(1, 200))
    before = fields.Integer(validate=validate.Range(1, 2**53))


class PatientSchema(Schema):
    """A patient, with numbers masked."""

    id = fields.UUID(required=True)
    mrn = fields.String(required=True)
    name = fields.String(required=True, allow_none=True)
    sex = fields.String(required=True, allow_none=True, validate=validate.OneOf(SEXES))
    birth_on = fields.Date(required=True, allow_none=True)
    document_type = fields.String(required=True, allow_none=True)
    document_number_masked = fields.String(required=True, allow_none=True)
    verified = fields.Boolean(required=True)
    merged_into = fields.UUID(required=True, allow_none=True)
    phone_masked = fields.String(required=True, allow_none=True)
    version = fields.Integer(required=True)


class GuardianSchema(Schema):
    """A child's guardian, with numbers masked."""

    name = fields.String(required=True)
    document_type = fields.String(required=True)
    document_number_masked = fields.String(required=True)
    phone_masked = fields.String(required=True)


class PatientDetailSchema(PatientSchema):
    """A patient, and the guardian of a child."""

    guardian = fields.Nested(GuardianSchema, required=True, allow_none=True)


class PatientListSchema(Schema):
    """Patients that were found; `more` says that there are others."""

    items = fields.List(fields.Nested(PatientSchema), required=True)
    more = fields.Boolean(required=True)


class LinkCodeSchema(Schema):
    """A code to hand to the person; it is shown this once."""

    id = fields.UUID(required=True)
    code = fields.String(required=True)
    valid_until = fields.AwareDateTime(required=True, format="iso")


class AccessSchema(Schema):
    """One look at a patient's data, granted or refused."""

    at = fields.AwareDateTime(required=True, format="iso")
    subject = fields.String(required=True)
    roles = fields.List(fields.String(), required=True)
    operation = fields.String(required=True)
    purpose = fields.String(required=True)
    granted = fields.Boolean(required=True)


class AccessListSchema(Schema):
    """A page of the access log; `next` is the `before` of the following page."""

    items = fields.List(fields.Nested(AccessSchema), required=True)
    next = fields.Integer(required=True, allow_none=True)
