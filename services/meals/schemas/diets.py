"""Diets, fasting and allergies as they travel: the HTTP door, and the fact of an order that came by message."""

from __future__ import annotations

from datetime import UTC
from typing import Any

from marshmallow import Schema, fields, post_load, validate

from services.meals.domain import (
    ENERGY_RANGE,
    Allergen,
    DietSource,
    Meal,
    NpoKind,
    NpoReason,
    WarningCode,
)
from shared.schemas import NamesSchema, RequestSchema, text

_MOST = 20
_CODE = validate.Regexp(r"[A-Z0-9_]{1,40}\Z")


def _codes() -> fields.List[Any]:
    return fields.List(fields.String(validate=_CODE), load_default=list, validate=validate.Length(max=_MOST))


def _one_of(kind: Any, **more: Any) -> fields.Enum[Any]:
    return fields.Enum(kind, by_value=True, **more)


def _instant(**more: Any) -> fields.AwareDateTime:
    return fields.AwareDateTime(format="iso", **more)


# ------------------------------------------------------------------------------------------------ what comes in


class DietBody(RequestSchema):
    """A diet by the codes of the manual (`/diet-manual`), of texture x restrictions x energy x exclusions."""

    texture = fields.String(required=True, validate=_CODE)
    restrictions = _codes()
    energy_kcal = fields.Integer(
        load_default=None,
        allow_none=True,
        strict=True,
        validate=validate.Range(min=ENERGY_RANGE.start, max=ENERGY_RANGE.stop - 1),
    )
    exclusions = _codes()
    resumes = fields.Boolean(load_default=False, metadata={"description": "Eating begins again: it ends fasting."})


class DietOrderBody(DietBody):
    """A diet order; `verbal` is the nurse's own word for the first meal after admission."""

    verbal = fields.Boolean(load_default=False)
    note = text(300, shortest=0, required=False, load_default="")


class NpoBody(RequestSchema):
    """Fasting, from now on or from an instant; `until_at` is what is expected."""

    kind = _one_of(NpoKind, required=True)
    reason = _one_of(NpoReason, required=True)
    from_at = _instant(allow_none=True, load_default=None)
    until_at = _instant(allow_none=True, load_default=None)

    @post_load
    def in_utc(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Whatever zone the caller's clock names."""
        return {**data, **{each: data[each] and data[each].astimezone(UTC) for each in ("from_at", "until_at")}}


class AllergyBody(RequestSchema):
    """What must not be in the food, and how the person reacted to it."""

    allergen = _one_of(Allergen, required=True)
    reaction = text(200, shortest=0, required=False, load_default="")


class ReasonBody(RequestSchema):
    """Why."""

    reason = text(200)


class EmptyBody(RequestSchema):
    """A request that says everything in its path."""


# ------------------------------------------------------------------------------------------------ what goes out


class CodedSchema(Schema):
    """An entry of the manual."""

    code = fields.String(required=True)
    name = fields.Nested(NamesSchema, required=True)


class AllergenSchema(CodedSchema):
    """An allergen; `national` for the eight groups of GB 7718."""

    national = fields.Boolean(required=True)


class DietManualSchema(Schema):
    """What can be ordered."""

    textures = fields.List(fields.Nested(CodedSchema), required=True)
    restrictions = fields.List(fields.Nested(CodedSchema), required=True)
    exclusions = fields.List(fields.Nested(CodedSchema), required=True)
    allergens = fields.List(fields.Nested(AllergenSchema), required=True)
    npo_kinds = fields.List(fields.Nested(CodedSchema), required=True)
    npo_reasons = fields.List(_one_of(NpoReason), required=True)
    sources = fields.List(_one_of(DietSource), required=True)


class FirstMealSchema(Schema):
    """The first meal that an order affects, and until when it is ordered."""

    day = fields.Date(required=True)
    meal = _one_of(Meal, required=True)
    name = fields.Nested(NamesSchema, required=True)
    cut_off = _instant(required=True)


class DietOrderSchema(Schema):
    """One diet of a stay."""

    id = fields.UUID(required=True)
    encounter_id = fields.UUID(required=True)
    version = fields.Integer(required=True)
    texture = fields.String(required=True)
    restrictions = fields.List(fields.String(), required=True)
    energy_kcal = fields.Integer(required=True, allow_none=True)
    exclusions = fields.List(fields.String(), required=True)
    source = _one_of(DietSource, required=True)
    ordered_by = fields.String(required=True)
    ordered_at = _instant(required=True)
    starts_at = _instant(required=True)
    ends_at = _instant(required=True, allow_none=True)
    note = fields.String(required=True)
    placer_number = fields.String(required=True)


class ShownDietOrderSchema(DietOrderSchema):
    """One diet of a stay in words, with the first meal that it affected."""

    class Meta:
        """The page knows whose it is."""

        exclude = ("encounter_id",)

    name = fields.Nested(NamesSchema, required=True)
    active = fields.Boolean(required=True)
    first_meal = fields.Nested(FirstMealSchema, required=True)


class NpoSchema(Schema):
    """One fasting order; it holds until `ended_at`, whatever `until_at` expects."""

    id = fields.UUID(required=True)
    kind = _one_of(NpoKind, required=True)
    reason = _one_of(NpoReason, required=True)
    from_at = _instant(required=True)
    until_at = _instant(required=True, allow_none=True)
    ordered_at = _instant(required=True)
    ordered_by = fields.String(required=True)
    ended_at = _instant(required=True, allow_none=True)
    ended_by = fields.String(required=True, allow_none=True)


class ShownNpoSchema(NpoSchema):
    """One fasting order in words."""

    name = fields.Nested(NamesSchema, required=True)
    in_force = fields.Boolean(required=True)
    overdue = fields.Boolean(required=True)


class AllergySchema(Schema):
    """One allergy of a stay."""

    id = fields.UUID(required=True)
    allergen = _one_of(Allergen, required=True)
    reaction = fields.String(required=True)
    noted_at = _instant(required=True)
    noted_by = fields.String(required=True)


class ShownAllergySchema(AllergySchema):
    """One allergy in words."""

    name = fields.Nested(NamesSchema, required=True)


class WarningSchema(Schema):
    """What the page says beside a diet."""

    code = _one_of(WarningCode, required=True)


class DietOfStaySchema(Schema):
    """What somebody may eat now, and what was before; `first_meal` is what an order given now affects."""

    encounter_id = fields.UUID(required=True)
    patient_id = fields.UUID(required=True)
    is_open = fields.Boolean(required=True)
    order = fields.Nested(ShownDietOrderSchema, required=True, allow_none=True)
    first_meal = fields.Nested(FirstMealSchema, required=True)
    may_be_verbal = fields.Boolean(required=True)
    history = fields.List(fields.Nested(ShownDietOrderSchema), required=True)
    npo = fields.List(fields.Nested(ShownNpoSchema), required=True)
    npo_history = fields.List(fields.Nested(ShownNpoSchema), required=True)
    allergies = fields.List(fields.Nested(ShownAllergySchema), required=True)
    warnings = fields.List(fields.Nested(WarningSchema), required=True)


class DietAtBedSchema(Schema):
    """The short form for a bed of a ward."""

    encounter_id = fields.UUID(required=True)
    patient_id = fields.UUID(required=True)
    diet = fields.Nested(NamesSchema, required=True, allow_none=True)
    npo = fields.List(fields.Nested(NamesSchema), required=True)
    allergies = fields.List(fields.Nested(NamesSchema), required=True)


class DietsOfWardSchema(Schema):
    """Everybody who lies in a ward."""

    items = fields.List(fields.Nested(DietAtBedSchema), required=True)
