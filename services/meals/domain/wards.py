"""What meals knows of patients: the least it needs, learned from records."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

Id = TypeVar("Id")

EATS_IN_WARD = frozenset({"IMP", "EMER"})
"""The classes of stay in which somebody lies in a ward: inpatients, and who waits in emergency."""


def surviving(id_: Id, merged_into: Mapping[Id, Id]) -> Id:
    """Where a record goes on: follows merges to their end, and stops where it has been before.

    News of merges may come in any order, so a chain is followed although records makes none.
    """
    seen = {id_}
    while (next_ := merged_into.get(id_)) is not None and next_ not in seen:
        seen.add(next_)
        id_ = next_
    return id_
