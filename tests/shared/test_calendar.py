"""Working days follow the State Council's notice for 2026, weekends worked for holidays included."""

from __future__ import annotations

from datetime import date

import pytest

from shared.calendar import is_working_day


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 11, 23), True),  # an ordinary Monday
        (date(2026, 11, 28), False),  # an ordinary Saturday
        (date(2026, 11, 29), False),  # an ordinary Sunday
        (date(2026, 1, 1), False),  # New Year
        (date(2026, 1, 2), False),  # a Friday off ...
        (date(2026, 1, 4), True),  # ... for which this Sunday is worked
        (date(2026, 2, 14), True),  # a Saturday worked for the Spring Festival
        (date(2026, 2, 17), False),  # Spring Festival
        (date(2026, 2, 23), False),  # the Monday after it
        (date(2026, 9, 20), True),  # a Sunday worked for the National Day
        (date(2026, 10, 7), False),  # the end of the golden week
        (date(2026, 10, 8), True),
        (date(2026, 10, 10), True),  # a Saturday worked for the National Day
    ],
)
def test_the_official_calendar_says_who_works(day: date, works: bool) -> None:
    assert is_working_day(day) is works
