"""The price list, and what a stay is charged."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from services.billing import queries, usecases
from services.billing.api.blueprint import blueprint
from services.billing.schemas.charging import (
    ChargeFileReportSchema,
    ChargeFileSchema,
    ChargeLineSchema,
    ChargeLinesSchema,
    ChargesQuerySchema,
    ChargesRequestSchema,
    NewPriceSchema,
    PriceListQuerySchema,
    PriceListSchema,
    PriceSchema,
    ReturnRequestSchema,
)
from shared.operations import read, run

WARD = ("nurse",)
READERS = ("nurse", "cashier", "finance", "auditor")


def _owners(page: dict[str, Any]) -> list[UUID]:
    return [row["patient_id"] for row in page["items"]]


@blueprint.query(
    "/priced-items",
    PriceListSchema,
    allow=("nurse", "doctor", "cashier", "finance", "auditor"),
    args=PriceListQuerySchema,
)
def list_priced_items(**wanted: Any) -> Any:
    """The price list: items by name, pinyin, initials or code, with what they cost today."""
    return read(queries.priced_items, **wanted)


@blueprint.command(
    "/priced-items/<uuid:item_id>/prices", PriceSchema, allow=("finance",), body=NewPriceSchema, status=201
)
def set_price(item_id: UUID, **body: Any) -> Any:
    """An item costs something else from a day on."""
    return run(usecases.set_price, item_id=item_id, **body)


@blueprint.query(
    "/stays/<uuid:encounter_id>/charges",
    ChargeLinesSchema,
    allow=READERS,
    args=ChargesQuerySchema,
    patients=_owners,
    purpose="billing",
)
def list_charges(encounter_id: UUID, **wanted: Any) -> Any:
    """The charges of a stay, the one entered last first."""
    return read(queries.stay_charges, encounter_id=encounter_id, **wanted)


@blueprint.command(
    "/stays/<uuid:encounter_id>/charges", ChargeLinesSchema, allow=WARD, body=ChargesRequestSchema, status=201
)
def charge_stay(encounter_id: UUID, **body: Any) -> Any:
    """Enter charges on a stay, all of them or none."""
    return run(usecases.charge_stay, encounter_id=encounter_id, **body)


@blueprint.command("/charges/<uuid:line_id>/return", ChargeLineSchema, allow=WARD, body=ReturnRequestSchema, status=201)
def return_charge(line_id: UUID, **body: Any) -> Any:
    """Take a charge or a part of it back, by a line below nothing that names it."""
    return run(usecases.return_charge, line_id=line_id, **body)


@blueprint.command("/charge-files", ChargeFileReportSchema, allow=("nurse", "admin"), body=ChargeFileSchema)
def take_charge_file(**body: Any) -> Any:
    """Enter the charges of a CSV file; each bad line is named, and a file sent again enters nothing twice."""
    return run(usecases.take_charge_file, **body)
