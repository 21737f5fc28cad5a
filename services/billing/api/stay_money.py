"""The account of a stay: daily list, balance, deposits, and its non-medical ledger."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from services.billing import queries, usecases
from services.billing.api.blueprint import blueprint
from services.billing.schemas.stay_money import (
    DepositRequestSchema,
    LowBalancesQuerySchema,
    LowBalancesSchema,
    NewDepositSchema,
    NonMedicalSchema,
    StayAccountSchema,
    StayDaySchema,
)
from shared.errors import NotFound
from shared.operations import read, run

READERS = ("patient", "nurse", "front_desk", "cashier", "finance", "auditor")


def _owner(row: dict[str, Any]) -> list[UUID]:
    return [row["patient_id"]]


def _owners(page: dict[str, Any]) -> list[UUID]:
    return [row["patient_id"] for row in page["items"]]


@blueprint.query(
    "/stays/<uuid:encounter_id>/account", StayAccountSchema, allow=READERS, patients=_owner, purpose="billing"
)
def show_stay_account(encounter_id: UUID) -> Any:
    """What a stay has and costs: by category, day by day, deposits and balance."""
    return read(queries.stay_account, encounter_id=encounter_id)


@blueprint.query(
    "/stays/<uuid:encounter_id>/account/days/<string:day>",
    StayDaySchema,
    allow=READERS,
    patients=_owner,
    purpose="billing",
)
def show_stay_day(encounter_id: UUID, day: str) -> Any:
    """The list of one hospital day (YYYY-MM-DD)."""
    try:
        wanted = date.fromisoformat(day)
    except ValueError as error:
        raise NotFound from error
    return read(queries.stay_day, encounter_id=encounter_id, day=wanted)


@blueprint.query(
    "/stays/<uuid:encounter_id>/non-medical", NonMedicalSchema, allow=READERS, patients=_owner, purpose="billing"
)
def show_stay_non_medical(encounter_id: UUID) -> Any:
    """Meals and the like of a stay, apart from its medical fees."""
    return read(queries.stay_non_medical, encounter_id=encounter_id)


@blueprint.command(
    "/stays/<uuid:encounter_id>/deposits",
    NewDepositSchema,
    allow=("patient", "front_desk", "cashier"),
    body=DepositRequestSchema,
    status=201,
)
def ask_for_deposit(encounter_id: UUID, **body: Any) -> Any:
    """Ask to pay a deposit: a bill that can be paid for half an hour."""
    return run(usecases.ask_for_deposit, encounter_id=encounter_id, **body)


@blueprint.query(
    "/accounts/low",
    LowBalancesSchema,
    allow=("nurse", "front_desk", "cashier", "finance", "auditor"),
    args=LowBalancesQuerySchema,
    patients=_owners,
    purpose="billing",
)
def list_low_balances(**wanted: Any) -> Any:
    """Stays whose deposits are nearly used up, of a ward or of the hospital."""
    return read(queries.low_balances, **wanted)
