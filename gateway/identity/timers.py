"""What the clock asks of identity."""

from __future__ import annotations

from gateway.identity.usecases import forget
from shared.timers import Timer

TIMERS = (Timer("forget old log-ins", 3600, forget),)
