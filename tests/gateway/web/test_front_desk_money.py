"""Taking money at the window: cash with its change, or any phone by a code; each job through the pages."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

import pytest

from gateway.web.front_desk.standing import handed_over, typed_fen
from tests.support.callers import FRONT_DESK
from tests.support.desk import balances, counts, desk_of, press, refreshed, to_pay
from tests.support.everyday import Everyday
from tests.support.phone import Page, Phone
from tests.support.whole_hospital import WholeHospital

NOT_TAKEN = {"20": "还少 ¥5.00。", "24.99": "还少 ¥0.01。", "-30": "看不懂这个数", "三十": "看不懂这个数"}
UNREADABLE = ["", "-30", "三十", "30.001", "1e3", "1000000", "30.", "３０", "30.5.0", "."]


@pytest.fixture
def desk(hospital: WholeHospital) -> Phone:
    """The front desk's browser."""
    return desk_of(hospital, "front_desk")


@pytest.fixture
def wang(day: Everyday) -> UUID:
    """A patient, on the day on which Dr Chen has a session tomorrow with one place in each half hour."""
    day.slots(places=8)
    return day.register()


def test_cash_is_taken_the_change_is_told_and_the_visit_confirmed_with_its_slip(
    hospital: WholeHospital, day: Everyday, desk: Phone, wang: UUID
) -> None:
    page = press(desk, to_pay(hospital, desk, wang), "收下 ¥25.00", given="100.00")
    page.says("找 ¥75.00", "收了 ¥100.00，挂号费 ¥25.00。", "钱收到了，正在确认")
    assert refreshed(page) == ["4"]
    hospital.turn()
    page = desk.get(page.path.partition("?")[0])
    page.says("已确认", "1 号", "明天 08:00–08:30", "门诊楼3层", "收到 ¥25.00 现金")
    page.says_not("收下")
    assert balances(day) == {"cash_drawer": "25.00", "outpatient_income": "-25.00", "patient_receivables": "0.00"}
    slip = desk.tap(page, "打印小票")
    slip.says(
        "挂号小票",
        "1 号",
        "11 月 24 日 周二",
        "08:00–08:30",
        "王建国",
        "¥25.00 现金",
        "手机上 11 月 24 日 周二 07:30 前",
    )
    desk.get(f"/front-desk/patients/{wang}").says("已确认", "陈思远")


def test_a_sum_that_is_too_little_or_no_sum_is_not_taken_and_stays_as_typed(
    hospital: WholeHospital, desk: Phone, wang: UUID
) -> None:
    page = to_pay(hospital, desk, wang)
    before = counts(hospital)
    for typed, said in NOT_TAKEN.items():
        answer = press(desk, page, "收下", other=typed)
        assert (answer.status, counts(hospital)) == (422, before)
        answer.says(said)
        assert answer.form(f"{page.path}/cash").values["other"] == typed


def test_when_the_time_is_over_and_not_decided_yet_no_money_is_taken(
    hospital: WholeHospital, desk: Phone, wang: UUID
) -> None:
    page = to_pay(hospital, desk, wang)
    with hospital.pump.standing_queue():
        hospital.pass_time(minutes=16)
        page = desk.get(page.path)
        page.says("正在核对", "保留的时间到了，正在核对。", "现在不要收钱。")
        page.says_not("收下", "没有在保留的时间里付钱")
        assert refreshed(page) == ["4"]
        desk.get(f"/front-desk/patients/{wang}").says("正在核对")
    hospital.turn()
    desk.get(page.path).says("没有在保留的时间里付钱，号已经放出去。", "没有收过钱。")


def test_sums_are_read_as_people_type_them() -> None:
    assert [typed_fen(text) for text in ("25", "¥30.5", " 1,000.00 元", "0.01")] == [2500, 3050, 100000, 1]
    assert {text: typed_fen(text) for text in UNREADABLE} == dict.fromkeys(UNREADABLE)


def test_round_sums_are_offered_with_their_change() -> None:
    assert handed_over(2500) == [(2500, 0), (3000, 500), (5000, 2500), (10000, 7500)]
    assert handed_over(5000) == [(5000, 0), (10000, 5000)]
    assert handed_over(12880) == [(12880, 0), (13000, 120), (15000, 2120), (20000, 7120)]


def test_the_form_sent_twice_takes_the_money_once(
    hospital: WholeHospital, day: Everyday, desk: Phone, wang: UUID
) -> None:
    page = to_pay(hospital, desk, wang)
    for _ in range(2):
        press(desk, page, "收下", given="50.00").says("找 ¥25.00")
    hospital.turn()
    assert (counts(hospital)["billing.payments"], balances(day)["cash_drawer"]) == (1, "25.00")


def test_a_page_from_before_the_payment_takes_no_second_one(hospital: WholeHospital, desk: Phone, wang: UUID) -> None:
    page = to_pay(hospital, desk, wang)
    other_window = desk.get(page.path)
    press(desk, page, "收下")
    hospital.turn()
    before = counts(hospital)
    answer = press(desk, other_window, "收下")
    assert (answer.status, counts(hospital)) == (409, before)
    answer.says("这张账单已经付过了。", "不要再收钱。", "已确认")


def test_a_page_from_before_the_place_was_released_takes_no_money(
    hospital: WholeHospital, desk: Phone, wang: UUID
) -> None:
    page = to_pay(hospital, desk, wang)
    hospital.pass_time(minutes=16)
    before = counts(hospital)
    answer = press(desk, page, "收下")
    assert (answer.status, counts(hospital)) == (409, before)
    answer.says("这张账单已经取消，不用付。", "没有在保留的时间里付钱", "没有收过钱。", "再挂一个号")


def test_without_an_answer_the_same_cash_is_sent_again_and_counts_once(
    hospital: WholeHospital, day: Everyday, desk: Phone, wang: UUID
) -> None:
    page = to_pay(hospital, desk, wang)
    hospital.network.unreachable.add(hospital.settings.url("billing"))
    silent = press(desk, page, "收下", given="50.00")
    assert silent.status == 503
    silent.says("可能办成了，也可能没有。", "也不会收两次钱。")
    hospital.network.unreachable.clear()
    for _ in range(2):
        press(desk, silent, "再试一次").says("找 ¥25.00")
    assert balances(day)["cash_drawer"] == "25.00"


def test_with_billing_silent_the_appointment_is_still_shown(hospital: WholeHospital, desk: Phone, wang: UUID) -> None:
    page = to_pay(hospital, desk, wang)
    hospital.network.unreachable.add(hospital.settings.url("billing"))
    page = desk.get(page.path)
    assert page.status == 200
    page.says("这一部分现在读不到。", "明天 08:00–08:30")
    page.says_not("收下")


# ----------------------------------------------------------------------------------------------------------- phone


def payment_of(day: Everyday, wang: UUID, page: Page) -> dict[str, Any]:
    """The newest payment of the appointment that the page shows."""
    invoice = day.invoice(wang, page.path.rpartition("/")[2])
    items = day.done(day.at("billing", FRONT_DESK).get("/v1/payments", invoice_id=invoice["id"]))["items"]
    return dict(items[0])


def test_a_phone_pays_by_the_code_on_the_screen(
    hospital: WholeHospital, day: Everyday, desk: Phone, wang: UUID
) -> None:
    page = press(desk, to_pay(hospital, desk, wang), "出付款码")
    page.says("正在打开手机付款")
    assert refreshed(page) == ["4"]
    hospital.turn()
    page = desk.get(page.path)
    payment = payment_of(day, wang, page)
    page.says("等病人在手机上付。", "请病人用手机扫这个码付款")
    page.says_not("收下")
    assert page.link("演示：在这台机器上打开钱包") == payment["pay_url"]
    assert '<svg xmlns="http://www.w3.org/2000/svg"' in page.html
    day.tap(payment)
    hospital.turn()
    page = desk.get(page.path)
    page.says("已确认", "1 号", "收到 ¥25.00 手机")
    assert balances(day)["sandbox_wallet"] == "25.00"


def test_where_the_wallet_leads_a_phone_it_is_sent_to_the_window_for_the_result(hospital: WholeHospital) -> None:
    page = Phone(hospital.phone()).get("/front-desk/paid-by-phone")
    assert page.status == 200
    page.says("钱包那边办完了", "请看窗口的屏幕")


def test_the_page_notices_that_the_patient_has_paid_at_home(
    hospital: WholeHospital, day: Everyday, desk: Phone, wang: UUID
) -> None:
    page = to_pay(hospital, desk, wang)
    found = re.search(r'data-live="([^"]+)"', page.html)
    assert found
    live = found[1].replace("&amp;", "&")
    assert "HX-Refresh" not in desk.get(live).response.headers
    day.pay(wang, page.path.rpartition("/")[2])
    assert desk.get(live).response.headers["HX-Refresh"] == "true"
    desk.get(page.path).says("已确认")


def test_cash_after_all_closes_the_payment_by_phone_first(
    hospital: WholeHospital, day: Everyday, desk: Phone, wang: UUID
) -> None:
    page = press(desk, to_pay(hospital, desk, wang), "出付款码")
    hospital.turn()
    page = press(desk, desk.get(page.path), "不用手机，改收现金")
    page.says("正在关掉手机付款", "关好了就能收现金。")
    page.says_not("收下")
    hospital.turn()
    page = press(desk, desk.get(page.path), "收下")
    hospital.turn()
    desk.get(page.path).says("已确认", "收到 ¥25.00 现金")
    assert balances(day) == {"cash_drawer": "25.00", "outpatient_income": "-25.00", "patient_receivables": "0.00"}


def test_while_a_phone_is_paying_no_cash_is_taken(
    hospital: WholeHospital, day: Everyday, desk: Phone, wang: UUID
) -> None:
    page = to_pay(hospital, desk, wang)
    day.ask_to_pay(wang, day.invoice(wang, page.path.rpartition("/")[2]))
    before = counts(hospital)
    answer = press(desk, page, "收下")
    assert (answer.status, counts(hospital)) == (409, before)
    answer.says("病人的手机上有一笔正在付。", "现在不要收现金。", "等病人在手机上付。")
