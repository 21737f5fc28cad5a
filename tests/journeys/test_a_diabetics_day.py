"""Three days of a diabetic in a ward, through every door: ordering, an allergy, a move, fasting, eating again, home."""

from __future__ import annotations

from datetime import date, time
from typing import Any
from uuid import UUID

import pytest

from services.meals.seed import fill_kitchen
from shared.actor import Actor
from shared.clock import at_hospital
from shared.door import Door
from tests.records.stays import bed, open_ward
from tests.support.callers import patient
from tests.support.everyday import LI, Everyday
from tests.support.whole_hospital import WholeHospital

NURSE = Actor(subject="staff:nurse", roles=("nurse",))
DOCTOR = Actor(subject="staff:doctor", roles=("doctor",))
COOK = Actor(subject="staff:cook", roles=("canteen",))
MONDAY, TUESDAY, WEDNESDAY = (date(2026, 11, day) for day in (23, 24, 25))


class Ward:
    """Steps of family, nurse, doctor and canteen about one stay."""

    def __init__(self, hospital: WholeHospital, day: Everyday) -> None:
        self.hospital, self.day = hospital, day
        with hospital.databases["meals"].write() as uow:
            fill_kitchen(uow, Door(hospital.databases["meals"], hospital.clock))
        open_ward(Door(hospital.databases["records"], hospital.clock))
        self.wang = day.register()
        stay = {"patient_id": str(self.wang), "bed_id": str(bed("07"))}
        self.encounter_id = day.done(day.at("records", NURSE).post("/v1/encounters", stay))["id"]
        self.stay = f"/v1/stays/{self.encounter_id}"
        hospital.turn()

    def at(self, on: date, hour: int, minute: int = 0) -> None:
        """That time comes, and everything that is due happens."""
        self.hospital.clock.now = at_hospital(on, time(hour, minute))
        self.hospital.turn()

    def post(self, actor: Actor, path: str, **body: Any) -> dict[str, Any]:
        """Something is done, and everybody hears of it."""
        made = self.day.done(self.day.at("meals", actor).post(path, body))
        self.hospital.turn()
        return made

    def get(self, actor: Actor, path: str, **query: Any) -> dict[str, Any]:
        """Something is looked at."""
        return self.day.done(self.day.at("meals", actor).get(path, **query))

    def choose(self, on: date, meal: str, *names: str) -> dict[str, Any]:
        """The family orders dishes by their names, all of which the menu says may be eaten."""
        menu = self.get(patient(self.wang), f"{self.stay}/menu", date=on.isoformat(), meal=meal)
        allowed = {dish["name"]["zh"]: dish["id"] for dish in menu["dishes"] if not dish["because"]}
        dishes = [{"dish_id": allowed[name]} for name in names]
        return self.post(patient(self.wang), f"{self.stay}/orders", date=on.isoformat(), meal=meal, dishes=dishes)

    def order(self, order_id: str) -> dict[str, Any]:
        """An order as the nurse sees it."""
        return self.get(NURSE, f"/v1/orders/{order_id}")

    def trays(self, on: date, meal: str) -> list[dict[str, Any]]:
        """The trays of a meal."""
        return list(self.get(COOK, "/v1/trays", date=on.isoformat(), meal=meal)["items"])

    def bed_code(self, label: str) -> str:
        """What is on the card of a bed."""
        ward = self.day.done(self.day.at("records", NURSE).get(f"/v1/encounters/{self.encounter_id}"))["ward"]["id"]
        cards = self.get(NURSE, f"/v1/wards/{ward}/bed-cards")["items"]
        return str(next(card["bed_code"] for card in cards if card["bed"] == label))

    def on_the_bill(self) -> tuple[int, str]:
        """What billing has of meals: how many stand, and their sum."""
        shown = self.day.done(self.day.at("billing", patient(self.wang)).get(f"{self.stay}/non-medical"))
        return shown["count"], shown["amount"]["amount"]


@pytest.fixture
def ward(hospital: WholeHospital, day: Everyday) -> Ward:
    """A ward whose kitchen has its menus, and Wang in bed 07."""
    return Ward(hospital, day)


def yuan(*orders: dict[str, Any]) -> str:
    """The sum of orders."""
    fen = sum(round(float(order["amount"]["amount"]) * 100) for order in orders)
    return f"{fen // 100}.{fen % 100:02d}"


DIET = {"texture": "GENERAL", "restrictions": ["DIABETIC", "LOW_SALT"], "exclusions": []}


def test_three_days_of_a_diabetic(ward: Ward, day: Everyday) -> None:
    dinner, lunch, card = orders_are_made(ward, day)
    tray_finds_the_new_bed(ward, day, dinner, card)
    breakfast, late = nothing_before_the_operation(ward, lunch)
    home_with_what_was_eaten(ward, day, dinner, breakfast, late)


def orders_are_made(ward: Ward, day: Everyday) -> tuple[dict[str, Any], dict[str, Any], str]:
    """Monday: the family orders, a friend at the bed orders for herself; an allergy ends Tuesday's fish at once."""
    ward.post(DOCTOR, f"{ward.stay}/diet-orders", **DIET)
    sweet = ward.get(patient(ward.wang), f"{ward.stay}/menu", date=MONDAY.isoformat(), meal="dinner")
    assert any(dish["because"] for dish in sweet["dishes"]), "the page says why something is missing"
    dinner = ward.choose(MONDAY, "dinner", "米饭", "白煮鸡胸（无盐）", "水煮小青菜（低盐低油）")
    lunch = ward.choose(TUESDAY, "lunch", "米饭", "清蒸鲈鱼（无盐）", "水煮小青菜（低盐低油）")
    assert ward.on_the_bill() == (2, yuan(dinner, lunch))
    li = day.register(LI)
    friend = patient(li, account="account:two")
    card = ward.bed_code("07")
    assert ward.get(friend, f"/v1/beds/{card}")["encounter_id"] is None
    menu = ward.get(friend, f"/v1/beds/{card}/menu", date=TUESDAY.isoformat(), meal="lunch")
    dish = next(each["id"] for each in menu["dishes"] if each["name"]["zh"] == "清蒸鲈鱼")
    wish = {"bed_code": card, "payer_id": str(li), "date": TUESDAY.isoformat(), "meal": "lunch"}
    hers = ward.post(friend, "/v1/companion-orders", **wish, dishes=[{"dish_id": dish}])
    [invoice] = day.done(day.at("billing", patient(li)).get("/v1/invoices", patient_id=str(li)))["items"]
    payment = day.ask_to_pay(li, invoice)
    day.tap(payment)
    ward.hospital.turn()
    assert ward.get(friend, f"/v1/orders/{hers['id']}")["state"] == "ordered"
    assert ward.on_the_bill() == (2, yuan(dinner, lunch)), "a companion's meal is not on the patient's bill"
    ward.post(NURSE, f"{ward.stay}/allergies", allergen="fish")
    assert (ward.order(lunch["id"])["state"], ward.order(lunch["id"])["end_reason"]) == ("cancelled", "allergy")
    assert ward.on_the_bill() == (1, yuan(dinner))
    lunch = ward.choose(TUESDAY, "lunch", "米饭", "白煮鸡胸（无盐）")
    return dinner, lunch, card


def tray_finds_the_new_bed(ward: Ward, day: Everyday, dinner: dict[str, Any], card: str) -> None:
    """15:00 the list is frozen; the patient moves while the tray is on its way."""
    ward.at(MONDAY, 15, 0)
    [tray] = ward.trays(MONDAY, "dinner")
    assert (tray["order_id"], tray["bed"], tray["allergens"][0]["zh"]) == (dinner["id"], "07", "鱼")
    assert ward.post(COOK, "/v1/trays/plating", tray_code=tray["tray_code"])["verdict"] == "go"
    day.done(day.at("records", NURSE).post(f"/v1/encounters/{ward.encounter_id}/transfer", {"bed_id": str(bed("31"))}))
    ward.at(MONDAY, 16, 45)
    handover = {"tray_code": tray["tray_code"], "outcome": "delivered"}
    wrong = ward.post(NURSE, "/v1/trays/handover", **handover, bed_code=card)
    assert (wrong["verdict"], wrong["bed"]) == ("elsewhere", "31")
    assert ward.post(NURSE, "/v1/trays/handover", **handover, bed_code=ward.bed_code("31"))["verdict"] == "go"


def nothing_before_the_operation(ward: Ward, lunch: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Tuesday: breakfast came by itself; then nothing may be eaten, and the friend still eats.

    In the afternoon the doctor lets him eat again, softer; the cut-off is over: the ward asks for a dinner.
    """
    ward.at(MONDAY, 20, 0)
    [breakfast] = ward.trays(TUESDAY, "breakfast")
    ward.at(TUESDAY, 8, 30)
    ward.post(DOCTOR, f"{ward.stay}/npo-orders", kind="no_food", reason="surgery")
    assert ward.order(lunch["id"])["end_reason"] == "fasting"
    ward.at(TUESDAY, 10, 0)
    assert [each["recipient"] for each in ward.trays(TUESDAY, "lunch")] == ["companion"]
    board = ward.get(COOK, "/v1/production", date=TUESDAY.isoformat(), meal="lunch")
    assert [each["reason"] for each in board["without_meal"]] == ["fasting"]
    ward.at(TUESDAY, 15, 30)
    assert ward.trays(TUESDAY, "dinner") == []
    ward.post(DOCTOR, f"{ward.stay}/diet-orders", **{**DIET, "texture": "SOFT", "resumes": True})
    late = ward.post(NURSE, f"{ward.stay}/late-meals", date=TUESDAY.isoformat(), meal="dinner")
    [tray] = ward.trays(TUESDAY, "dinner")
    assert (tray["order_id"], tray["diet"]["zh"].split(" · ")[0]) == (late["id"], "软食")
    assert ward.post(COOK, "/v1/trays/plating", tray_code=tray["tray_code"])["verdict"] == "go"
    return breakfast, late


def home_with_what_was_eaten(
    ward: Ward, day: Everyday, dinner: dict[str, Any], breakfast: dict[str, Any], late: dict[str, Any]
) -> None:
    """Wednesday he goes home: what is still to come ends, and the bill has what was eaten."""
    ward.choose(WEDNESDAY, "dinner", "水煮小青菜（低盐低油）")
    ward.at(TUESDAY, 20, 0)
    ward.at(WEDNESDAY, 9, 0)
    day.done(day.at("records", NURSE).post(f"/v1/encounters/{ward.encounter_id}/discharge", {}))
    ward.hospital.turn()
    eaten = [dinner, ward.order(breakfast["order_id"]), late]
    [again] = ward.trays(WEDNESDAY, "breakfast")
    eaten.append(ward.order(again["order_id"]))
    assert ward.on_the_bill() == (4, yuan(*eaten))
    refused = day.at("meals", patient(ward.wang)).post(
        f"{ward.stay}/orders",
        {"date": WEDNESDAY.isoformat(), "meal": "dinner", "dishes": [{"dish_id": str(UUID(int=1))}]},
    )
    assert (refused.status_code, refused.get_json()["code"]) == (409, "stay_ended")
