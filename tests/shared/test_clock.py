"""Instants are UTC; the hospital's day is Shanghai's."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest

from shared import clock


def test_the_hospital_day_begins_at_sixteen_hours_utc() -> None:
    assert clock.hospital_day(datetime(2026, 11, 22, 15, 59, 59, tzinfo=UTC)) == date(2026, 11, 22)
    assert clock.hospital_day(datetime(2026, 11, 22, 16, 0, tzinfo=UTC)) == date(2026, 11, 23)
    assert clock.day_bounds(date(2026, 11, 23)) == (
        datetime(2026, 11, 22, 16, 0, tzinfo=UTC),
        datetime(2026, 11, 23, 16, 0, tzinfo=UTC),
    )


def test_a_wall_time_is_an_instant() -> None:
    assert clock.at_hospital(date(2026, 11, 23), time(9, 30)) == datetime(2026, 11, 23, 1, 30, tzinfo=UTC)


def test_instants_travel_as_text_with_a_zone() -> None:
    instant = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
    assert clock.iso(instant) == "2026-11-23T01:30:00Z"
    assert clock.from_iso("2026-11-23T09:30:00+08:00") == instant
    with pytest.raises(ValueError, match="without zone"):
        clock.from_iso("2026-11-23T09:30:00")
