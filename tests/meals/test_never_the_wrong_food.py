"""No sequence of diets, fasting, allergies, orders, moves, cut-offs and scans hands out what the diet in force forbids,
nor charges a meal twice.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from services.meals.domain.food import Allergen
from services.meals.domain.meal_times import Meal
from services.meals.domain.orders import ENDED, OrderState, Recipient
from services.meals.domain.suitability import tray_objections
from services.meals.store import order_tables as tables
from services.meals.store import orders as store
from services.meals.store import provisions, sittings
from services.meals.usecases import companions, orders
from shared.clock import hospital_day
from shared.database import Database
from shared.errors import DomainError
from shared.service import Service
from tests.meals.kitchen import Kitchen, id_of
from tests.support.clock import StandingClock

WHO = st.sampled_from(["Wang", "Li"])
CODES = st.lists(
    st.sampled_from(["RICE150", "BASS", "KUNGPAO", "BOKLS", "CHICKNS", "EGGCUST", "MILK", "CONGEE", "BROCC"]),
    min_size=1,
    max_size=3,
    unique=True,
)
MEALS = st.sampled_from(list(Meal))
DIETS = st.sampled_from([(), ("LOW_SALT",), ("DIABETIC",), ("LOW_FAT", "LOW_SALT"), ("LOW_PROTEIN",)])
STEPS = {"transferred": "in_progress", "discharged": "finished", "discharge_cancelled": "in_progress"}


class PlayedWard(RuleBasedStateMachine):
    """Two patients, a family that orders, doctors who change their minds, and a kitchen that scans what it finds."""

    open: Callable[[], Database]

    @initialize()
    def the_ward_opens(self) -> None:
        self.clock = StandingClock()
        self.kitchen = Kitchen(type(self).open(), self.clock)
        self.versions = {"Wang": 1, "Li": 1}
        self.handed_over: dict[Any, str] = {}
        self.wrong: list[str] = []
        self.kitchen.admit("Wang", bed="07")
        self.kitchen.admit("Li", bed="08")

    def attempt(self, act: Callable[[], Any]) -> Any:
        """A refusal is no defect."""
        with contextlib.suppress(DomainError):
            return act()

    @rule(minutes=st.sampled_from([1, 30, 60, 180, 600]))
    def time_passes(self, minutes: int) -> None:
        self.clock.advance(minutes=minutes)
        self.kitchen.freeze()
        with self.kitchen.database.write() as uow:
            companions.expire_unpaid(uow, now=self.clock(), limit=100)

    @rule(who=WHO, codes=CODES, meal=MEALS, ahead=st.integers(0, 1))
    def the_family_orders(self, who: str, codes: list[str], meal: Meal, ahead: int) -> None:
        day = hospital_day(self.clock()) + timedelta(days=ahead)
        self.attempt(lambda: self.kitchen.order(who, *codes, day=day, meal=meal))

    @rule(codes=CODES, is_paid=st.booleans())
    def a_companion_orders(self, codes: list[str], is_paid: bool) -> None:
        made = self.attempt(lambda: self.kitchen.companion_order(*codes, day=hospital_day(self.clock())))
        if made is not None and is_paid:
            self.kitchen.billed(made.id, "invoice_paid")

    @rule(number=st.integers(0, 50))
    def the_family_cancels(self, number: int) -> None:
        rows = self.kitchen.rows("Wang")
        if rows:
            self.attempt(lambda: self.kitchen.cancel(rows[number % len(rows)]["id"]))

    @rule(who=WHO, meal=MEALS)
    def a_late_meal_is_served(self, who: str, meal: Meal) -> None:
        day = hospital_day(self.clock())
        self.attempt(lambda: self.kitchen.run(orders.serve_late_meal, encounter_id=id_of(who), meal_on=day, meal=meal))

    @rule(who=WHO, codes=DIETS, texture=st.sampled_from(["GENERAL", "GENERAL", "SOFT", "LIQUID"]))
    def the_diet_changes(self, who: str, codes: tuple[str, ...], texture: str) -> None:
        self.clock.advance(seconds=1)
        self.kitchen.diet(who, *codes, texture=texture)

    @rule(who=WHO, hours=st.sampled_from([0, 0, 4, 20]))
    def somebody_fasts(self, who: str, hours: int) -> None:
        self.kitchen.fast(who, self.clock() + timedelta(hours=hours))

    @rule(who=WHO, allergen=st.sampled_from([Allergen.FISH, Allergen.EGG, Allergen.SOY]))
    def somebody_is_allergic(self, who: str, allergen: Allergen) -> None:
        with contextlib.suppress(sa.exc.IntegrityError):
            self.kitchen.allergy(who, allergen)

    @rule(who=WHO, step=st.sampled_from(sorted(STEPS)), bed=st.sampled_from(["07", "08", "31"]), older=st.booleans())
    def the_stay_goes_on(self, who: str, step: str, bed: str, older: bool) -> None:
        if not older:
            self.versions[who] += 1
        version = self.versions[who] if not older else max(1, self.versions[who] - 1)
        self.kitchen.stay(who, step, version, bed=bed, state=STEPS[step])

    @rule(who=WHO, what=st.sampled_from(["opened", "withdrawn"]), number=st.integers(1, 2))
    def the_bill_is_settled(self, who: str, what: str, number: int) -> None:
        self.kitchen.settle(who, what, number)

    @rule()
    def the_canteen_plates_all_trays(self) -> None:
        for row in self.trays():
            self.attempt(lambda row=row: self.kitchen.plate(row["id"]))  # type: ignore[misc]

    @rule(bed=st.sampled_from(["07", "08", "31"]), outcome=st.sampled_from(["delivered", "delivered", "absent"]))
    def the_nurse_tries_every_tray_at_a_bed(self, bed: str, outcome: str) -> None:
        for row in self.trays():
            before = self.forbidden(row)
            try:
                checked = self.kitchen.hand_over(row["id"], bed=bed, outcome=outcome)
            except (DomainError, sa.exc.NoResultFound):
                continue
            after = self.kitchen.row(row["id"])["state"]
            if after is OrderState.DELIVERED and row["state"] is not OrderState.DELIVERED and before:
                self.wrong.append(f"{row['meal']} {before} {checked}")

    @rule(who=WHO, codes=CODES, change=st.sampled_from(["diet", "fast", "allergy", "none"]), is_early=st.booleans())
    def a_lunch_goes_its_way(self, who: str, codes: list[str], change: str, is_early: bool) -> None:
        """What is rare by chance: a meal that is ordered, frozen, plated and tried while the doctor thinks again."""
        day = hospital_day(self.clock()) + timedelta(days=1)
        self.attempt(lambda: self.kitchen.order(who, *codes, day=day, meal=Meal.LUNCH))
        self.kitchen.at(10, 5, day)
        self.kitchen.freeze()
        if not is_early:
            self.kitchen.at(11, 10, day)
            self.the_canteen_plates_all_trays()
        if change == "diet":
            self.the_diet_changes(who, ("LOW_SALT", "LOW_FAT"), "GENERAL")
        elif change == "fast":
            self.somebody_fasts(who, 0)
        elif change == "allergy":
            self.somebody_is_allergic(who, Allergen.FISH)
        self.the_canteen_plates_all_trays()
        for bed in ("07", "08", "31"):
            self.the_nurse_tries_every_tray_at_a_bed(bed, "delivered")

    def trays(self) -> list[dict[str, Any]]:
        rows = [row for who in self.versions for row in self.kitchen.rows(who)]
        return [row for row in rows if row["tray_code"] and row["state"] not in ENDED]

    def forbidden(self, row: dict[str, Any]) -> Any:
        """What the diet in force says against a patient's tray at this moment."""
        if row["recipient"] is Recipient.COMPANION:
            return ()
        with self.kitchen.database.read() as uow:
            sitting = sittings.find(uow, row["meal_on"], row["meal"])
            need = provisions.need_at(uow, row["encounter_id"], sitting, self.clock())
            lines = store.lines_of(uow, [row["id"]])[row["id"]]
            dishes = provisions.dishes(uow, [line.dish_id for line in lines])
            return tray_objections([(dishes[line.dish_id], line.portions) for line in lines], need)

    @invariant()
    def nobody_was_given_what_they_must_not_eat(self) -> None:
        assert getattr(self, "wrong", []) == []

    @invariant()
    def every_meal_is_charged_once_or_not_at_all(self) -> None:
        if not hasattr(self, "kitchen"):
            return
        told = self.kitchen.told()
        charged = [each["charge_id"] for kind, each in told if kind == "meal_charged"]
        back = [each["charge_id"] for kind, each in told if kind == "meal_charge_reversed"]
        assert len(charged) == len(set(charged))
        assert len(back) == len(set(back))
        assert set(back) <= set(charged)
        for who in self.versions:
            rows = [row for row in self.kitchen.rows(who) if row["recipient"] is Recipient.PATIENT]
            standing = [row for row in rows if row["charge_id"]]
            assert self.kitchen.standing_fen(who) == sum(row["amount_fen"] for row in standing)
            live = [(row["meal_on"], row["meal"]) for row in rows if row["state"] not in ENDED]
            assert len(live) == len(set(live))
            with self.kitchen.database.read() as uow:
                kept = store.standing_charges(uow, id_of(who))
            assert (kept.count, kept.amount_fen) == (len(standing), self.kitchen.standing_fen(who))


@pytest.mark.parametrize("backend", ["sqlite"])
def test_no_sequence_hands_out_forbidden_food_or_charges_a_meal_twice(
    service: Service, backend: str, open_database: Callable[[Service, str], Database]
) -> None:
    database = open_database(service, backend)

    def emptied() -> Database:
        forget(database)
        return database

    machine = type("Played", (PlayedWard,), {"open": staticmethod(emptied)})
    run_state_machine_as_test(machine, settings=hypothesis_settings(max_examples=40, stateful_step_count=30))


def forget(database: Database) -> None:
    """Every row goes, also of tables that the database keeps append-only."""
    with database.engine.begin() as connection:
        triggers = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").all()
        for name, _ in triggers:
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        for table in reversed(tables.metadata.sorted_tables):
            connection.execute(table.delete())
        for _, text in triggers:
            connection.exec_driver_sql(text)
