"""A companion's meal: by the code at the bed, without any right to the patient, paid at once."""

from __future__ import annotations

from typing import Any

import pytest

from services.meals.domain.orders import BedEmpty, MealAlreadyOrdered, OrderState
from services.meals.queries import orders as queries
from services.meals.usecases import companions, orders, trays
from shared.actor import Actor
from shared.database import Database
from shared.errors import NotFound, NotYours
from tests.meals.kitchen import TOMORROW, Kitchen, id_of
from tests.support.callers import patient
from tests.support.clock import StandingClock

ZHAO = patient(id_of("Zhao"), account="account:Zhao")


@pytest.fixture
def kitchen(database: Database, clock: StandingClock) -> Kitchen:
    made = Kitchen(database, clock)
    made.admit("Wang", "LOW_SALT")
    return made


def told(kitchen: Kitchen) -> list[str]:
    return [kind for kind, _ in kitchen.told()]


def expire(kitchen: Kitchen) -> int:
    with kitchen.database.write() as uow:
        return companions.expire_unpaid(uow, now=kitchen.clock(), limit=100)


def test_a_companion_orders_normal_food_and_billing_is_told(kitchen: Kitchen) -> None:
    order = kitchen.companion_order("RICE150", "KUNGPAO")
    assert (order.state, order.recipient, order.charge_id) == (OrderState.AWAITING_PAYMENT, "companion", None)
    [(kind, fact)] = kitchen.told()
    assert (kind, fact["patient_id"], fact["amount_fen"]) == (
        "companion_meal_ordered",
        str(id_of("Zhao")),
        order.amount_fen,
    )
    assert fact["text_zh"] == "陪护午餐 11月24日"
    assert kitchen.standing_fen() == 0


def test_paid_it_is_cooked_and_brought_to_the_patients_bed_without_looking_at_the_diet(kitchen: Kitchen) -> None:
    order = kitchen.companion_order("RICE150", "KUNGPAO")
    kitchen.billed(order.id, "invoice_issued")
    kitchen.billed(order.id, "invoice_paid")
    kitchen.billed(order.id, "invoice_paid")
    kitchen.at(10, 0, TOMORROW)
    kitchen.freeze()
    kitchen.fast("Wang")
    kitchen.stay("Wang", "transferred", 2, bed="31")
    assert kitchen.plate(order.id).verdict is trays.Verdict.GO
    assert kitchen.hand_over(order.id, bed="07").verdict is trays.Verdict.ELSEWHERE
    assert kitchen.hand_over(order.id, bed="31").verdict is trays.Verdict.GO


def test_unpaid_it_ends_after_a_quarter_of_an_hour_and_later_money_changes_nothing(kitchen: Kitchen) -> None:
    order = kitchen.companion_order("RICE150")
    kitchen.clock.advance(minutes=14, seconds=59)
    assert expire(kitchen) == 0
    kitchen.clock.advance(seconds=1)
    assert (expire(kitchen), expire(kitchen)) == (1, 0)
    kitchen.billed(order.id, "invoice_paid")
    assert kitchen.row(order.id)["state"] is OrderState.CANCELLED
    assert told(kitchen) == ["companion_meal_ordered", "companion_meal_cancelled"]
    kitchen.billed(order.id, "refund_succeeded", amount_fen=order.amount_fen)
    assert kitchen.row(order.id)["refunded_fen"] == order.amount_fen


def test_close_to_the_cut_off_there_is_less_time_to_pay(kitchen: Kitchen) -> None:
    kitchen.at(9, 55, TOMORROW)
    order = kitchen.companion_order("RICE150")
    assert order.pay_until == kitchen.at(10, 0, TOMORROW)
    assert expire(kitchen) == 1


def test_cancelled_before_the_cut_off_the_money_goes_back_through_billing(kitchen: Kitchen) -> None:
    order = kitchen.companion_order("RICE150")
    kitchen.billed(order.id, "invoice_paid")
    with pytest.raises(NotYours):
        kitchen.cancel(order.id)
    kitchen.run(orders.cancel_order, actor=ZHAO, order_id=order.id)
    assert told(kitchen)[-1] == "companion_meal_cancelled"


def test_the_patient_goes_home_and_the_companions_meal_ends_too(kitchen: Kitchen) -> None:
    order = kitchen.companion_order("RICE150")
    kitchen.billed(order.id, "invoice_paid")
    kitchen.discharge()
    assert kitchen.row(order.id)["end_reason"].value == "discharged"
    assert told(kitchen)[-1] == "companion_meal_cancelled"


def test_one_meal_for_one_payer_and_nobody_in_the_bed_means_no_meal(kitchen: Kitchen) -> None:
    kitchen.companion_order("RICE150")
    with pytest.raises(MealAlreadyOrdered):
        kitchen.companion_order("RICE150")
    kitchen.companion_order("RICE150", payer="Qian")
    code = kitchen.bed_code()
    kitchen.stay("Wang", "transferred", 2, bed="31")
    with pytest.raises(BedEmpty):
        kitchen.companion_order("RICE150", payer="Sun")
    assert kitchen.bed_code() == code


@pytest.mark.parametrize(
    ("actor", "refusal"),
    [(patient(id_of("somebody else")), NotYours), (patient(id_of("Zhao"), "see"), NotYours)],
    ids=["another payer", "who may not pay"],
)
def test_nobody_orders_on_somebody_elses_record(kitchen: Kitchen, actor: Actor, refusal: Any) -> None:
    from services.meals.domain.meal_times import Meal
    from services.meals.domain.orders import Wish

    with pytest.raises(refusal):
        kitchen.run(
            companions.order_companion_meal,
            actor=actor,
            bed_code=kitchen.bed_code(),
            payer_id=id_of("Zhao"),
            meal_on=TOMORROW,
            meal=Meal.LUNCH,
            dishes=[Wish(kitchen.dish("RICE150"), 1)],
        )
    assert kitchen.told() == []


def test_a_scanned_bed_gives_no_right_to_the_patient(kitchen: Kitchen) -> None:
    def shown(actor: Actor) -> Any:
        with kitchen.database.read() as uow:
            return queries.show_bed(uow, actor=actor, now=kitchen.clock(), bed_code=kitchen.bed_code())

    assert shown(ZHAO) == {"ward": {"zh": "心内一病区", "en": "Cardiology, Ward 1"}, "bed": "07", "encounter_id": None}
    assert shown(kitchen.family())["encounter_id"] == id_of("Wang")
    with kitchen.database.read() as uow, pytest.raises(NotFound):
        queries.show_bed(uow, actor=ZHAO, now=kitchen.clock(), bed_code="guessed")


def test_bills_of_other_things_are_passed_over(kitchen: Kitchen) -> None:
    for what, more in (("invoice_issued", {}), ("invoice_paid", {}), ("refund_succeeded", {"amount_fen": 1})):
        ids = {"billed_kind": "appointment", "billed_id": str(id_of("x")), "invoice_id": str(id_of("y"))}
        kitchen.hear(f"billing.{what}.v1", **ids, **more)
    assert kitchen.told() == []
