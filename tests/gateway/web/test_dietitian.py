"""The dietitian's desk: dishes with their computed nutrition, the week's menu, orders that nobody understood."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from services.meals import usecases
from services.meals.seed import fill_kitchen
from services.meals.seed.dishes import dish_id
from shared.actor import Actor
from shared.door import Door
from tests.meals.hearsay import golden, hear
from tests.support.desk import desk_of, press
from tests.support.everyday import Everyday
from tests.support.phone import Phone
from tests.support.ward import Ward
from tests.support.whole_hospital import WholeHospital

DIETITIAN = Actor(subject="staff:dietitian", roles=("dietitian",))
BOKLS = f"/dietitian/dishes/{dish_id('BOKLS')}"
TYPE = "records.diet_order_received.v1"


@pytest.fixture
def kitchen(hospital: WholeHospital) -> None:
    """Dishes and the menus of seven days."""
    door = Door(hospital.databases["meals"], hospital.clock)
    with door.database.write() as uow:
        fill_kitchen(uow, door)
        usecases.make_menus(uow, now=hospital.clock())


@pytest.fixture
def desk(hospital: WholeHospital, kitchen: None) -> Phone:
    """The dietitian's browser."""
    return desk_of(hospital, "dietitian")


def of_meals(day: Everyday, path: str, **query: Any) -> dict[str, Any]:
    """What meals tells the dietitian."""
    return day.done(day.at("meals", DIETITIAN).get(f"/v1/{path}", **query))


def test_the_dishes_stand_with_what_a_portion_holds(desk: Phone) -> None:
    page = desk.get("/dietitian")
    page.says("主食", "大荤", "红烧草鱼块", "208 kcal", "17.0 g", "1.79 g", "鱼")
    page = desk.get("/dietitian?q=bass")
    page.says("清蒸鲈鱼")
    page.says_not("红烧草鱼块")
    desk.get("/dietitian?q=龙肉").says("没有这样的菜")


def test_other_grams_are_looked_at_before_they_are_saved(desk: Phone, day: Everyday) -> None:
    page = desk.tap(desk.get("/dietitian"), "水煮小青菜（低盐低油）")
    page.says("配方第 1 版", "一份的克数", "0.68 g", "无盐", "含盐或酱油，无盐饮食不能吃")
    form = page.form(BOKLS)
    assert (form.values["g-GREENS"], form.values["g-SALT"]) == ("200", "0.3")
    looked = desk.send(form, **{"g-SALT": "1.5", "act": "look"})
    looked.says("这是改了以后的样子，还没有保存。", "不再适合：低盐", "1.88 g", "含盐1.9克，低盐饮食这一餐最多1.2克")
    assert of_meals(day, f"dishes/{dish_id('BOKLS')}")["version"] == 1
    saved = desk.send(looked.form(BOKLS), act="save", reason="口味")
    saved.says("新配方保存好了", "配方第 2 版", "以前的配方", "加碘盐 0.3 g")
    told = of_meals(day, f"dishes/{dish_id('BOKLS')}")
    assert [(each["version"], each["reason"]) for each in told["versions"]] == [(2, "口味"), (1, "")]
    assert told["versions"][0]["changed_by"].startswith("staff:")
    back = desk.send(saved.form(BOKLS), **{"g-SALT": "0.3", "act": "look"})
    back.says("变得适合：低盐")


def test_an_ingredient_is_added_and_its_allergens_with_it(desk: Phone) -> None:
    page = desk.send(desk.get(BOKLS).form(BOKLS), add="OYSTER_SAUCE", add_grams="5", act="look")
    page.says("蚝油", "贝类", "大豆")
    page = desk.send(page.form(BOKLS), **{"g-OYSTER_SAUCE": "0", "act": "look"})
    assert "g-OYSTER_SAUCE" not in page.form(BOKLS).values


@pytest.mark.parametrize("values", [{"g-SALT": "很多"}, {"g-SALT": "-1"}, {"g-SALT": "1000"}, {"g-SALT": "NaN"}])
def test_grams_that_are_no_grams_change_nothing(desk: Phone, day: Everyday, values: dict[str, str]) -> None:
    page = desk.send(desk.get(BOKLS).form(BOKLS), **values, act="save")
    assert page.status == 422
    page.says("克数要写 0 到 990 的数", "配方没有变。")
    assert of_meals(day, f"dishes/{dish_id('BOKLS')}")["version"] == 1


def test_a_recipe_without_ingredients_is_refused(desk: Phone) -> None:
    page = desk.send(desk.get(BOKLS).form(BOKLS), **{"g-SALT": "0", "g-GREENS": "", "g-OIL": "0"}, act="save")
    page.says("至少留一样食材")


def test_of_two_who_change_a_recipe_the_second_is_told(desk: Phone, hospital: WholeHospital) -> None:
    form = desk.get(BOKLS).form(BOKLS)
    desk.send(form, **{"g-SALT": "0.4", "act": "save"}).says("新配方保存好了")
    again = desk.get(BOKLS).form(BOKLS)
    page = desk.send(again, **{"g-SALT": "0.5", "version": "1", "act": "save"})
    assert page.status == 409
    page.says("别人刚改过这个配方。", "看最新的配方再改")


def test_the_week_and_one_meal_changed(desk: Phone, day: Everyday) -> None:
    page = desk.get("/dietitian/menus")
    page.says("今天", "明天", "后天", "已截止", "道菜")
    page = desk.get("/dietitian/menus/2026-11-24/lunch")
    page.says("11 月 24 日 周二 午餐", "11 月 24 日 周二 10:00 截止以前都能改")
    form = page.form("/dietitian/menus/2026-11-24/lunch")
    desk.send(form, dish=str(dish_id("BASS"))).says("菜单改好了。")
    menus = of_meals(day, "menus", first="2026-11-24")["items"]
    assert [each["code"] for each in menus[1]["dishes"]] == ["BASS"]
    desk.get("/dietitian/menus/2026-11-23/breakfast").says("这一餐已经截止，菜单不能再改。")
    assert desk.get("/dietitian/menus/2026-12-24/lunch").status == 404


def test_a_menu_without_dishes_is_refused(desk: Phone) -> None:
    desk.get("/dietitian/menus/2026-11-24/lunch")
    token = desk.get("/dietitian/menus/2026-11-24/lunch").form("/dietitian/menus/2026-11-24/lunch").values
    token = {name: value for name, value in token.items() if name != "dish"}
    answer = desk.post("/dietitian/menus/2026-11-24/lunch", token)
    assert answer.status_code == 422


@pytest.fixture
def waiting(hospital: WholeHospital, day: Everyday) -> str:
    """An order that nobody understood, for 王建国 in bed 07."""
    stay = Ward(day).admit(day.register())
    order_id = str(uuid4())
    told = {**golden(TYPE)["data"], "order_id": order_id, "encounter_id": stay["id"], "starts_at": None}
    hear(hospital.databases["meals"], (TYPE, told))
    return order_id


def test_an_order_that_was_not_understood_is_understood_once_for_always(
    desk: Phone, waiting: str, day: Everyday, hospital: WholeHospital
) -> None:
    desk.get("/dietitian").says("有 1 条别的系统发来的膳食医嘱看不懂。")
    page = desk.tap(desk.get("/dietitian/orders"), "心内一病区 07 床")
    page.says("PAN4 PEDIATRICA 1", "SIN SAL", "有看不懂的代码", "DIETOOLS|1^DOMINION")
    for code in ("NO_SALT", "DIABETIC"):  # what was understood is chosen already, so that nobody forgets it
        assert f'name="restriction" value="{code}" checked' in page.html
    page = press(
        desk,
        page,
        "开这个膳食",
        texture="GENERAL",
        restriction="NO_SALT",
        **{"code-0": "texture:GENERAL", "code-1": "nothing"},
    )
    page.says("处理好了。", "没有等着的医嘱")
    stay = of_meals(day, f"received-orders/{waiting}")["encounter_id"]
    assert of_meals(day, f"stays/{stay}/diet")["order"]["name"]["zh"] == "普食 · 无盐"
    again = {**golden(TYPE)["data"], "order_id": str(uuid4()), "encounter_id": stay, "starts_at": None}
    hear(hospital.databases["meals"], (TYPE, again))
    desk.get("/dietitian/orders").says("没有等着的医嘱")
    assert of_meals(day, f"stays/{stay}/diet")["order"]["name"]["zh"] == "普食 · 无盐 · 糖尿病"
    desk.get(f"/dietitian/orders/{waiting}").says("这条医嘱已经处理过了。")


def test_an_order_that_needs_nothing_is_put_aside_with_a_reason(desk: Phone, waiting: str, day: Everyday) -> None:
    page = desk.get(f"/dietitian/orders/{waiting}")
    form = page.form(f"/dietitian/orders/{waiting}/dismissal")
    desk.send(form, reason="发错了病区").says("处理好了。")
    told = of_meals(day, f"received-orders/{waiting}")
    assert (told["state"], told["reason"]) == ("dismissed", "发错了病区")
    desk.send(form, reason="再来").says("这条医嘱已经处理过了。", "发错了病区")


def test_what_cannot_be_ordered_leaves_the_order_waiting(desk: Phone, waiting: str, day: Everyday) -> None:
    page = desk.get(f"/dietitian/orders/{waiting}")
    page = press(desk, page, "开这个膳食", texture="CLEAR_LIQUID", restriction="HIGH_PROTEIN")
    assert page.status == 422
    page.says("这几样放在一起，没有一餐能做到。", "冲突在：蛋白质")
    assert of_meals(day, f"received-orders/{waiting}")["state"] == "open"


def test_the_dietitian_lands_here_and_nobody_else_may(hospital: WholeHospital, desk: Phone) -> None:
    desk.get("/staff").says("菜品和营养", "一周菜单", "看不懂的医嘱", "病区")
    for role in ("nurse", "canteen"):
        other = desk_of(hospital, role)
        for path in ("/dietitian", BOKLS, "/dietitian/menus", "/dietitian/orders"):
            assert other.get(path).status == 403
