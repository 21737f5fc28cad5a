"""The kitchen's board, labels, the check at plating, and the round to the beds."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from services.meals.api.blueprint import blueprint
from services.meals.queries import production as queries
from services.meals.schemas import orders, production
from services.meals.usecases import production as usecases
from services.meals.usecases import trays
from shared.operations import read, run

KITCHEN = ("canteen", "dietitian")
ROUND = ("canteen", "nurse")


@blueprint.query("/production", production.ProductionSchema, allow=KITCHEN, args=orders.OptionalMealQuerySchema)
def show_production(**wanted: Any) -> Any:
    """The board of a meal: list, changes, progress, and who has no meal."""
    return read(queries.show_production, **wanted)


@blueprint.command(
    "/production-changes/<uuid:change_id>/acknowledgement",
    production.SeenChangeSchema,
    allow=KITCHEN,
    body=orders.EmptySchema,
)
def acknowledge_change(change_id: UUID) -> Any:
    """The kitchen has seen a change of its list."""
    return run(usecases.acknowledge_change, change_id=change_id)


@blueprint.query(
    "/trays",
    production.TraysSchema,
    allow=(*KITCHEN, "nurse"),
    args=orders.TraysQuerySchema,
    patients=lambda result: sorted({each["patient_id"] for each in result["items"]}, key=str),
)
def list_trays(**wanted: Any) -> Any:
    """The trays of a meal by ward and bed, with everything that stands on their labels."""
    return read(queries.list_trays, **wanted)


@blueprint.command("/trays/plating", production.CheckedSchema, allow=KITCHEN, body=orders.TrayRequestSchema)
def plate_tray(**body: Any) -> Any:
    """The check at plating: diet, allergies and fasting are compared again."""
    return run(trays.plate_tray, **body)


@blueprint.command("/trays/handover", production.CheckedSchema, allow=ROUND, body=orders.HandoverRequestSchema)
def hand_over_tray(**body: Any) -> Any:
    """The check at the bed, and how it ended there."""
    return run(trays.hand_over_tray, **body)


@blueprint.query("/wards/<uuid:ward_id>/bed-cards", orders.BedCardsSchema, allow=("nurse",))
def list_bed_cards(ward_id: UUID) -> Any:
    """The codes of a ward's beds, for printing their cards."""
    return read(queries.list_bed_cards, ward_id=ward_id)
