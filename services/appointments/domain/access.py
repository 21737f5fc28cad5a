"""Whose appointments somebody may see and change."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol
from uuid import UUID

from shared.errors import NotYours


class Asker(Protocol):
    """As much of the caller as a rule needs to know."""

    def has(self, *roles: str) -> bool:
        """Whether they have one of these roles."""
        ...

    def acts_for(self, patient_id: UUID | None, scope: str = "see") -> bool:
        """Whether they may act for this patient."""
        ...


def require_rights(asker: Asker, *, patient_id: UUID, aliases: Collection[UUID], scope: str) -> None:
    """The front desk serves every patient; a patient or proxy only the person they act for, within their scopes.

    `aliases` are the ids of the same natural person after mergers. Everybody else hears that it is not there.
    """
    if asker.has("front_desk"):
        return
    if asker.has("patient") and any(asker.acts_for(each, scope) for each in {patient_id, *aliases}):
        return
    raise NotYours(patient_id)
