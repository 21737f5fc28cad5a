"""Settling a stay on the nurse's tablet, handing it over to the person, and taking it back; without typing any id."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from gateway.web.ward.person import COOKIE
from tests.support.desk import PASSWORD, desk_of, employ, log_in_staff, press
from tests.support.everyday import Everyday
from tests.support.phone import Page, Phone
from tests.support.ward import Ward
from tests.support.whole_hospital import WholeHospital

NAME = json.dumps([[[100, 100], [200, 180], [320, 120]], [[400, 100], [420, 300]]])


@pytest.fixture
def stay(day: Everyday) -> dict[str, Any]:
    """王建国 has been in bed 07 for three days."""
    return Ward(day).admit(day.register(), at=day.clock() - timedelta(days=3))


@pytest.fixture
def tablet(hospital: WholeHospital, stay: dict[str, Any]) -> Phone:
    """The ward's tablet with a nurse logged in."""
    employ(hospital, "nurse", "nurse", name="陆佳 · 心内一病区")
    made = Phone(hospital.phone())
    log_in_staff(made, "nurse")
    return made


@pytest.fixture
def base(stay: dict[str, Any]) -> str:
    return f"/ward/stays/{stay['id']}/settlement"


def begin(hospital: WholeHospital, tablet: Phone, base: str) -> Page:
    """The nurse begins, and meals has answered."""
    page = press(tablet, tablet.get(base), "开始结算", ordered="yes")
    assert page.path == base
    hospital.turn()
    return tablet.get(base)


def to_checked(hospital: WholeHospital, tablet: Phone, base: str) -> Page:
    """Whatever is left on the list is passed over, and the bill is closed."""
    page = begin(hospital, tablet, base)
    while any("跳过" in text for form in page.forms for text, _, _ in form.buttons):
        form = next(form for form in page.forms if form.action == f"{base}/overrules")
        page = tablet.send(form, reason="和病区电话核对过")
    return press(tablet, page, "关账单")


def handed_over(hospital: WholeHospital, tablet: Phone, base: str) -> Page:
    """The tablet is in the person's hands."""
    return press(tablet, to_checked(hospital, tablet, base), "给病人看")


def test_the_stay_leads_to_its_settlement(tablet: Phone, stay: dict[str, Any], base: str) -> None:
    page = tablet.tap(tablet.get(f"/ward/stays/{stay['id']}"), "床边结算")
    assert page.path == base
    page.says("开始给王建国结算", "请食堂把餐费记完", "医生已经开了出院医嘱")


def test_without_a_discharge_order_nothing_begins(tablet: Phone, base: str) -> None:
    page = press(tablet, tablet.get(base), "开始结算")
    page.says("出院医嘱开了才能结算。")
    tablet.get(base).says("开始给王建国结算")


def test_the_list_is_live_and_names_owner_and_way_out(hospital: WholeHospital, tablet: Phone, base: str) -> None:
    page = press(tablet, tablet.get(base), "开始结算", ordered="yes")
    page.says("核对清单", "餐费都记上了", "账上 0 餐，等食堂回话。", "营养食堂")
    page.says_not("核对完，关账单")
    hospital.turn()
    page = tablet.get(base)
    page.says("账上 0 餐，食堂说 0 餐。")
    answer = tablet.get(f"{base}/progress?seen=something-else")
    assert answer.response.headers["HX-Refresh"] == "true"


def test_passing_over_an_item_needs_a_reason_that_stays(hospital: WholeHospital, tablet: Phone, base: str) -> None:
    page = begin(hospital, tablet, base)
    form = next(form for form in page.forms if form.action == f"{base}/overrules")
    tablet.send(form, reason=" ").says("请写为什么跳过。")
    tablet.send(form, reason="和病区电话核对过").says("跳过了：和病区电话核对过")


def test_a_second_nurse_finds_the_settlement_of_the_first(hospital: WholeHospital, tablet: Phone, base: str) -> None:
    first = tablet.get(base)
    second = desk_of(hospital, "nurse", "doctor")
    page = second.get(base)
    press(tablet, first, "开始结算", ordered="yes")
    press(second, page, "开始结算", ordered="yes").says("核对清单")


def test_from_the_bed_to_going_home(hospital: WholeHospital, tablet: Phone, base: str, stay: dict[str, Any]) -> None:
    page = handed_over(hospital, tablet, base)
    assert page.path == f"/bedside/{stay['id']}"
    page.says("王建国，您好", "这次一共花了", "您自己付", "请在这里签名", "没问题，确认")
    page = press(tablet, page, "没问题，确认", strokes=NAME)
    page.says("费用结清了", "都办好了。")
    page = tablet.tap(page, "把平板交还护士")
    page = press(tablet, page, "取回", user_name="nurse", password=PASSWORD)
    assert page.path == base
    page.says("结清了。", "出院的路")
    slip = tablet.tap(page, "打印出院单")
    slip.says("出院单", "王建国", "心内一病区 07 床", "费用已结清，可以离院")
    tablet.get(f"/ward/stays/{stay['id']}/links/settlement").says("已结清")


def test_in_the_persons_hands_no_page_leads_to_the_ward(
    hospital: WholeHospital, tablet: Phone, base: str, stay: dict[str, Any]
) -> None:
    page = handed_over(hospital, tablet, base)
    assert [href for _, href in page.links if not href.startswith(f"/bedside/{stay['id']}")] == ["#main"]
    for path in ("/", "/ward", base, "/staff", "/front-desk", "/staff/login", f"/ward/stays/{stay['id']}"):
        assert tablet.get(path).path == f"/bedside/{stay['id']}"
    refused = press(tablet, tablet.get(f"/bedside/{stay['id']}/return"), "取回", user_name="nurse", password="wrong")
    refused.says("用户名或密码不对。")
    assert tablet.get("/ward").path == f"/bedside/{stay['id']}"
    employ(hospital, "canteen", "canteen")
    page = tablet.get(f"/bedside/{stay['id']}/return")
    assert press(tablet, page, "取回", user_name="canteen", password=PASSWORD).status == 403
    assert tablet.get("/ward").path == f"/bedside/{stay['id']}"


def test_who_does_not_sign_is_asked_to(hospital: WholeHospital, tablet: Phone, base: str) -> None:
    page = handed_over(hospital, tablet, base)
    press(tablet, page, "没问题，确认").says("请先在框里签名")
    for nonsense in ("[", "{}", "[[[1,1]]]", "[" * 5000):
        page = press(tablet, page, "没问题，确认", strokes=nonsense)
        assert (page.status, "都办好了" in page.text) == (422, False)
    press(tablet, page, "没问题，确认", typed="王建国").says("都办好了。")


def test_whoever_has_a_question_signs_nothing(hospital: WholeHospital, tablet: Phone, base: str) -> None:
    page = tablet.tap(handed_over(hospital, tablet, base), "有疑问")
    page.says("哪里不清楚，请告诉护士。", "没有签字，什么都没有办。")


def test_a_settlement_is_called_off_with_a_reason_and_begun_again(
    hospital: WholeHospital, tablet: Phone, base: str
) -> None:
    page = tablet.tap(to_checked(hospital, tablet, base), "叫停结算")
    page.says("叫停王建国的结算？", "账单重新打开")
    press(tablet, page, "叫停", reason=" ").says("请写为什么叫停。")
    page = press(tablet, page, "叫停", reason="病人改天走")
    page.says("这次结算叫停了。", "病人改天走")
    page = tablet.tap(page, "重新开始结算")
    press(tablet, page, "开始结算", ordered="yes").says("核对清单")


@pytest.mark.parametrize("role", ["cashier", "canteen", "doctor"])
def test_people_who_work_elsewhere_do_not_settle(
    hospital: WholeHospital, stay: dict[str, Any], base: str, role: str
) -> None:
    desk = desk_of(hospital, role)
    for path in (base, f"{base}/slip", f"{base}/withdrawal", f"/bedside/{stay['id']}"):
        assert desk.get(path).status == 403


def test_a_page_that_is_not_handed_over_carries_no_lock(tablet: Phone, base: str) -> None:
    assert COOKIE not in str(tablet.get(base).response.headers)
