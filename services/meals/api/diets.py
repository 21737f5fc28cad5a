"""Diets, fasting and allergies of stays; orders of other systems that nobody understood."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from services.meals import queries, usecases
from services.meals.api.blueprint import blueprint
from services.meals.schemas import diets as schemas
from services.meals.schemas.wards import InpatientsQuerySchema
from shared.operations import read, run

WARD = queries.WARD


def _owner(row: dict[str, Any]) -> list[UUID]:
    return [row["patient_id"]]


def _owners(rows: dict[str, Any]) -> list[UUID]:
    return [each["patient_id"] for each in rows["items"]]


@blueprint.query("/diet-manual", schemas.DietManualSchema, allow=(*WARD, "canteen", "patient"))
def show_diet_manual() -> Any:
    """Everything that can be ordered: textures, restrictions, exclusions, allergens."""
    return read(queries.diet_manual)


@blueprint.query(
    "/stays/<uuid:encounter_id>/diet", schemas.DietOfStaySchema, allow=queries.DIET_READERS, patients=_owner
)
def show_diet(encounter_id: UUID) -> Any:
    """What somebody may eat now, and the diets before."""
    return read(queries.diet_of_stay, encounter_id=encounter_id)


@blueprint.query("/diets", schemas.DietsOfWardSchema, allow=WARD, args=InpatientsQuerySchema, patients=_owners)
def list_diets(**arguments: Any) -> Any:
    """Diet, fasting and allergies of everybody in a ward."""
    return read(queries.diets_of_ward, **arguments)


@blueprint.command(
    "/stays/<uuid:encounter_id>/diet-orders",
    schemas.DietOrderSchema,
    allow=WARD,
    body=schemas.DietOrderBody,
    status=201,
)
def order_diet(encounter_id: UUID, **body: Any) -> Any:
    """A new diet; it ends the one before and counts for the first meal whose cut-off is later."""
    return run(usecases.order_diet, encounter_id=encounter_id, **body)


@blueprint.command(
    "/stays/<uuid:encounter_id>/npo-orders", schemas.NpoSchema, allow=WARD, body=schemas.NpoBody, status=201
)
def order_npo(encounter_id: UUID, **body: Any) -> Any:
    """Fasting; it acts at once and ends with a new diet order only."""
    return run(usecases.order_npo, encounter_id=encounter_id, **body)


@blueprint.command("/npo-orders/<uuid:npo_id>/cancellation", schemas.NpoSchema, allow=WARD, body=schemas.EmptyBody)
def cancel_npo(npo_id: UUID) -> Any:
    """Fasting that has not begun will not be needed."""
    return run(usecases.cancel_npo, npo_id=npo_id)


@blueprint.command(
    "/stays/<uuid:encounter_id>/allergies",
    schemas.AllergySchema,
    allow=WARD,
    body=schemas.AllergyBody,
    status=201,
)
def note_allergy(encounter_id: UUID, **body: Any) -> Any:
    """An allergy of a stay; it acts at once."""
    return run(usecases.note_allergy, encounter_id=encounter_id, **body)


@blueprint.command(
    "/allergies/<uuid:allergy_id>/withdrawal", schemas.AllergySchema, allow=WARD, body=schemas.ReasonBody
)
def withdraw_allergy(allergy_id: UUID, **body: Any) -> Any:
    """An allergy was noted wrongly."""
    return run(usecases.withdraw_allergy, allergy_id=allergy_id, **body)
