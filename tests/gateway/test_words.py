"""How pages write days, times and money."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from gateway.web import words

# 09:30 on Tuesday 24 November 2026 at the hospital
VISIT = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("write", "zh", "en"),
    [
        (words.weekday, "周二", "Tue"),
        (words.short_day, "11 月 24 日", "24 Nov"),
        (words.full_day, "11 月 24 日 周二", "Tue 24 Nov"),
        (words.dated, "2026 年 11 月 24 日", "24 Nov 2026"),
        (words.moment, "11 月 24 日 周二 09:30", "Tue 24 Nov, 09:30"),
        (words.half_day, "上午", "morning"),
        (words.spoken_clock, "上午 9:30", "09:30"),
    ],
)
def test_a_visit_is_written_in_the_readers_language(write, zh, en) -> None:
    assert (write(VISIT, "zh-CN"), write(VISIT, "en")) == (zh, en)
    assert (write("2026-11-24T01:30:00Z", "zh-CN"), write("2026-11-24T01:30:00Z", "en")) == (zh, en)


def test_a_late_evening_in_utc_is_the_next_morning_at_the_hospital() -> None:
    assert words.full_day("2026-11-23T23:10:00Z", "zh-CN") == "11 月 24 日 周二"
    assert words.clock("2026-11-23T23:10:00Z") == "07:10"


def test_a_day_without_a_time_stays_that_day() -> None:
    assert words.full_day("2026-11-24", "en") == "Tue 24 Nov"
    assert words.dated(date(1956, 3, 8), "zh-CN") == "1956 年 3 月 8 日"


@pytest.mark.parametrize(
    ("day", "zh", "en"),
    [
        ("2026-11-22", "昨天", "Yesterday"),
        ("2026-11-21", "11 月 21 日 周六", "Sat 21 Nov"),
        ("2026-11-23", "今天", "Today"),
        ("2026-11-24", "明天", "Tomorrow"),
        ("2026-11-25", "后天", "Wed"),
        ("2026-11-29", "周日", "Sun"),
        ("2026-11-30", "11 月 30 日 周一", "Mon 30 Nov"),
    ],
)
def test_a_near_day_is_named_as_people_say_it(day: str, zh: str, en: str) -> None:
    assert (words.near_day(day, "2026-11-23", "zh-CN"), words.near_day(day, "2026-11-23", "en")) == (zh, en)


@pytest.mark.parametrize(
    ("utc", "said"),
    [
        ("2026-11-23T16:05:00Z", "凌晨 0:05"),
        ("2026-11-23T23:00:00Z", "上午 7:00"),
        ("2026-11-24T04:30:00Z", "中午 12:30"),
        ("2026-11-24T06:30:00Z", "下午 2:30"),
        ("2026-11-24T10:00:00Z", "晚上 6:00"),
    ],
)
def test_the_elder_pages_say_the_half_of_the_day(utc: str, said: str) -> None:
    assert words.spoken_clock(utc, "zh-CN") == said


def test_a_period_is_two_times_of_the_hospitals_clock() -> None:
    assert words.period(VISIT, "2026-11-24T02:00:00Z") == "09:30–10:00"


@pytest.mark.parametrize("instant", ["2026-11-24T09:30:00", datetime(2026, 11, 24, 9, 30)])  # noqa: DTZ001
def test_an_instant_without_a_zone_is_not_shown(instant: words.Instant) -> None:
    with pytest.raises(ValueError, match="without zone"):
        words.clock(instant)


def test_the_time_left_is_whole_seconds_and_never_below_zero() -> None:
    assert words.left("2026-11-24T01:45:00.900Z", VISIT) == 900
    assert words.left("2026-11-24T01:00:00Z", VISIT) == 0


@pytest.mark.parametrize(("seconds", "shown"), [(0, "00:00"), (59, "00:59"), (872, "14:32"), (4472, "1:14:32")])
def test_a_countdown_shows_minutes_and_seconds(seconds: int, shown: str) -> None:
    assert words.countdown(seconds) == shown


@pytest.mark.parametrize(
    ("fen", "shown", "said"),
    [
        (0, "¥0.00", "0 元"),
        (5, "¥0.05", "0.05 元"),
        (2500, "¥25.00", "25 元"),
        (2050, "¥20.50", "20.5 元"),
        (128640, "¥1,286.40", "1,286.4 元"),
        (-600, "−¥6.00", "−6 元"),
    ],
)
def test_money_is_written_from_whole_fen(fen: int, shown: str, said: str) -> None:
    assert words.money(fen) == shown
    assert words.spoken_money(fen, "zh-CN") == said
    assert words.spoken_money(fen, "en") == shown
