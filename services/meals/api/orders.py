"""Ordering meals: for a patient, for a companion at a bed, and the hospital's rules of ordering."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from services.meals.api.blueprint import blueprint
from services.meals.queries import orders as order_queries
from services.meals.schemas import orders as schemas
from services.meals.schemas import rules as rule_schemas
from services.meals.schemas.orders import EmptySchema
from services.meals.usecases import companions, orders, rules
from shared.operations import read, run

WHO_ORDERS = ("patient", "nurse", "dietitian")
DESK = ("dietitian", "admin")


def _owner(row: dict[str, Any]) -> list[UUID]:
    return [row["patient_id"]]


@blueprint.query(
    "/stays/<uuid:encounter_id>/meals",
    schemas.StayMealsSchema,
    allow=WHO_ORDERS,
    args=schemas.StayMealsQuerySchema,
    patients=_owner,
)
def list_stay_meals(encounter_id: UUID, **wanted: Any) -> Any:
    """The meals of a stay for the coming days, with what was ordered."""
    return read(order_queries.list_stay_meals, encounter_id=encounter_id, **wanted)


@blueprint.query(
    "/stays/<uuid:encounter_id>/menu",
    schemas.PatientMenuSchema,
    allow=WHO_ORDERS,
    args=schemas.MealQuerySchema,
    patients=_owner,
)
def show_stay_menu(encounter_id: UUID, **wanted: Any) -> Any:
    """A meal's menu for a patient: what the diet allows, and for everything else why not."""
    return read(order_queries.show_menu, encounter_id=encounter_id, **wanted)


@blueprint.command(
    "/stays/<uuid:encounter_id>/orders",
    schemas.OrderSchema,
    allow=WHO_ORDERS,
    body=schemas.OrderRequestSchema,
    status=201,
)
def place_order(encounter_id: UUID, **body: Any) -> Any:
    """Order a meal, or choose again before the cut-off."""
    return run(orders.place_order, encounter_id=encounter_id, **body)


@blueprint.command(
    "/stays/<uuid:encounter_id>/declined-meals",
    schemas.OrderSchema,
    allow=WHO_ORDERS,
    body=schemas.MealRequestSchema,
    status=201,
)
def decline_meal(encounter_id: UUID, **body: Any) -> Any:
    """No meal is wanted: what was ordered is cancelled, and the standard meal does not come."""
    return run(orders.decline_meal, encounter_id=encounter_id, **body)


@blueprint.command(
    "/stays/<uuid:encounter_id>/late-meals",
    schemas.OrderSchema,
    allow=("nurse", "dietitian"),
    body=schemas.MealRequestSchema,
    status=201,
)
def serve_late_meal(encounter_id: UUID, **body: Any) -> Any:
    """After the cut-off, have the diet's standard meal made for a patient who has none."""
    return run(orders.serve_late_meal, encounter_id=encounter_id, **body)


@blueprint.query("/orders/<uuid:order_id>", schemas.ShownOrderSchema, allow=WHO_ORDERS, patients=_owner)
def show_order(order_id: UUID) -> Any:
    """One order."""
    return read(order_queries.show_order, order_id=order_id)


@blueprint.command("/orders/<uuid:order_id>/cancellation", schemas.OrderSchema, allow=WHO_ORDERS, body=EmptySchema)
def cancel_order(order_id: UUID) -> Any:
    """Cancel a meal before the cut-off; all of its money goes back."""
    return run(orders.cancel_order, order_id=order_id)


@blueprint.query("/beds/<bed_code>", schemas.BedSchema, allow=WHO_ORDERS)
def show_bed(bed_code: str) -> Any:
    """What a bed's card leads to."""
    return read(order_queries.show_bed, bed_code=bed_code)


@blueprint.query("/beds/<bed_code>/menu", schemas.OrderingMenuSchema, allow=("patient",), args=schemas.MealQuerySchema)
def show_companion_menu(bed_code: str, **wanted: Any) -> Any:
    """A meal's menu for who keeps somebody company."""
    return read(order_queries.show_companion_menu, bed_code=bed_code, **wanted)


@blueprint.command(
    "/companion-orders",
    schemas.OrderSchema,
    allow=("patient",),
    body=schemas.CompanionOrderRequestSchema,
    status=201,
)
def order_companion_meal(**body: Any) -> Any:
    """Order a companion's meal by the code at the bed; billing issues its bill, which is paid at once."""
    return run(companions.order_companion_meal, **body)


@blueprint.query(
    "/companion-orders",
    schemas.CompanionMealsSchema,
    allow=("patient",),
    args=schemas.PayerQuerySchema,
    patients=_owner,
)
def list_companion_meals(**wanted: Any) -> Any:
    """The companion's meals that go on a payer's record."""
    return read(order_queries.list_companion_meals, **wanted)


@blueprint.query("/ordering-rules", rule_schemas.RulesSchema, allow=("patient", "nurse", "canteen", *DESK))
def get_ordering_rules() -> Any:
    """Cut-offs, hours and rules of ordering."""
    return read(order_queries.get_rules)


@blueprint.command(
    "/ordering-rules", rule_schemas.OrderingRulesSchema, allow=DESK, body=rule_schemas.OrderingRulesRequestSchema
)
def set_ordering_rules(**body: Any) -> Any:
    """Set the rules of ordering from now on."""
    return run(rules.set_ordering_rules, **body)


@blueprint.command(
    "/serving-times", rule_schemas.ServingTimesSchema, allow=DESK, body=rule_schemas.ServingTimesRequestSchema
)
def set_serving_times(**body: Any) -> Any:
    """Set until when a meal is ordered and when it is served; days that are laid down keep their hours."""
    return run(rules.set_serving_times, **body)
