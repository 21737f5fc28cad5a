"""The refusals of the page of stuck money, each with a stable code."""

from __future__ import annotations

from shared.errors import Conflict, Refused


class NothingStuck(Conflict):
    """This has ended meanwhile: there is nothing left to try, to take over or to set aside."""


class RetryNotPossible(Refused):
    """Nobody outside can be asked about this: it waits for a person."""
