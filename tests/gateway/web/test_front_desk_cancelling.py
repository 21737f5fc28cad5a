"""Giving a place back at the window, and the money that is handed out for it; the cashier's list and the books."""

from __future__ import annotations

from uuid import UUID

import pytest

from services.billing.domain import RefundAnswer, RefundOutcome
from tests.support.desk import balances, counts, desk_of, press, refreshed, to_pay
from tests.support.everyday import LI, Everyday
from tests.support.phone import Page, Phone
from tests.support.whole_hospital import WholeHospital

NOTHING_LEFT = {"outpatient_income": "0.00", "patient_receivables": "0.00", "refunds_payable": "0.00"}


@pytest.fixture
def desk(hospital: WholeHospital) -> Phone:
    """The front desk's browser."""
    return desk_of(hospital, "front_desk")


@pytest.fixture
def wang(day: Everyday) -> UUID:
    """A patient, on the day on which Dr Chen has a session tomorrow with one place in each half hour."""
    day.slots(places=8)
    return day.register()


def booked(hospital: WholeHospital, desk: Phone, patient_id: UUID) -> Page:
    """The page of a visit that was paid in cash and is confirmed."""
    page = press(desk, to_pay(hospital, desk, patient_id), "收下")
    hospital.turn()
    return desk.get(page.path.partition("?")[0])


def cancelled(hospital: WholeHospital, desk: Phone, page: Page) -> Page:
    """Ask for cancelling, confirm it, and wait for billing."""
    word = "退号" if "打印小票" in page.text else "不要这个号了"
    page = press(desk, desk.tap(page, word), "退号")
    hospital.turn()
    return desk.get(page.path)


def test_an_unpaid_place_is_given_back_without_any_money(
    hospital: WholeHospital, day: Everyday, desk: Phone, wang: UUID
) -> None:
    page = to_pay(hospital, desk, wang)
    ask = desk.tap(page, "不要这个号了")
    ask.says("替王建国退这个号吗？", "这个位置马上给别人约。", "没有收过钱，不用退。")
    assert ask.link("不退") == page.path
    page = cancelled(hospital, desk, page)
    page.says("已经退号。", "没有收过钱。", "再挂一个号")
    assert balances(day) == {"outpatient_income": "0.00", "patient_receivables": "0.00"}
    desk.get(f"/front-desk/patients/{wang}/book").says("心血管内科 本部 门诊楼3层 明天 08:00 余 8")


def test_looking_at_the_question_changes_nothing(hospital: WholeHospital, desk: Phone, wang: UUID) -> None:
    page = booked(hospital, desk, wang)
    ask = desk.tap(page, "退号")
    ask.says("¥25.00 现金，退号以后在这里付给病人。")
    desk.tap(ask, "不退").says("已确认")


def test_cash_of_a_cancelled_visit_is_handed_out_once_at_the_window(
    hospital: WholeHospital, day: Everyday, desk: Phone, wang: UUID
) -> None:
    page = press(desk, desk.tap(booked(hospital, desk, wang), "退号"), "退号")
    page.says("已经退号。", "收的钱要退给病人。", "退款正在办。")
    assert refreshed(page) == ["4"]
    hospital.turn()
    page = desk.get(page.path)
    page.says("现金退给王建国", "¥25.00", "先看证件，再把钱交给本人。")
    assert balances(day)["cash_drawer"] == "25.00"
    paid = press(desk, page, "已经付给他 ¥25.00")
    paid.says("¥25.00 已经退了。", "退了 ¥25.00")
    paid.says_not("已经付给他")
    before = counts(hospital)
    again = press(desk, page, "已经付给他")
    assert (again.status, counts(hospital)) == (200, before)
    assert balances(day) == {"cash_drawer": "0.00", **NOTHING_LEFT}


def test_two_windows_hand_a_refund_out_once(hospital: WholeHospital, day: Everyday, desk: Phone, wang: UUID) -> None:
    page = cancelled(hospital, desk, booked(hospital, desk, wang))
    cashier = desk_of(hospital, "cashier")
    other = cashier.get("/cashier/refunds")
    press(desk, page, "已经付给他")
    answer = press(cashier, other, "已经付给他")
    assert answer.status == 409
    answer.says("这笔退款不用付现金：已经付过", "没有多付。", "没有要付的退款")
    assert balances(day)["cash_drawer"] == "0.00"


def test_money_from_a_phone_goes_back_to_it_by_itself(
    hospital: WholeHospital, day: Everyday, desk: Phone, wang: UUID
) -> None:
    page = to_pay(hospital, desk, wang)
    day.pay(wang, page.path.rpartition("/")[2])
    ask = desk.tap(desk.get(page.path), "退号")
    ask.says("¥25.00 会自动原路退回手机。")
    page = press(desk, ask, "退号")
    hospital.turn()
    hospital.pass_time(seconds=10)
    page = desk.get(page.path)
    page.says("¥25.00 已经退了。")
    page.says_not("已经付给他")
    assert (day.wallet_balance_fen(), desk.get("/cashier/refunds").text.count("付现金退款")) == (0, 2)


def test_a_cancelled_visit_is_not_cancelled_again(hospital: WholeHospital, desk: Phone, wang: UUID) -> None:
    page = booked(hospital, desk, wang)
    ask = desk.tap(page, "退号")
    cancelled(hospital, desk, page)
    before = counts(hospital)
    answer = press(desk, ask, "退号")
    assert (answer.status, counts(hospital)) == (409, before)
    answer.says("这个预约已经退了。")
    assert desk.get(ask.path).path == page.path


def test_the_desk_cancels_until_the_visit_begins(hospital: WholeHospital, desk: Phone, wang: UUID) -> None:
    page = booked(hospital, desk, wang)
    hospital.pass_time(hours=22, minutes=59)
    desk = desk_of(hospital, "front_desk", "cashier")
    desk.tap(desk.get(page.path), "退号").says("替王建国退这个号吗？")
    ask = desk.get(f"{page.path}/cancellation")
    hospital.pass_time(minutes=2)
    answer = press(desk, ask, "退号")
    assert answer.status == 422
    answer.says("已经开始看诊，不能退号。", "预约没有变。", "已确认")
    answer.says_not("现金退给")


# --------------------------------------------------------------------------------------------- cashier and finance


def test_the_cashier_sees_to_whom_and_for_what_and_hands_it_out(
    hospital: WholeHospital, day: Everyday, desk: Phone, wang: UUID
) -> None:
    page = booked(hospital, desk, wang)
    number = day.invoice(wang, page.path.rpartition("/")[2])["number"]
    cashier = desk_of(hospital, "cashier")
    cashier.get("/cashier/refunds").says("没有要付的退款")
    cancelled(hospital, desk, page)
    page = cashier.get("/cashier/refunds")
    page.says("1 笔，一共 ¥25.00", "王建国", "身份证 329900********0017", number, "退号", "今天 09:00")
    page.says("先看证件，再把 ¥25.00 交给王建国。")
    page = press(cashier, page, "已经付给他")
    page.says("¥25.00 已经付出去，记好了。", "没有要付的退款")
    assert balances(day) == {"cash_drawer": "0.00", **NOTHING_LEFT}


def test_a_refund_that_its_channel_refuses_is_paid_in_cash(
    hospital: WholeHospital, day: Everyday, desk: Phone, wang: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = to_pay(hospital, desk, wang)
    day.pay(wang, page.path.rpartition("/")[2])
    refused = RefundAnswer(outcome=RefundOutcome.REFUSED, problem="account_closed")
    monkeypatch.setattr(hospital.wallet_provider, "refund", lambda _intent: refused)
    page = cancelled(hospital, desk, desk.get(page.path))
    page.says("现金退给王建国", "原路退不回去，在这里付现金。")
    press(desk, page, "已经付给他").says("¥25.00 已经退了。")
    assert balances(day)["cash_drawer"] == "-25.00"


def test_the_books_are_shown_to_finance_with_what_must_agree(
    hospital: WholeHospital, day: Everyday, desk: Phone, wang: UUID
) -> None:
    finance = desk_of(hospital, "finance")
    finance.get("/cashier/ledger").says("还没有记过账", "借方合计等于贷方合计 ¥0.00 ¥0.00 一致")
    li = day.register(LI)
    booked(hospital, desk, li)
    cancelled(hospital, desk, booked(hospital, desk, wang))
    page = finance.get("/cashier/ledger")
    page.says("现金 ¥50.00 ¥0.00 ¥50.00", "门诊收入 ¥25.00 ¥50.00 −¥25.00", "应退未退 ¥0.00 ¥25.00 −¥25.00")
    page.says("账上收到的钱等于付款合计 ¥50.00 ¥50.00 一致", "应退未退等于已决定退、还没退的 ¥25.00 ¥25.00 一致")
    page.says("开出、没有取消的账单 ¥25.00")
    page.says_not("差 ¥")
