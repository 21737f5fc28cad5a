"""Meals of a stay on its non-medical ledger: exactly once, in whatever order charge and reversal are heard."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from services.billing import store
from services.billing.domain.non_medical import Entry, NonMedicalLine
from services.billing.usecases.settlement.late import note_late_charge
from shared.actor import Actor
from shared.clock import hospital_day
from shared.database import UnitOfWork


def enter_meal(uow: UnitOfWork, *, data: Mapping[str, Any], actor: Actor, now: datetime) -> None:
    """A meal is charged to a stay (fen): a line of its day. Heard again, nothing changes."""
    line = NonMedicalLine(
        charge_id=data["charge_id"],
        entry=Entry.CHARGE,
        encounter_id=data["encounter_id"],
        patient_id=data["patient_id"],
        amount_fen=data["amount_fen"],
        text_zh=data["text_zh"],
        text_en=data["text_en"],
        charged_on=data["meal_on"],
        heard_at=now,
    )
    _enter(uow, line, now)


def reverse_meal(uow: UnitOfWork, *, data: Mapping[str, Any], actor: Actor, now: datetime) -> None:
    """The charge of a meal is taken back, whole: a line of today. It may be heard before the charge itself."""
    line = NonMedicalLine(
        charge_id=data["charge_id"],
        entry=Entry.REVERSAL,
        encounter_id=data["encounter_id"],
        patient_id=data["patient_id"],
        amount_fen=-data["amount_fen"],
        text_zh="餐费退回",
        text_en="Meal taken back",
        charged_on=hospital_day(now),
        heard_at=now,
        reason=data["reason"],
    )
    _enter(uow, line, now)


def _enter(uow: UnitOfWork, line: NonMedicalLine, now: datetime) -> None:
    """A charge of a stay whose account is not known yet is kept for it; nobody can have settled that stay."""
    account = store.lock_accounts(uow, [line.encounter_id]).get(line.encounter_id)
    if store.add_non_medical(uow, line) and account is not None:
        note_late_charge(
            uow,
            account_id=account.id,
            medical=False,
            charge_id=line.charge_id,
            text_zh=line.text_zh,
            text_en=line.text_en,
            amount_fen=line.amount_fen,
            now=now,
        )
