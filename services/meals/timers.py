"""What the clock asks of meals: menus for the days ahead, the freeze at the cut-off, the end of what is not paid."""

from __future__ import annotations

from collections.abc import Sequence

from services.meals import usecases
from services.meals.usecases.companions import expire_unpaid
from services.meals.usecases.production import freeze_due
from shared.timers import Timer

TIMERS: Sequence[Timer] = (
    Timer("make menus", 600.0, usecases.make_menus),
    Timer("freeze meals", every=5, run=freeze_due),
    Timer("end unpaid companions' meals", every=5, run=expire_unpaid),
)
