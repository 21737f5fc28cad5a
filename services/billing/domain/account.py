"""Accounts: one for each inpatient stay, open as long as the stay goes on."""

from __future__ import annotations

from enum import StrEnum

INPATIENT = "IMP"
"""The class of stay that has an account; outpatients and emergencies pay bill by bill."""

_IN_PROGRESS = "in_progress"


class AccountState(StrEnum):
    """Charges may be made to an open account."""

    OPEN = "open"
    CLOSED = "closed"


def account_state(stay: str) -> AccountState:
    """The state of an account, by the state of its stay: one that ended or never was is closed."""
    return AccountState.OPEN if stay == _IN_PROGRESS else AccountState.CLOSED
