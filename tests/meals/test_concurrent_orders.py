"""Real threads and real commits: the cut-off, the discharge and two people who order at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from services.meals.domain.meal_times import Meal
from services.meals.domain.orders import ENDED, OrderState, Wish
from services.meals.usecases import orders, production
from shared.database import Busy, Database
from shared.door import Call, Door
from shared.errors import DomainError
from shared.idempotency import Claim
from shared.service import Service
from tests.meals.kitchen import TOMORROW, Kitchen, id_of
from tests.support.clock import StandingClock

TURNS = 4
TRAY = ("RICE150", "BASS")


@pytest.fixture
def second_database(database: Database, service: Service) -> Iterator[Database]:
    """The same database as another process opens it: no lock of this process is shared."""
    other = Database(database.url.render_as_string(hide_password=False), service.toolbox)
    yield other
    other.close()


@pytest.fixture
def kitchen(database: Database, clock: StandingClock) -> Kitchen:
    made = Kitchen(database, clock)
    made.admit()
    return made


def twin(kitchen: Kitchen, database: Database) -> Kitchen:
    """The same kitchen as the other process sees it."""
    other = object.__new__(Kitchen)
    other.database, other.clock = database, kitchen.clock
    return other


def together(*jobs: Callable[[], Any]) -> list[Any]:
    """Run all at the same moment; gives each one's result or the refusal it got."""
    gate = threading.Barrier(len(jobs))

    def one(job: Callable[[], Any]) -> Any:
        gate.wait()
        try:
            return job()
        except DomainError as refusal:
            return refusal.code

    with ThreadPoolExecutor(len(jobs)) as pool:
        return [each.result(timeout=60) for each in [pool.submit(one, job) for job in jobs]]


def in_order(kitchen: Kitchen) -> None:
    """One meal that stands at most, and what stands is charged once."""
    rows = kitchen.rows()
    standing = [row for row in rows if row["state"] not in ENDED]
    assert len({(row["meal_on"], row["meal"]) for row in standing}) == len(standing)
    assert kitchen.standing_fen() == sum(row["amount_fen"] for row in rows if row["charge_id"])
    told = [each["charge_id"] for kind, each in kitchen.told() if kind == "meal_charged"]
    assert len(told) == len(set(told))


def order_by_door(kitchen: Kitchen, database: Database, key: str) -> int:
    call = Call(
        actor=kitchen.family(),
        arguments={
            "encounter_id": id_of("Wang"),
            "meal_on": TOMORROW,
            "meal": Meal.LUNCH,
            "dishes": [Wish(kitchen.dish("RICE150"), 1), Wish(kitchen.dish("BASS"), 1)],
        },
        claim=Claim("account:one", key, key),
        render=lambda order: str(order.id),
        status=201,
    )
    return Door(database, kitchen.clock).run(orders.place_order, call).status


@pytest.mark.parametrize("turn", range(TURNS))
def test_two_phones_order_the_same_meal_once(
    kitchen: Kitchen, database: Database, second_database: Database, turn: int
) -> None:
    answers = together(
        lambda: order_by_door(kitchen, database, "key-one"), lambda: order_by_door(kitchen, second_database, "key-two")
    )
    assert answers == [201, 201]
    assert len(kitchen.rows()) == 1
    in_order(kitchen)


@pytest.mark.parametrize("turn", range(TURNS))
def test_an_order_at_the_cut_off_is_on_the_list_or_refused(
    kitchen: Kitchen, second_database: Database, clock: StandingClock, turn: int
) -> None:
    """The order's clock is a moment before the cut-off, the freeze's a moment after: they meet in the database."""
    before = kitchen.at(9, 59, TOMORROW)
    after = kitchen.at(10, 0, TOMORROW)

    def order() -> Any:
        with kitchen.database.write() as uow, uow.savepoint():
            wishes = [Wish(kitchen.dish("RICE150"), 1)]
            return orders.place_order(
                uow,
                actor=kitchen.family(),
                now=before,
                encounter_id=id_of("Wang"),
                meal_on=TOMORROW,
                meal=Meal.LUNCH,
                dishes=wishes,
            ).id

    def freeze() -> None:
        for _ in range(20):
            try:
                with second_database.write() as uow:
                    if not production.freeze_due(uow, now=after, limit=100):
                        return
            except Busy:
                continue

    outcome, _ = together(order, freeze)
    lunch = [row for row in kitchen.rows() if row["meal"] is Meal.LUNCH]
    assert [row["state"] for row in lunch] == [OrderState.IN_PRODUCTION]
    assert lunch[0]["tray_code"]
    assert (outcome == "ordering_closed") is (lunch[0]["chosen"].value == "standing")
    in_order(kitchen)


@pytest.mark.parametrize("turn", range(TURNS))
def test_a_discharge_against_an_order_leaves_no_meal(kitchen: Kitchen, second_database: Database, turn: int) -> None:
    together(lambda: kitchen.order("Wang", *TRAY), lambda: twin(kitchen, second_database).discharge())
    assert all(row["state"] in ENDED for row in kitchen.rows())
    assert kitchen.standing_fen() == 0
    in_order(kitchen)


@pytest.mark.parametrize("turn", range(TURNS))
def test_a_discharge_against_the_freeze_leaves_no_meal(kitchen: Kitchen, second_database: Database, turn: int) -> None:
    kitchen.at(10, 0, TOMORROW)
    together(kitchen.freeze, lambda: twin(kitchen, second_database).discharge())
    kitchen.freeze()
    assert all(row["state"] in ENDED for row in kitchen.rows())
    assert kitchen.standing_fen() == 0
    in_order(kitchen)


@pytest.mark.parametrize("turn", range(TURNS))
def test_two_workers_freeze_a_meal_once(kitchen: Kitchen, second_database: Database, turn: int) -> None:
    kitchen.admit("Li", bed="08")
    kitchen.order("Wang", *TRAY)
    kitchen.at(10, 0, TOMORROW)
    together(kitchen.freeze, twin(kitchen, second_database).freeze)
    for name in ("Wang", "Li"):
        assert [row["state"] for row in kitchen.rows(name) if row["meal"] is Meal.LUNCH] == [OrderState.IN_PRODUCTION]
    in_order(kitchen)


@pytest.mark.parametrize("turn", range(TURNS))
def test_fasting_against_the_bed_is_one_or_the_other(kitchen: Kitchen, second_database: Database, turn: int) -> None:
    order = kitchen.order("Wang", *TRAY)
    kitchen.at(10, 0, TOMORROW)
    kitchen.freeze()
    kitchen.at(11, 30, TOMORROW)
    kitchen.plate(order.id)
    together(lambda: kitchen.hand_over(order.id), lambda: twin(kitchen, second_database).fast("Wang"))
    state = kitchen.row(order.id)["state"]
    assert state in {OrderState.DELIVERED, OrderState.STOPPED}
    assert kitchen.row(order.id)["charge_id"] is None if state is OrderState.STOPPED else True
    in_order(kitchen)
