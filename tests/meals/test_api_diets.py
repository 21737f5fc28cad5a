"""Diets, dishes and menus through the HTTP door: who may, what is told, and what is written in the access log."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.meals import usecases
from services.meals.domain import Meal, MealTime, menu_codes
from services.meals.seed.dishes import DISHES, dish_id
from shared.actor import Actor
from shared.database import Database
from shared.door import Door
from tests.meals.hearsay import hear, merged, registered
from tests.meals.stays import DIETITIAN, DOCTOR, NURSE, STAY, WANG, WARD, admit, kitchen
from tests.meals.test_api import AsCaller, accesses, staff
from tests.support.callers import patient

DIET = f"/v1/stays/{STAY}/diet"
TUESDAY = date(2026, 11, 24)
LUNCH = {"date": "2026-11-24", "meal": "lunch"}
LUNCH_MENU = {"day": "2026-11-24", "meal": "lunch"}


def ordered(as_caller: AsCaller, *restrictions: str, **more: Any) -> Any:
    body = {"texture": "GENERAL", "restrictions": restrictions, **more}
    return as_caller(NURSE).post(f"/v1/stays/{STAY}/diet-orders", body)


@pytest.fixture
def open_kitchen(door: Door) -> None:
    """Dishes and the menus of seven days."""
    kitchen(door)
    with door.database.write() as uow:
        assert usecases.make_menus(uow, now=door.clock()) == 21
        assert usecases.make_menus(uow, now=door.clock()) == 0


def test_a_nurse_enters_a_diet_and_sees_it(as_caller: AsCaller, database: Database) -> None:
    admit(database)
    made = ordered(as_caller, "LOW_SALT")
    assert (made.status_code, made.get_json()["version"]) == (201, 1)
    told = as_caller(NURSE).get(DIET).get_json()
    assert told["order"]["name"] == {"zh": "普食 · 低盐", "en": "general · low-salt"}
    assert told["order"]["first_meal"] == {
        "day": "2026-11-23",
        "meal": "lunch",
        "name": {"zh": "午餐", "en": "lunch"},
        "cut_off": "2026-11-23T02:00:00+00:00",
    }
    assert (told["npo"], told["allergies"], told["warnings"]) == ([], [], [])
    assert accesses(database) == [("staff:nurse", "meals.show_diet", str(WANG), True)]


def test_the_person_and_who_acts_for_them_see_the_diet_and_nobody_else(as_caller: AsCaller, database: Database) -> None:
    other = UUID(int=77)
    admit(database)
    ordered(as_caller)
    assert as_caller(patient(WANG)).get(DIET).status_code == 200
    assert as_caller(patient(other)).get(DIET).status_code == 404
    assert accesses(database)[-1] == ("account:one", "meals.show_diet", str(WANG), False)
    hear(database, registered(str(other)), merged(str(WANG), str(other)))
    assert as_caller(patient(other)).get(DIET).get_json()["patient_id"] == str(other)
    assert as_caller(staff("cashier")).get(DIET).status_code == 403
    assert as_caller(NURSE).get(f"/v1/stays/{uuid4()}/diet").status_code == 404


@pytest.mark.parametrize("actor", [patient(WANG), staff("canteen"), staff("cashier")], ids=lambda each: each.subject)
def test_only_the_ward_and_the_dietitian_order(as_caller: AsCaller, database: Database, actor: Actor) -> None:
    admit(database)
    for path, body in (
        ("diet-orders", {"texture": "SOFT"}),
        ("npo-orders", {"kind": "no_food", "reason": "surgery"}),
        ("allergies", {"allergen": "soy"}),
    ):
        assert as_caller(actor).post(f"/v1/stays/{STAY}/{path}", body).status_code == 403
    assert as_caller(NURSE).get(DIET).get_json()["history"] == []


def test_a_refusal_names_what_cannot_be_together(as_caller: AsCaller, database: Database) -> None:
    admit(database)
    answer = ordered(as_caller, "HIGH_FIBRE", "LOW_RESIDUE")
    assert (answer.status_code, answer.get_json()["code"]) == (422, "diet_impossible")
    assert answer.get_json()["between"] == ["HIGH_FIBRE", "LOW_RESIDUE"]
    assert answer.get_json()["because"] == {"zh": "膳食纤维", "en": "fibre"}


def test_the_beds_of_a_ward_carry_diet_fasting_and_allergies(as_caller: AsCaller, database: Database) -> None:
    admit(database)
    nurse = as_caller(NURSE)
    ordered(as_caller, "DIABETIC")
    nurse.post(f"/v1/stays/{STAY}/npo-orders", {"kind": "nothing_by_mouth", "reason": "surgery"})
    nurse.post(f"/v1/stays/{STAY}/allergies", {"allergen": "peanut"})
    assert nurse.get("/v1/diets", ward_id=str(WARD)).get_json()["items"] == [
        {
            "encounter_id": str(STAY),
            "patient_id": str(WANG),
            "diet": {"zh": "普食 · 糖尿病", "en": "general · diabetic"},
            "npo": [{"zh": "禁食禁水", "en": "nothing by mouth"}],
            "allergies": [{"zh": "花生", "en": "peanut"}],
        }
    ]


@pytest.mark.usefixtures("open_kitchen")
def test_the_menu_says_what_is_allowed_and_why_the_rest_is_not(as_caller: AsCaller, database: Database) -> None:
    admit(database)
    ordered(as_caller, "LOW_SALT")
    told = as_caller(patient(WANG)).get(f"/v1/stays/{STAY}/menu", **LUNCH).get_json()
    dishes = {each["name"]["zh"]: each["because"] for each in told["dishes"]}
    assert [DISHES[code].zh for code in menu_codes(MealTime(TUESDAY, Meal.LUNCH))] == list(dishes)
    assert dishes["米饭"] == []
    assert dishes["芹菜肉丝"] == [
        {
            "code": "limit",
            "zh": "含盐1.7克，低盐饮食这一餐最多1.2克",
            "en": "holds 1.7 g of salt; a low-salt diet allows 1.2 g at this meal",
        }
    ]


@pytest.mark.usefixtures("open_kitchen")
def test_the_dietitian_edits_grams_and_the_dish_leaves_the_low_salt_menu(
    as_caller: AsCaller, database: Database
) -> None:
    admit(database)
    ordered(as_caller, "LOW_SALT")
    dietitian, path = as_caller(DIETITIAN), f"/v1/dishes/{dish_id('BOKLS')}"
    before = dietitian.get(path).get_json()
    suits = {each["code"]: each["meals"] for each in before["suits"]}
    assert suits["LOW_SALT"] == ["breakfast", "lunch", "dinner"]
    grams = ["GREENS:200000", "OIL:3000", "SALT:1500"]
    looked = dietitian.get(f"{path}/assessment", grams=grams).get_json()
    assert next(each for each in looked["suits"] if each["code"] == "LOW_SALT")["meals"] == []
    assert looked["nutrition"]["sodium"] == 738
    assert dietitian.get(path).get_json() == before
    parts = [dict(zip(("ingredient", "amount_mg"), each.split(":"), strict=True)) for each in grams]
    parts = [{**each, "amount_mg": int(each["amount_mg"])} for each in parts]
    answer = dietitian.post(f"{path}/recipes", {"version": 1, "parts": parts, "reason": "口味"})
    assert (answer.status_code, answer.get_json()["version"]) == (201, 2)
    after = dietitian.get(path).get_json()
    assert [(each["version"], each["changed_by"], each["reason"]) for each in after["versions"]] == [
        (2, "staff:dietitian", "口味"),
        (1, "system:seed", ""),
    ]
    assert [each["amount_mg"] for each in after["versions"][1]["parts"]] == [200_000, 3_000, 300]
    told = as_caller(NURSE).get(f"/v1/stays/{STAY}/menu", **LUNCH).get_json()
    assert [bool(each["because"]) for each in told["dishes"] if each["name"]["zh"].startswith("水煮小青菜")] == [True]


@pytest.mark.usefixtures("open_kitchen")
@pytest.mark.parametrize(
    ("parts", "version", "code"),
    [
        ([("RICE", 90_000)], 2, "recipe_moved_on"),
        ([("RICE", 100_000)], 1, "recipe_unchanged"),
        ([("GOLD", 1)], 1, "ingredient_unknown"),
        ([("RICE", 1), ("RICE", 2)], 1, "ingredient_unknown"),
    ],
    ids=["somebody was quicker", "nothing changed", "no such ingredient", "one named twice"],
)
def test_a_recipe_that_cannot_be_is_refused(as_caller: AsCaller, parts: Any, version: int, code: str) -> None:
    dietitian, path = as_caller(DIETITIAN), f"/v1/dishes/{dish_id('RICE150')}"
    before = dietitian.get(path).get_json()
    named = [{"ingredient": name, "amount_mg": amount} for name, amount in parts]
    answer = dietitian.post(f"{path}/recipes", {"version": version, "parts": named})
    assert (answer.status_code in {409, 422}, answer.get_json()["code"]) == (True, code)
    assert dietitian.get(path).get_json() == before
    assert as_caller(NURSE).post(f"{path}/recipes", {"version": 1, "parts": named}).status_code == 403


@pytest.mark.usefixtures("open_kitchen")
def test_a_new_dish_is_judged_from_its_grams_like_any_other(as_caller: AsCaller) -> None:
    body = {
        "code": "GREENSOUP",
        "name": {"zh": "青菜汤", "en": "greens soup"},
        "kind": "soup",
        "consistency": "soft",
        "price": {"amount": "2.50", "currency": "CNY"},
        "preparation": ["hot"],
        "parts": [{"ingredient": "GREENS", "amount_mg": 100_000}, {"ingredient": "SOY_SAUCE", "amount_mg": 2_000}],
    }
    dietitian = as_caller(DIETITIAN)
    made = dietitian.post("/v1/dishes", body)
    assert made.status_code == 201
    told = dietitian.get(f"/v1/dishes/{made.get_json()['id']}").get_json()
    assert [each["code"] for each in told["allergens"]] == ["gluten", "soy"]
    assert told["nutrition"]["sodium"] == 189
    again = dietitian.post("/v1/dishes", body)
    assert (again.status_code, again.get_json()["code"]) == (409, "dish_code_taken")
    assert len(dietitian.get("/v1/dishes").get_json()["items"]) == len(DISHES) + 1


@pytest.mark.usefixtures("open_kitchen")
def test_menus_stand_seven_days_ahead_and_can_be_changed_until_the_cut_off(as_caller: AsCaller) -> None:
    dietitian = as_caller(DIETITIAN)
    menus = dietitian.get("/v1/menus").get_json()["items"]
    assert [(each["day"], each["meal"]) for each in menus[:4]] == [
        ("2026-11-23", "breakfast"),
        ("2026-11-23", "lunch"),
        ("2026-11-23", "dinner"),
        ("2026-11-24", "breakfast"),
    ]
    assert len(menus) == 21
    assert [each["is_open"] for each in menus[:3]] == [False, True, True]
    wanted = [str(dish_id("BASS")), str(dish_id("RICE150")), str(dish_id("BASS"))]
    changed = dietitian.post("/v1/menus", {**LUNCH_MENU, "dish_ids": wanted})
    assert [each["code"] for each in changed.get_json()["dishes"]] == ["BASS", "RICE150"]
    now = dietitian.get("/v1/menus", first="2026-11-24").get_json()["items"][1]
    assert [each["code"] for each in now["dishes"]] == ["BASS", "RICE150"]
    past = dietitian.post("/v1/menus", {"day": "2026-11-23", "meal": "breakfast", "dish_ids": wanted})
    assert (past.status_code, past.get_json()["code"]) == (409, "menu_past")
    unknown = dietitian.post("/v1/menus", {**LUNCH_MENU, "dish_ids": [str(uuid4())]})
    assert (unknown.status_code, unknown.get_json()["code"]) == (422, "dish_unknown")


def test_without_dishes_there_is_no_menu_yet(door: Door) -> None:
    with door.database.write() as uow:
        assert usecases.make_menus(uow, now=door.clock()) == 0


def test_the_manual_and_the_ingredients_are_told(as_caller: AsCaller, door: Door) -> None:
    kitchen(door)
    manual = as_caller(DOCTOR).get("/v1/diet-manual").get_json()
    assert {"code": "LOW_SALT", "name": {"zh": "低盐", "en": "low-salt"}} in manual["restrictions"]
    assert sum(each["national"] for each in manual["allergens"]) == 8
    items = as_caller(DIETITIAN).get("/v1/ingredients").get_json()["items"]
    [sauce] = [each for each in items if each["code"] == "OYSTER_SAUCE"]
    assert sauce["allergens"] == ["gluten", "mollusc", "soy"]
