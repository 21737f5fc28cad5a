"""A request that is sent at a crash point, whatever service it goes to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from shared.actor import Actor


@dataclass(frozen=True)
class Sent:
    """A request ready to be sent, and the status it gets when nothing disturbs it."""

    actor: Actor
    path: str
    body: Any
    status: int
