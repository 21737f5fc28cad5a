"""The one place where the clock is read. Instants are UTC and aware; hospital days are days in Asia/Shanghai."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

Clock = Callable[[], datetime]

HOSPITAL_ZONE = ZoneInfo("Asia/Shanghai")


def utc_now() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.now(UTC)


def hospital_day(instant: datetime) -> date:
    """The calendar day on the hospital's wall at this instant."""
    return instant.astimezone(HOSPITAL_ZONE).date()


def at_hospital(day: date, wall_time: time) -> datetime:
    """The UTC instant of a wall-clock time on a hospital day (Asia/Shanghai has no daylight saving)."""
    return datetime.combine(day, wall_time, HOSPITAL_ZONE).astimezone(UTC)


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """First instant of a hospital day and of the next one, in UTC."""
    return at_hospital(day, time()), at_hospital(day + timedelta(days=1), time())


def iso(instant: datetime) -> str:
    """RFC 3339 in UTC with a Z: the form in which instants leave a service."""
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")


def from_iso(text: str) -> datetime:
    """Read an RFC 3339 instant; one without zone is refused with ValueError."""
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError(f"an instant without zone: {text!r}")
    return instant.astimezone(UTC)
