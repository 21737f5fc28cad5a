"""The non-medical ledger of a stay: meals and the like, apart from the medical fees (handbook section 3.4)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID


class Entry(StrEnum):
    """A charge, or the reversal that takes it back whole."""

    CHARGE = "charge"
    REVERSAL = "reversal"


@dataclass(frozen=True, kw_only=True)
class NonMedicalLine:
    """One entry; `amount_fen` of a reversal is below 0. Charge and reversal have the same `charge_id`."""

    charge_id: UUID
    entry: Entry
    encounter_id: UUID
    patient_id: UUID
    amount_fen: int
    text_zh: str
    text_en: str
    charged_on: date
    heard_at: datetime
    reason: str | None = None


@dataclass(frozen=True, kw_only=True)
class NonMedicalTally:
    """The charges that stand (charged and not reversed): their number and their sum in fen."""

    count: int
    amount_fen: int


def tally(lines: Iterable[NonMedicalLine]) -> NonMedicalTally:
    """What stands of a stay's non-medical charges. A reversal that came before its charge counts with it only."""
    lines = list(lines)
    reversed_ = {line.charge_id for line in lines if line.entry is Entry.REVERSAL}
    standing = [line for line in lines if line.entry is Entry.CHARGE and line.charge_id not in reversed_]
    return NonMedicalTally(count=len(standing), amount_fen=sum(line.amount_fen for line in standing))
