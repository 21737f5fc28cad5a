"""What the gateway asks of meals."""

from __future__ import annotations

from typing import Any

from gateway.clients.calls import Document
from gateway.clients.diets import DietCalls
from shared.actor import Actor


class MealsClient(DietCalls):
    """Reads of the ward kitchen."""

    def read(self, actor: Actor, *path: object, **query: Any) -> Document:
        """The document at a path below /v1."""
        return self._get(actor, *path, **query)
