"""Settling a stay at the bed, and the charges that come too late."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from services.billing import queries, usecases
from services.billing.api.blueprint import blueprint
from services.billing.domain.late_charge import LateChargeState
from services.billing.schemas.payments import EmptySchema, PaymentSchema
from services.billing.schemas.settlements import (
    LateChargeDecisionSchema,
    LateChargesQuerySchema,
    LateChargesSchema,
    LateChargeStandingSchema,
    OverruleSchema,
    ReasonSchema,
    SettlementPaymentSchema,
    SettlementRequestSchema,
    SettlementSchema,
    SettlementsQuerySchema,
    SettlementsSchema,
    SettlementStandingSchema,
    SignatureRequestSchema,
)
from shared.operations import read, run

BEDSIDE = ("nurse", "cashier")
OFFICE = ("cashier", "finance")


def _owner(row: dict[str, Any]) -> list[UUID]:
    return [row["patient_id"]]


def _owners(page: dict[str, Any]) -> list[UUID]:
    return [row["patient_id"] for row in page["items"]]


@blueprint.command("/settlements", SettlementStandingSchema, allow=BEDSIDE, body=SettlementRequestSchema, status=201)
def open_settlement(**body: Any) -> Any:
    """Begin to settle a stay; every source of charges is asked to complete what is theirs."""
    return run(usecases.open_settlement, **body)


@blueprint.query(
    "/settlements",
    SettlementsSchema,
    allow=("nurse", "cashier", "finance", "auditor", "patient"),
    args=SettlementsQuerySchema,
    patients=_owners,
    purpose="billing",
)
def list_settlements(**wanted: Any) -> Any:
    """The settlements of a stay or a patient, the newest first."""
    return read(queries.settlements_of, **wanted)


@blueprint.query(
    "/settlements/<uuid:settlement_id>",
    SettlementSchema,
    allow=("nurse", "cashier", "finance", "auditor", "patient"),
    patients=_owner,
    purpose="billing",
)
def show_settlement(settlement_id: UUID) -> Any:
    """One settlement: its amounts, checklist and clock."""
    return read(queries.settlement, settlement_id=settlement_id)


@blueprint.command(
    "/settlements/<uuid:settlement_id>/overrules",
    SettlementStandingSchema,
    allow=("nurse", "cashier", "finance"),
    body=OverruleSchema,
    status=201,
)
def overrule_check(settlement_id: UUID, **body: Any) -> Any:
    """Pass over an open item of the checklist, with a reason that is kept and shown."""
    return run(usecases.overrule_check, settlement_id=settlement_id, **body)


@blueprint.command("/settlements/<uuid:settlement_id>/bill", SettlementStandingSchema, allow=BEDSIDE, body=EmptySchema)
def close_bill(settlement_id: UUID) -> Any:
    """Close the bill: everything is on it, a charge that comes later is a late one."""
    return run(usecases.close_bill, settlement_id=settlement_id)


@blueprint.command(
    "/settlements/<uuid:settlement_id>/presentation", SettlementStandingSchema, allow=BEDSIDE, body=EmptySchema
)
def present_settlement(settlement_id: UUID) -> Any:
    """The tablet goes to the person."""
    return run(usecases.present_settlement, settlement_id=settlement_id)


@blueprint.command(
    "/settlements/<uuid:settlement_id>/signature",
    SettlementStandingSchema,
    allow=BEDSIDE,
    body=SignatureRequestSchema,
    status=201,
)
def sign_settlement(settlement_id: UUID, **body: Any) -> Any:
    """The person signs exactly the amounts that were shown, on the tablet of the nurse who witnesses it."""
    return run(usecases.sign_settlement, settlement_id=settlement_id, **body)


@blueprint.command(
    "/settlements/<uuid:settlement_id>/payment",
    PaymentSchema,
    allow=BEDSIDE,
    body=SettlementPaymentSchema,
    status=201,
)
def pay_settlement(settlement_id: UUID, **body: Any) -> Any:
    """Have the wallet open an order that any phone can pay by a code on the tablet."""
    return run(usecases.pay_settlement, settlement_id=settlement_id, **body)


@blueprint.command(
    "/settlements/<uuid:settlement_id>/withdrawal",
    SettlementStandingSchema,
    allow=("nurse", "cashier", "finance"),
    body=ReasonSchema,
)
def withdraw_settlement(settlement_id: UUID, **body: Any) -> Any:
    """Call the settlement off before money moved; the stay can be charged again."""
    return run(usecases.withdraw_settlement, settlement_id=settlement_id, **body)


@blueprint.command(
    "/settlements/<uuid:settlement_id>/self-payment",
    SettlementStandingSchema,
    allow=("nurse", "cashier", "finance"),
    body=ReasonSchema,
)
def bear_alone(settlement_id: UUID, **body: Any) -> Any:
    """The insurer refused: the person bears everything, and reads and signs again."""
    return run(usecases.bear_alone, settlement_id=settlement_id, **body)


@blueprint.command(
    "/settlements/<uuid:settlement_id>/claim",
    SettlementStandingSchema,
    allow=("nurse", "cashier", "finance"),
    body=EmptySchema,
)
def claim_again(settlement_id: UUID) -> Any:
    """What the insurer refused is mended: ask it again."""
    return run(usecases.claim_again, settlement_id=settlement_id)


@blueprint.query(
    "/late-charges",
    LateChargesSchema,
    allow=("cashier", "finance", "auditor"),
    args=LateChargesQuerySchema,
    patients=_owners,
    purpose="billing",
)
def list_late_charges(**wanted: Any) -> Any:
    """Charges that came after the bill of their stay was closed, the oldest first."""
    return read(queries.late_charges_of, **wanted)


@blueprint.command(
    "/late-charges/<uuid:late_charge_id>/decision",
    LateChargeStandingSchema,
    allow=OFFICE,
    body=LateChargeDecisionSchema,
)
def decide_late_charge(late_charge_id: UUID, way: str, reason: str) -> Any:
    """Bill the patient, let the hospital bear it, or give back; with a reason."""
    return run(usecases.decide_late_charge, late_charge_id=late_charge_id, way=LateChargeState(way), reason=reason)
