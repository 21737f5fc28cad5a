"""What the clock asks of meals: menus for the days ahead."""

from __future__ import annotations

from collections.abc import Sequence

from services.meals import usecases
from shared.timers import Timer

TIMERS: Sequence[Timer] = (Timer("make menus", 600.0, usecases.make_menus),)
