"""Money and calls that did not end."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from services.billing import queries, usecases
from services.billing.api.blueprint import blueprint
from services.billing.domain.stuck import StuckKind
from services.billing.schemas.payments import EmptySchema
from services.billing.schemas.settlements import ReasonSchema
from services.billing.schemas.stuck import (
    StuckActSchema,
    StuckDetailSchema,
    StuckListSchema,
    StuckQuerySchema,
)
from shared.errors import NotFound
from shared.operations import read, run

MENDERS = ("cashier", "finance")
READERS = (*MENDERS, "auditor")


def _owner(row: dict[str, Any]) -> list[UUID]:
    return [row["patient_id"]]


def _owners(page: dict[str, Any]) -> list[UUID]:
    return [row["patient_id"] for row in page["items"]]


def _kind(kind: str) -> StuckKind:
    try:
        return StuckKind(kind)
    except ValueError as error:
        raise NotFound from error


@blueprint.query("/stuck", StuckListSchema, allow=READERS, args=StuckQuerySchema, patients=_owners, purpose="billing")
def list_stuck(**wanted: Any) -> Any:
    """Every payment, refund, claim and receipt that did not end, the oldest first."""
    return read(queries.stuck_list, **wanted)


@blueprint.query(
    "/stuck/<string:kind>/<uuid:reference>", StuckDetailSchema, allow=READERS, patients=_owner, purpose="billing"
)
def show_stuck(kind: str, reference: UUID) -> Any:
    """One of them, with everything that was tried."""
    return read(queries.stuck_one, kind=_kind(kind), reference=reference)


@blueprint.command("/stuck/<string:kind>/<uuid:reference>/retry", StuckActSchema, allow=MENDERS, body=EmptySchema)
def retry_stuck(kind: str, reference: UUID) -> Any:
    """Ask the other side again now."""
    return run(usecases.retry_stuck, kind=_kind(kind), reference=reference)


@blueprint.command("/stuck/<string:kind>/<uuid:reference>/care", StuckActSchema, allow=MENDERS, body=EmptySchema)
def look_after_stuck(kind: str, reference: UUID) -> Any:
    """Take it over: others see whose it is."""
    return run(usecases.look_after_stuck, kind=_kind(kind), reference=reference)


@blueprint.command("/stuck/<string:kind>/<uuid:reference>/set-aside", StuckActSchema, allow=MENDERS, body=ReasonSchema)
def set_aside_stuck(kind: str, reference: UUID, reason: str) -> Any:
    """Take it off the list, for a reason that is kept."""
    return run(usecases.set_aside_stuck, kind=_kind(kind), reference=reference, reason=reason)


@blueprint.command("/claims/<uuid:claim_id>/reversal", StuckActSchema, allow=MENDERS, body=ReasonSchema)
def reverse_claim(claim_id: UUID, reason: str) -> Any:
    """Undo a claim that has no clear end."""
    return run(usecases.reverse_claim, claim_id=claim_id, reason=reason)
