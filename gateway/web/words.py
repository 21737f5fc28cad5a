"""How the pages write days, times and money: hospital time (Asia/Shanghai), 24 hours, whole fen, the reader's language.

Instants are aware datetimes or RFC 3339 strings as the services send them; days are dates or "2026-11-24".
"""

from __future__ import annotations

from datetime import date, datetime, time

from shared.clock import HOSPITAL_ZONE, from_iso

Instant = datetime | str
Day = date | datetime | str

ZH_WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
EN_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
EN_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
ZH_NEAR = ("今天", "明天", "后天")
EN_NEAR = ("Today", "Tomorrow")
MINUTE = 60
HOUR = 3600
WEEK = 7


def wall(instant: Instant) -> datetime:
    """The instant as the hospital's clocks show it; one without a zone is refused with ValueError."""
    moment = from_iso(instant) if isinstance(instant, str) else instant
    if moment.tzinfo is None:
        raise ValueError("an instant without zone cannot be shown")
    return moment.astimezone(HOSPITAL_ZONE)


def hospital_date(day: Day) -> date:
    """The hospital's calendar day of a date, of "2026-11-24" or of an instant."""
    if isinstance(day, datetime):
        return wall(day).date()
    if isinstance(day, date):
        return day
    return wall(day).date() if "T" in day else date.fromisoformat(day)


def weekday(day: Day, lang: str) -> str:
    """周二 / Tue."""
    names = EN_WEEKDAYS if lang == "en" else ZH_WEEKDAYS
    return names[hospital_date(day).weekday()]


def short_day(day: Day, lang: str) -> str:
    """11 月 24 日 / 24 Nov."""
    at = hospital_date(day)
    return f"{at.day} {EN_MONTHS[at.month - 1]}" if lang == "en" else f"{at.month} 月 {at.day} 日"


def full_day(day: Day, lang: str) -> str:
    """11 月 24 日 周二 / Tue 24 Nov."""
    if lang == "en":
        return f"{weekday(day, lang)} {short_day(day, lang)}"
    return f"{short_day(day, lang)} {weekday(day, lang)}"


def dated(day: Day, lang: str) -> str:
    """2026 年 11 月 24 日 / 24 Nov 2026: where the year matters, as on a birthday or a bill."""
    year = hospital_date(day).year
    return f"{short_day(day, lang)} {year}" if lang == "en" else f"{year} 年 {short_day(day, lang)}"


def near_day(day: Day, today: Day, lang: str) -> str:
    """昨天, 今天, 明天, 后天, then the weekday within a week, then the full day / Today, Tomorrow, Tue, Tue 24 Nov."""
    names = EN_NEAR if lang == "en" else ZH_NEAR
    ahead = (hospital_date(day) - hospital_date(today)).days
    if ahead == -1:
        return "Yesterday" if lang == "en" else "昨天"
    if 0 <= ahead < len(names):
        return names[ahead]
    return weekday(day, lang) if 0 < ahead < WEEK else full_day(day, lang)


def clock(instant: Instant | time) -> str:
    """09:30 on the hospital's wall."""
    at = instant if isinstance(instant, time) else wall(instant)
    return f"{at:%H:%M}"


def period(start: Instant, end: Instant) -> str:
    """09:30–10:00."""
    return f"{clock(start)}–{clock(end)}"


def moment(instant: Instant, lang: str) -> str:
    """11 月 24 日 周二 09:30 / Tue 24 Nov, 09:30."""
    joint = ", " if lang == "en" else " "
    return f"{full_day(instant if isinstance(instant, datetime) else wall(instant), lang)}{joint}{clock(instant)}"


def half_day(instant: Instant, lang: str) -> str:
    """凌晨, 上午, 中午, 下午 or 晚上 / morning, afternoon or evening."""
    hour = wall(instant).hour
    zh = ((6, "凌晨"), (12, "上午"), (13, "中午"), (18, "下午"), (24, "晚上"))
    en = ((12, "morning"), (18, "afternoon"), (24, "evening"))
    return next(name for until, name in (en if lang == "en" else zh) if hour < until)


def spoken_clock(instant: Instant, lang: str) -> str:
    """下午 2:30, as people say it (for the elder pages); English keeps 14:30."""
    if lang == "en":
        return clock(instant)
    at = wall(instant)
    hour = at.hour - 12 if at.hour > 12 else at.hour  # noqa: PLR2004 - noon is noon
    return f"{half_day(instant, lang)} {hour}:{at:%M}"


def left(until: Instant, now: datetime) -> int:
    """Whole seconds until an instant, never below zero."""
    return max(0, int((wall(until) - now).total_seconds()))


def countdown(seconds: int) -> str:
    """14:32, or 1:14:32 above an hour."""
    hours, rest = divmod(seconds, HOUR)
    minutes, second = divmod(rest, MINUTE)
    return f"{hours}:{minutes:02d}:{second:02d}" if hours else f"{minutes:02d}:{second:02d}"


def money(fen: int) -> str:
    """128640 -> ¥1,286.40; a minus stands in front of the sign."""
    return f"{'−' if fen < 0 else ''}¥{abs(fen) // 100:,}.{abs(fen) % 100:02d}"


def spoken_money(fen: int, lang: str) -> str:
    """2500 -> 25 元, 2050 -> 20.5 元 (for the elder pages); English keeps ¥25.00."""
    if lang == "en":
        return money(fen)
    whole, rest = divmod(abs(fen), 100)
    decimals = f".{rest:02d}".rstrip("0") if rest else ""
    return f"{'−' if fen < 0 else ''}{whole:,}{decimals} 元"


def masked_name(name: str | None) -> str:
    """王建国 -> 王*国, 赵敏 -> 赵*, Anna Kowalska -> A*** K***: enough for whoever knows the person."""
    if not name:
        return ""
    if name.isascii():
        return " ".join(f"{part[0]}***" for part in name.split())
    return f"{name[0]}*" if len(name) < 3 else f"{name[0]}*{name[-1]}"  # noqa: PLR2004 (a surname and one character)
