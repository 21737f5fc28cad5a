"""What a message orders to eat: told to the kitchen, with the stay it is for."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from services.records.domain import EncounterState, SentDietOrder, StayUnknown
from services.records.events import DietOrderReceived
from services.records.usecases.sent_stays import stay_meant
from shared.actor import Actor
from shared.database import UnitOfWork


def take_diet_order(
    uow: UnitOfWork, *, actor: Actor, now: datetime, patient_id: UUID, sender: str, diet: SentDietOrder
) -> str:
    """Tell the kitchen of a diet order; gives what was done, in words for a report.

    The stay is found as for the messages of stays. Raises StayUnknown, also for a visit that has ended.
    """
    encounter = stay_meant(
        uow,
        patient_id,
        EncounterState.IN_PROGRESS,
        visit_system=diet.visit_system,
        visit_number=diet.visit_number,
    )
    if encounter is None or encounter.state != EncounterState.IN_PROGRESS:
        raise StayUnknown
    fact = DietOrderReceived(
        order_id=uuid4(),
        encounter_id=encounter.id,
        patient_id=encounter.patient_id,
        encounter_class=encounter.encounter_class,
        sender=sender,
        placer_number=diet.placer_number,
        control=diet.control,
        codes=[{"kind": each.kind, "code": each.code, "text": each.text} for each in diet.codes],
        text=diet.text,
        starts_at=diet.starts_at,
    )
    uow.publish(fact, actor=actor, now=now)
    return "diet order handed on"
