"""What the clock asks of records."""

from __future__ import annotations

from services.records import usecases
from shared.timers import Timer

TIMERS = [Timer("forget link codes", every=3600, run=usecases.forget_link_codes)]
