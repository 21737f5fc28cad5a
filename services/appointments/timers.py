"""What the clock asks of appointments."""

from __future__ import annotations

from services.appointments import usecases
from shared.timers import Timer

TIMERS = [
    Timer("expire holds", every=1, run=usecases.expire_holds),
    Timer("cancel suspended", every=2, run=usecases.cancel_suspended),
    Timer("make slots", every=30, run=usecases.make_slots),
]
