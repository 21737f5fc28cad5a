"""Orders of other systems that nobody understood: the dietitian says what they mean."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from services.meals import queries, usecases
from services.meals.api.blueprint import blueprint
from services.meals.schemas import received_orders as schemas
from services.meals.schemas.diets import ReasonBody
from shared.operations import read, run

WARD = queries.WARD


@blueprint.query(
    "/received-orders",
    schemas.ReceivedOrdersSchema,
    allow=WARD,
    args=schemas.ReceivedOrdersQuerySchema,
    patients=lambda rows: [each["patient_id"] for each in rows["items"]],
)
def list_received_orders(**arguments: Any) -> Any:
    """Diet orders that came by message: by default those that wait for the dietitian."""
    return read(queries.orders_received, **arguments)


@blueprint.query(
    "/received-orders/<uuid:order_id>",
    schemas.ShownReceivedOrderSchema,
    allow=WARD,
    patients=lambda row: [row["patient_id"]],
)
def show_received_order(order_id: UUID) -> Any:
    """One diet order that came by message."""
    return read(queries.received_order, order_id=order_id)


@blueprint.command(
    "/received-orders/<uuid:order_id>/settlement",
    schemas.ReceivedOrderSchema,
    allow=("dietitian", "doctor"),
    body=schemas.SettlementBody,
)
def settle_received_order(order_id: UUID, **body: Any) -> Any:
    """Say which diet a received order means, and what its codes mean from now on."""
    return run(usecases.settle_received_order, order_id=order_id, **body)


@blueprint.command(
    "/received-orders/<uuid:order_id>/dismissal",
    schemas.ReceivedOrderSchema,
    allow=("dietitian", "doctor"),
    body=ReasonBody,
)
def dismiss_received_order(order_id: UUID, **body: Any) -> Any:
    """A received order needs nothing, with the reason why."""
    return run(usecases.dismiss_received_order, order_id=order_id, **body)
