"""Inpatients of the meals service for its tests: a stay that was heard of, and what is ordered for it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from services.meals import queries, store, usecases
from services.meals.domain import Allergen, DietOrder, Npo, NpoKind, NpoReason
from services.meals.seed import fill_kitchen
from shared.actor import Actor
from shared.database import Database
from shared.door import Door
from tests.meals.hearsay import golden, hear, registered

ADMITTED = "records.encounter_admitted.v1"
STAY = UUID(golden(ADMITTED)["data"]["encounter_id"])
WANG = UUID(golden(ADMITTED)["data"]["patient_id"])
WARD = UUID(golden(ADMITTED)["data"]["ward"]["id"])
NURSE = Actor(subject="staff:nurse", roles=("nurse",))
DOCTOR = Actor(subject="staff:doctor", roles=("doctor",))
DIETITIAN = Actor(subject="staff:dietitian", roles=("dietitian",))


def admitted(encounter_id: UUID = STAY, **changes: Any) -> tuple[str, dict[str, Any]]:
    """Somebody lies in a ward."""
    return ADMITTED, {**golden(ADMITTED)["data"], "encounter_id": str(encounter_id), **changes}


def discharged(encounter_id: UUID = STAY) -> tuple[str, dict[str, Any]]:
    """They have gone home."""
    type_ = "records.encounter_discharged.v1"
    return type_, {**golden(type_)["data"], "encounter_id": str(encounter_id)}


def admit(database: Database, encounter_id: UUID = STAY) -> None:
    """A patient whom meals knows lies in a ward."""
    hear(database, registered(str(WANG)), admitted(encounter_id))


def kitchen(door: Door) -> None:
    """The demo kitchen's ingredients and dishes."""
    with door.database.write() as uow:
        fill_kitchen(uow, door)


def do(door: Door, use_case: Callable[..., Any], *, actor: Actor = DOCTOR, **arguments: Any) -> Any:
    """Run a use case as its door does."""
    with door.database.write() as uow, uow.savepoint():
        return use_case(uow, actor=actor, now=door.clock(), **arguments)


def order_diet(door: Door, texture: str = "GENERAL", *restrictions: str, **more: Any) -> DietOrder:
    """A diet order for the stay."""
    arguments = {"encounter_id": STAY, "texture": texture, "restrictions": restrictions, **more}
    made: DietOrder = do(door, usecases.order_diet, **arguments)
    return made


def fast(door: Door, kind: NpoKind = NpoKind.NO_FOOD, **more: Any) -> Npo:
    """A fasting order for the stay."""
    made: Npo = do(
        door, usecases.order_npo, **{"encounter_id": STAY, "kind": kind, "reason": NpoReason.SURGERY, **more}
    )
    return made


def allergic(door: Door, allergen: Allergen, **more: Any) -> Any:
    """An allergy of the stay."""
    return do(door, usecases.note_allergy, **{"encounter_id": STAY, "allergen": allergen, **more})


def diet_now(door: Door, encounter_id: UUID = STAY) -> dict[str, Any]:
    """What the nurse's page shows."""
    with door.database.read() as uow:
        return queries.diet_of_stay(uow, actor=NURSE, now=door.clock(), encounter_id=encounter_id)


def history(door: Door) -> list[tuple[int, str, datetime, datetime | None]]:
    """The diets of the stay: version, name, from, until."""
    with door.database.read() as uow:
        return [
            (each.version, each.diet.name()[0], each.starts_at, each.ends_at)
            for each in store.diet_orders_of(uow, STAY)
        ]
