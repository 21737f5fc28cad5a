"""Charges that come after the bill of a stay is closed: never lost, never on the closed bill; each gets a decision."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from services.billing.domain.settlement_errors import LateChargeClosed, WrongWayOut


class LateChargeState(StrEnum):
    """`absorbed`: the settlement was called off, so the charge is on the stay's bill like any other."""

    OPEN = "open"
    BILLED = "billed"
    BORNE = "borne"
    GIVEN_BACK = "given_back"
    ABSORBED = "absorbed"


class ChargeSource(StrEnum):
    """Which list of the stay the charge is in: the medical charges, or the separate non-medical ledger."""

    MEDICAL = "medical"
    NON_MEDICAL = "non_medical"


@dataclass(eq=False, kw_only=True)
class LateCharge:
    """One late charge (fen; less than nothing where something is due back). `charge_id` is its line on the stay;
    a meal and its reversal have the same.
    """

    id: UUID
    settlement_id: UUID
    account_id: UUID
    encounter_id: UUID
    patient_id: UUID
    source: ChargeSource
    charge_id: UUID
    text_zh: str
    text_en: str
    amount_fen: int
    opened_at: datetime
    state: LateChargeState = LateChargeState.OPEN
    decided_at: datetime | None = None
    decided_by: str | None = None
    reason: str | None = None
    version: int = 1

    def decide(self, way: LateChargeState, *, by: str, reason: str, now: datetime) -> None:
        """Close the case: what is owed is billed to the patient or borne by the hospital, what is due back given back.

        Raises LateChargeClosed when it was decided before, WrongWayOut where the way does not fit the amount.
        """
        if self.state is not LateChargeState.OPEN:
            raise LateChargeClosed
        fits = {LateChargeState.GIVEN_BACK} if self.amount_fen < 0 else {LateChargeState.BILLED, LateChargeState.BORNE}
        if way not in fits:
            raise WrongWayOut
        self.state, self.decided_by, self.reason, self.decided_at = way, by, reason, now

    def absorb(self, now: datetime) -> None:
        """The settlement was called off: the charge is on the stay's bill again."""
        if self.state is LateChargeState.OPEN:
            self.state, self.decided_at = LateChargeState.ABSORBED, now
