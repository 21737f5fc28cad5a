"""What the clock asks of meals: nothing so far."""

from __future__ import annotations

from collections.abc import Sequence

from shared.timers import Timer

TIMERS: Sequence[Timer] = ()
