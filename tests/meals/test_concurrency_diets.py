"""Two people change what somebody may eat at the same moment: one diet is in force, nothing is noted twice."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from services.meals import usecases
from services.meals.domain import Allergen, NpoKind, NpoReason
from shared.database import Database
from shared.door import Call, Door
from shared.idempotency import Claim
from tests.meals.stays import DIETITIAN, DOCTOR, STAY, admit, diet_now, history


def at_once(door: Door, *acts: tuple[Callable[..., Any], Any, dict[str, Any]]) -> list[int]:
    """Several callers at one moment, each through the door; gives the statuses, sorted."""
    start, statuses = threading.Barrier(len(acts)), []

    def go(number: int, use_case: Callable[..., Any], actor: Any, arguments: dict[str, Any]) -> None:
        call = Call(
            actor=actor,
            arguments={"encounter_id": STAY, **arguments},
            claim=Claim(actor.subject, f"key-{number}", "print"),
            render=lambda made: {"id": str(made.id)},
            status=201,
        )
        start.wait()
        statuses.append(door.run(use_case, call).status)

    threads = [threading.Thread(target=go, args=(number, *act)) for number, act in enumerate(acts)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(30)
    return sorted(statuses)


def test_of_two_diets_at_once_one_follows_the_other(door: Door, database: Database) -> None:
    admit(database)
    textures = ("SOFT", "LIQUID", "GENERAL", "SEMI_LIQUID")
    diets = [(usecases.order_diet, DOCTOR, {"texture": texture}) for texture in textures]
    assert at_once(door, *diets) == [201] * 4
    versions = history(door)
    assert [version for version, *_ in versions] == [1, 2, 3, 4]
    assert [ends is None for *_, ends in versions] == [False, False, False, True]


def test_an_allergy_noted_by_two_is_noted_once(door: Door, database: Database) -> None:
    admit(database)
    both = [(usecases.note_allergy, actor, {"allergen": Allergen.SOY}) for actor in (DOCTOR, DIETITIAN)]
    assert at_once(door, *both) == [201, 409]
    assert [each["allergen"] for each in diet_now(door)["allergies"]] == ["soy"]


def test_two_who_let_eating_begin_again_end_the_fasting_once(door: Door, database: Database) -> None:
    admit(database)
    with database.write() as uow:
        usecases.order_npo(
            uow, actor=DOCTOR, now=door.clock(), encounter_id=STAY, kind=NpoKind.NO_FOOD, reason=NpoReason.SURGERY
        )
    both = [(usecases.order_diet, actor, {"texture": "LIQUID", "resumes": True}) for actor in (DOCTOR, DIETITIAN)]
    assert at_once(door, *both) == [201, 201]
    shown = diet_now(door)
    assert (shown["npo"], len(shown["npo_history"])) == ([], 1)
