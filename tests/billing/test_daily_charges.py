"""Bed and nursing days: once for each day, with the ward's rate, whatever is late, repeated or out of order."""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa

from services.billing import store
from services.billing.timers import TIMERS
from services.billing.usecases import charge_days
from shared.clock import from_iso
from shared.database import Database
from tests.billing.charged import BED, Stay, count, open_price_list
from tests.support.clock import StandingClock

DAY = timedelta(days=1)


def day(text: str) -> datetime:
    """An hour of November 2026, in hospital time."""
    return from_iso(f"2026-11-{text}:00+08:00".replace(" ", "T"))


@pytest.fixture
def stay(database: Database) -> Stay:
    """A stay of which nothing is known yet, and a price list."""
    open_price_list(database, day("01 08:00"))
    return Stay(database)


def fire(stay: Stay, at: datetime) -> int:
    """The clock charges days at an instant."""
    with stay.database.write() as uow:
        return charge_days(uow, now=at, limit=100)


def charged(stay: Stay) -> list[tuple[str, str, int]]:
    """What stands: day, code, fen, with corrections taken off."""
    sums: dict[tuple[str, str], int] = {}
    with stay.database.read() as uow:
        lines = store.medical_lines(uow, uow.session.execute(sa.select(store.accounts.c.id)).scalar_one())
    days = {line.id: line.charged_on for line in lines}
    for line in lines:
        key = (f"{days[line.returns or line.id]:%d}", line.code)
        sums[key] = sums.get(key, 0) + line.amount_fen
    return sorted((*key, fen) for key, fen in sums.items() if fen)


CARD = (("1001", 3500), ("7003", 2400))
ICU = (("1005", 12000), ("7001", 12000))


def expected(**days: tuple[tuple[str, int], ...]) -> list[tuple[str, str, int]]:
    return sorted((day_.removeprefix("d"), code, fen) for day_, items in days.items() for code, fen in items)


def test_every_day_is_charged_after_it_is_over(stay: Stay) -> None:
    stay.tell("admitted", day("20 10:00"), day("20 10:01"))
    assert fire(stay, day("20 23:59")) == 1
    assert charged(stay) == []
    fire(stay, day("21 00:01"))
    assert charged(stay) == expected(d20=CARD)
    fire(stay, day("22 00:01"))
    assert charged(stay) == expected(d20=CARD, d21=CARD)
    stay.tell("discharged", day("22 15:00"), day("22 15:01"))
    for at in ("22 15:02", "23 00:01", "29 00:01"):
        fire(stay, day(at))
    assert charged(stay) == expected(d20=CARD, d21=CARD)
    assert [line[1] for line in stay.lines()] == ["1"] * 4


def test_repeated_runs_enter_nothing_twice_and_late_ones_fill_the_gaps(stay: Stay) -> None:
    stay.tell("admitted", day("20 10:00"), day("20 10:01"))
    fire(stay, day("21 00:01"))
    assert [fire(stay, day("21 00:02")) for _ in range(3)] == [0, 0, 0]
    assert len(stay.lines()) == 2
    fire(stay, day("25 09:00"))
    assert charged(stay) == expected(d20=CARD, d21=CARD, d22=CARD, d23=CARD, d24=CARD)
    with stay.database.read() as uow:
        query = sa.select(store.charge_lines.c.charged_on, store.charge_lines.c.listed_on).distinct()
        listed = {f"{on:%d}": f"{where:%d}" for on, where in uow.session.execute(query)}
    assert listed == {"20": "20", "21": "25", "22": "25", "23": "25", "24": "25"}


def test_in_and_out_on_one_day_is_one_day(stay: Stay) -> None:
    stay.tell("admitted", day("20 08:00"), day("20 08:01"))
    stay.tell("discharged", day("20 17:00"), day("20 17:01"))
    fire(stay, day("20 17:02"))
    fire(stay, day("21 00:01"))
    assert charged(stay) == expected(d20=CARD)


def test_a_transfer_changes_the_rate_of_its_day(stay: Stay) -> None:
    stay.tell("admitted", day("20 10:00"), day("20 10:01"))
    stay.tell("transferred", day("21 23:00"), day("21 23:01"), ward="ICU")
    stay.tell("transferred", day("23 09:00"), day("23 09:01"), ward="CARD")
    fire(stay, day("24 00:01"))
    assert charged(stay) == expected(d20=CARD, d21=ICU, d22=ICU, d23=CARD)


def test_a_transfer_heard_late_puts_its_days_right_with_dated_corrections(stay: Stay) -> None:
    stay.tell("admitted", day("20 10:00"), day("20 10:01"))
    fire(stay, day("22 00:01"))
    before = stay.lines()
    stay.tell("transferred", day("21 09:00"), day("22 08:00"), ward="ICU")
    fire(stay, day("22 08:01"))
    assert charged(stay) == expected(d20=CARD, d21=ICU)
    assert stay.lines()[: len(before)] == before
    assert [line[3] for line in stay.lines()[len(before) :] if line[1] == "-1"] == ["2026-11-22"] * 2


def test_a_cancelled_transfer_is_put_right_too(stay: Stay) -> None:
    stay.tell("admitted", day("20 10:00"), day("20 10:01"))
    stay.tell("transferred", day("20 12:00"), day("20 12:01"), ward="ICU")
    fire(stay, day("21 00:01"))
    assert charged(stay) == expected(d20=ICU)
    stay.tell("transfer_cancelled", day("21 08:00"), day("21 08:01"), ward="CARD")
    fire(stay, day("21 08:02"))
    assert charged(stay) == expected(d20=CARD)


def test_an_admission_that_never_happened_costs_nothing(stay: Stay) -> None:
    stay.tell("admitted", day("20 10:00"), day("20 10:01"))
    fire(stay, day("22 00:01"))
    stay.tell("admission_cancelled", day("22 08:00"), day("22 08:01"))
    fire(stay, day("22 08:02"))
    assert charged(stay) == []
    assert len(stay.lines()) == 8


def test_a_discharge_that_was_before_the_days_charged_takes_them_back_and_its_cancelling_charges_them_again(
    stay: Stay,
) -> None:
    stay.tell("admitted", day("20 10:00"), day("20 10:01"))
    fire(stay, day("24 00:01"))
    stay.tell("discharged", day("22 10:00"), day("24 08:00"))
    fire(stay, day("24 08:01"))
    assert charged(stay) == expected(d20=CARD, d21=CARD)
    stay.tell("discharge_cancelled", day("24 09:00"), day("24 09:01"))
    fire(stay, day("24 09:02"))
    assert charged(stay) == expected(d20=CARD, d21=CARD, d22=CARD, d23=CARD)


@pytest.mark.parametrize("order", list(itertools.permutations(range(4))), ids=str)
def test_whatever_order_the_news_comes_in_the_days_are_the_same(stay: Stay, order: tuple[int, ...]) -> None:
    news = [
        ("admitted", "20 10:00", "CARD"),
        ("transferred", "21 09:00", "ICU"),
        ("transferred", "22 09:00", "CARD"),
        ("discharged", "24 09:00", "CARD"),
    ]
    for number, position in enumerate(order):
        step, at, ward = news[position]
        changes = {"version": position + 1, "started_at": day("20 10:00")}
        stay.tell(step, day(at), day(f"25 0{number}:00"), ward=ward, **changes)
        fire(stay, day(f"25 0{number}:01"))
    assert charged(stay) == expected(d20=CARD, d21=ICU, d22=CARD, d23=CARD)


def test_a_line_that_the_nurse_took_back_stays_taken_back(stay: Stay) -> None:
    stay.tell("admitted", day("20 10:00"), day("20 10:01"))
    fire(stay, day("21 00:01"))
    with stay.database.read() as uow:
        table = store.charge_lines
        bed = uow.session.execute(sa.select(table.c.id).where(table.c.item_id == BED.id)).scalar_one()
    stay.give_back(bed, day("21 08:00"))
    fire(stay, day("21 08:01"))
    fire(stay, day("22 00:01"))
    assert charged(stay) == expected(d20=(("7003", 2400),), d21=CARD)


def test_the_database_refuses_a_day_twice(stay: Stay, clock: StandingClock) -> None:
    stay.tell("admitted", day("20 10:00"), day("20 10:01"))
    fire(stay, day("21 00:01"))
    with stay.database.read() as uow:
        row = dict(uow.session.execute(sa.select(store.stay_days)).mappings().first() or {})
    with pytest.raises(sa.exc.IntegrityError), stay.database.write() as uow:
        uow.insert(store.stay_days, [row])
    assert count(stay.database, store.stay_days) == 2


def test_a_stay_whose_beginning_nobody_told_and_outpatients_have_no_days(stay: Stay) -> None:
    stay.tell("discharged", day("20 10:00"), day("20 10:01"), started_at=day("20 10:00"))
    outpatient = Stay(stay.database)
    outpatient.tell("admitted", day("20 10:00"), day("20 10:01"), encounter_class="AMB")
    assert fire(stay, day("21 00:01")) == 1
    assert count(stay.database, store.accounts) == 1


def test_the_clock_does_it() -> None:
    (timer,) = [each for each in TIMERS if each.name == "charge bed and nursing days"]
    assert (timer.run, timer.every) == (charge_days, 60.0)  # type: ignore[union-attr]


def test_quantities_are_whole_days(stay: Stay) -> None:
    stay.tell("admitted", day("20 10:00"), day("20 10:01"))
    fire(stay, day("21 00:01"))
    with stay.database.read() as uow:
        assert set(uow.session.execute(sa.select(store.charge_lines.c.quantity)).scalars()) == {Decimal(1)}
