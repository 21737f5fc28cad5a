"""The diet of a patient in a bed, on the nurse's tablet: two taps for a change, fasting confirmed."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.desk import desk_of, press
from tests.support.everyday import Everyday
from tests.support.phone import Page, Phone
from tests.support.ward import NURSE, Ward
from tests.support.whole_hospital import WholeHospital


@pytest.fixture
def ward(day: Everyday) -> Ward:
    """A ward with three beds."""
    return Ward(day)


@pytest.fixture
def stay(ward: Ward, day: Everyday) -> str:
    """王建国 lies in bed 07."""
    return str(ward.admit(day.register())["id"])


@pytest.fixture
def tablet(hospital: WholeHospital, stay: str) -> Phone:
    """The ward's tablet with a nurse logged in."""
    return desk_of(hospital, "nurse")


def path(stay: str, more: str = "") -> str:
    return f"/ward/stays/{stay}/diet{more}"


def diet(day: Everyday, stay: str) -> dict[str, Any]:
    """What meals tells of the stay."""
    return day.done(day.at("meals", NURSE).get(f"/v1/stays/{stay}/diet"))


def open_diet(tablet: Phone, stay: str) -> Page:
    """From the stay's page to its diet."""
    return tablet.tap(tablet.get(f"/ward/stays/{stay}"), "膳食、禁食、过敏")


def ordered(tablet: Phone, stay: str, texture: str = "普食") -> Page:
    """A diet with two taps: what was tapped, and the confirmation."""
    return press(tablet, tablet.tap(open_diet(tablet, stay), texture), "开这个膳食")


def test_two_taps_change_the_diet(tablet: Phone, stay: str, day: Everyday) -> None:
    open_diet(tablet, stay).says("还没有膳食医嘱", "下一餐起没有医嘱就不能送餐", "07", "王建国")
    page = ordered(tablet, stay)
    page.says("膳食开好了。", "普食", "医生医嘱")
    assert page.path == path(stay, "?done=diet")
    page = tablet.tap(page, "低盐")
    page.says("现在", "普食", "改成", "低盐", "今天 午餐")
    press(tablet, page, "开这个膳食").says("普食 · 低盐")
    page = tablet.tap(open_diet(tablet, stay), "半流质")
    assert page.form(path(stay, "/order")).values["restriction"] == "LOW_SALT"
    press(tablet, page, "开这个膳食").says("半流质 · 低盐")
    told = diet(day, stay)
    assert [each["name"]["zh"] for each in told["history"]] == ["半流质 · 低盐", "普食 · 低盐", "普食"]


def test_a_tap_takes_a_restriction_away_again(tablet: Phone, stay: str) -> None:
    page = press(tablet, tablet.tap(ordered(tablet, stay), "低盐"), "开这个膳食")
    page = press(tablet, tablet.tap(page, "低盐"), "开这个膳食")
    page.says("膳食开好了。")
    assert diet_name(page) == "普食"


def diet_name(page: Page) -> str:
    """What stands large on the page."""
    return page.text.split("膳食开好了。")[1].strip().split(" ")[0]


def test_all_choices_with_energy_exclusions_and_a_word_for_the_kitchen(tablet: Phone, stay: str, day: Everyday) -> None:
    page = tablet.tap(open_diet(tablet, stay), "全部选项")
    page.says("吞咽障碍膳食", "甲状腺碘131试验", "清真", "一天的热量")
    values = {"texture": "SOFT", "restriction": "DIABETIC", "exclusion": "HALAL", "energy_kcal": "1800"}
    page = press(tablet, page, "开这个膳食", note="少油", **values)
    page.says("软食 · 糖尿病 · 清真 · 1800千卡", "少油")
    assert diet(day, stay)["order"]["energy_kcal"] == 1800


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"texture": "SOFT", "energy_kcal": "很多"}, "送来的内容不对。"),
        ({"texture": "SOFT", "energy_kcal": "10"}, "送来的内容不对。"),
        ({}, "送来的内容不对。"),
        ({"texture": "CLEAR_LIQUID", "restriction": "HIGH_PROTEIN"}, "这几样放在一起，没有一餐能做到。"),
    ],
    ids=["no number", "too little", "nothing chosen", "impossible"],
)
def test_what_cannot_be_ordered_is_said_and_nothing_changes(
    tablet: Phone, stay: str, day: Everyday, values: dict[str, str], sentence: str
) -> None:
    page = press(tablet, tablet.get(path(stay, "/order")), "开这个膳食", **values)
    assert page.status == 422
    page.says(sentence)
    assert diet(day, stay)["history"] == []


def test_a_conflict_names_over_what(tablet: Phone, stay: str) -> None:
    page = tablet.get(path(stay, "/order"))
    page = press(tablet, page, "开这个膳食", texture="CLEAR_LIQUID", restriction="HIGH_PROTEIN")
    page.says("冲突在：蛋白质")


def test_the_nurses_word_for_the_first_meal_is_offered_once(tablet: Phone, stay: str, day: Everyday) -> None:
    page = tablet.tap(open_diet(tablet, stay), "全部选项")
    page.says("先由我口头安排入院第一餐")
    press(tablet, page, "开这个膳食", texture="SOFT", verbal="yes").says("护士口头安排的第一餐")
    assert diet(day, stay)["order"]["ends_at"] == "2026-11-23T02:00:00+00:00"
    tablet.get(path(stay, "/order")).says_not("先由我口头安排")


def test_fasting_is_confirmed_shown_large_and_ends_with_a_new_diet(tablet: Phone, stay: str, day: Everyday) -> None:
    page = tablet.tap(ordered(tablet, stay), "禁食")
    page.says("给王建国开禁食", "禁食禁水", "手术或麻醉", "马上生效。", "11 月 23 日 周一 22:00")
    page = press(tablet, page, "确认禁食", kind="nothing_by_mouth", until="2026-11-23T14:00")
    page.says("禁食开好了", "禁食禁水", "预计到 11 月 23 日 周一 14:00", "到了时间也不会自己恢复")
    tablet.get(f"/ward/stays/{stay}/links/diet").says("正在禁食")
    page = tablet.tap(page, "清流质")
    page.says("病人正在禁食禁水。", "开这个膳食就是恢复饮食。")
    page = press(tablet, page, "恢复饮食，开这个膳食", resumes="yes")
    page.says("膳食开好了。", "清流质", "以前的禁食")
    assert diet(day, stay)["npo"] == []


def test_fasting_planned_for_later_can_be_called_off(tablet: Phone, stay: str, day: Everyday) -> None:
    page = tablet.tap(ordered(tablet, stay), "禁食")
    page = press(tablet, page, "确认禁食", **{"from": "2026-11-23T16:00:00Z"})
    page.says("11 月 24 日 周二 00:00", "起禁食")
    press(tablet, page, "不禁食了").says("这次禁食取消了。")
    assert diet(day, stay)["npo"] == []


@pytest.mark.parametrize("until", ["2026-11-23T08:00", "昨天"])
def test_fasting_cannot_end_in_the_past(tablet: Phone, stay: str, day: Everyday, until: str) -> None:
    page = press(tablet, tablet.get(path(stay, "/npo")), "确认禁食", until=until)
    assert page.status == 422
    assert diet(day, stay)["npo"] == []


def test_an_allergy_is_noted_and_taken_back_with_a_reason(tablet: Phone, stay: str, day: Everyday) -> None:
    page = tablet.tap(ordered(tablet, stay), "记过敏")
    page = press(tablet, page, "记下过敏", allergen="peanut", reaction="皮疹")
    page.says("过敏记好了，马上生效。", "忌花生")
    page = tablet.tap(page, "忌花生")
    page.says("皮疹", "撤销以后，含有它的菜又可以送给他吃。")
    refused = press(tablet, page, "撤销这条过敏", reason="")
    assert refused.status == 422
    assert [each["allergen"] for each in diet(day, stay)["allergies"]] == ["peanut"]
    press(tablet, page, "撤销这条过敏", reason="记错了人").says("这条过敏撤销了。")
    assert diet(day, stay)["allergies"] == []


def test_a_form_sent_twice_is_one_order(tablet: Phone, stay: str, day: Everyday) -> None:
    page = tablet.tap(open_diet(tablet, stay), "普食")
    for _ in range(2):
        press(tablet, page, "开这个膳食").says("膳食开好了。")
    assert len(diet(day, stay)["history"]) == 1


def test_beds_carry_diet_allergy_and_fasting(tablet: Phone, stay: str, day: Everyday) -> None:
    nurse = day.at("meals", NURSE)
    nurse.post(f"/v1/stays/{stay}/diet-orders", {"texture": "SOFT", "restrictions": ["LOW_SALT"]})
    beds = tablet.tap(tablet.get("/ward/choice"), "心内一病区")
    beds.says("软食 · 低盐")
    nurse.post(f"/v1/stays/{stay}/allergies", {"allergen": "fish"})
    nurse.post(f"/v1/stays/{stay}/npo-orders", {"kind": "no_food", "reason": "surgery"})
    beds = tablet.get(beds.path)
    beds.says("忌鱼", "禁食")
    beds.says_not("软食 · 低盐")


def test_after_discharge_the_diet_is_only_read(tablet: Phone, stay: str, ward: Ward) -> None:
    ordered(tablet, stay)
    ward.discharge(stay)
    page = open_diet(tablet, stay)
    page.says("普食")
    page.says_not("改膳食", "记过敏")
    page = press(tablet, tablet.get(path(stay, "/npo")), "确认禁食")
    assert page.status == 409
    page.says("这次住院已经结束，不能再开。")


def test_only_the_ward_and_the_dietitian_see_it(hospital: WholeHospital, stay: str) -> None:
    for role in ("canteen", "cashier"):
        assert desk_of(hospital, role).get(path(stay)).status == 403
    desk_of(hospital, "dietitian").get(path(stay)).says("还没有膳食医嘱")


def test_english_words(hospital: WholeHospital, stay: str) -> None:
    desk = desk_of(hospital, "doctor")
    desk.headers["Accept-Language"] = "en"
    page = desk.get(path(stay))
    page.says("No diet order yet", "semi-liquid", "Note an allergy")
