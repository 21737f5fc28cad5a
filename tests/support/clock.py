"""A clock that stands still until a test moves it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

# A Monday morning at the hospital (09:00 in Asia/Shanghai).
MONDAY_MORNING = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


class StandingClock:
    """Callable like `shared.clock.utc_now`."""

    def __init__(self, start: datetime = MONDAY_MORNING) -> None:
        self.now = start

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **duration: float) -> datetime:
        """Move forward: `advance(minutes=15)`."""
        self.now += timedelta(**duration)
        return self.now
