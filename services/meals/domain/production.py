"""The production list of a meal, and the changes after it was frozen (handbook section 4.8)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID

COMPANIONS = ("陪护餐", "Companions")
"""The group of companions' meals: normal food, kept apart from patients' trays."""


class ChangeKind(StrEnum):
    """What the kitchen has to do differently from its frozen list."""

    STOP = "stop"
    ADD = "add"
    MOVE = "move"


@dataclass(frozen=True)
class ProductionLine:
    """So many portions of a dish for one diet group, named in both languages."""

    diet_zh: str
    diet_en: str
    dish_id: UUID
    name_zh: str
    name_en: str
    portions: int


def add_up(wanted: Iterable[ProductionLine]) -> list[ProductionLine]:
    """The dishes of all orders together: dish x portions by diet group, in the order of the groups' names."""
    sums: dict[tuple[str, UUID], int] = {}
    first: dict[tuple[str, UUID], ProductionLine] = {}
    for each in wanted:
        key = (each.diet_zh, each.dish_id)
        sums[key] = sums.get(key, 0) + each.portions
        first.setdefault(key, each)
    lines = [replace(first[key], portions=count) for key, count in sums.items()]
    return sorted(lines, key=lambda line: (line.diet_zh, line.name_zh, line.dish_id.int))


@dataclass(frozen=True)
class Charges:
    """The meals that stand on the account of a stay: how many, and their sum in fen."""

    count: int
    amount_fen: int


def progress(states: Mapping[str, int]) -> dict[str, int]:
    """How far the trays of a meal are, from the number of orders in each state."""
    plated = ("plated", "delivered", "refused", "absent")
    return {
        "trays": sum(count for state, count in states.items() if state in {"in_production", *plated}),
        "plated": sum(states.get(each, 0) for each in plated),
        **{each: states.get(each, 0) for each in ("delivered", "refused", "absent", "stopped")},
    }
