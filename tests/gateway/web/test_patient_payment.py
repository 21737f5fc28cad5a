"""Paying on the phone: once, with every outcome of the wallet told truly."""

from __future__ import annotations

import pytest

from tests.gateway.web.steps import book, offer, tap_in_wallet, to_the_wallet
from tests.support.everyday import Everyday
from tests.support.phone import Phone
from tests.support.whole_hospital import WholeHospital


@pytest.fixture
def appointment(hospital: WholeHospital, wang: Phone, day: Everyday) -> str:
    """王建国's place, whose bill is known: the path of its page."""
    path = book(wang, offer(day)).path
    hospital.turn()
    return path


def test_from_the_bill_through_the_wallet_to_the_confirmation(
    hospital: WholeHospital, wang: Phone, day: Everyday, appointment: str
) -> None:
    page = wang.get(appointment)
    page.says("请付款", "号为您保留 15:00", "需支付 ¥25.00")
    page = wang.send(page.form(f"{appointment}/payment"))
    page.says("正在打开钱包，通常 1 到 2 秒。", "¥25.00")
    hospital.turn()
    wang.get(page.path)
    wallet = hospital.settings.url("wallet")
    assert wang.left_for.startswith(f"{wallet}/")
    back = tap_in_wallet(hospital, wang.left_for)
    assert back.partition("?")[0] == f"{appointment}/paid"
    wang.get(back).says("正在向钱包核对，通常 10 秒。", "请不要再付一次。")
    hospital.turn()
    page = wang.get(back)
    page.says("医院已确认", "明天 09:30–10:00", "1 号", "11 月 24 日 周二", "门诊楼3层", "王建国 本人")
    page.says("11 月 24 日 周二 09:00 前可以退号")
    page.says_not("去支付", "需支付")
    assert day.wallet_balance_fen() == 2500


def test_a_second_tap_and_the_back_button_ask_for_one_payment(
    hospital: WholeHospital, wang: Phone, day: Everyday, appointment: str
) -> None:
    form = wang.get(appointment).form(f"{appointment}/payment")
    first, second = wang.post(form.action, form.values), wang.post(form.action, form.values)
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.location == second.location
    hospital.turn()
    wang.get(first.location)
    tap_in_wallet(hospital, wang.left_for)
    hospital.turn()
    again = wang.post(form.action, form.values)
    assert again.location == first.location
    wang.get(again.location).says("医院已确认")
    assert day.wallet_balance_fen() == 2500


def test_a_payment_under_way_is_gone_on_with_from_a_new_page(
    hospital: WholeHospital, wang: Phone, appointment: str
) -> None:
    wallet = to_the_wallet(hospital, wang, appointment)
    page = wang.get(appointment)
    page.says("继续付款")
    wang.left_for = ""
    wang.send(page.form(f"{appointment}/payment"))
    assert wang.left_for == wallet


def test_coming_back_without_having_paid_leads_back_to_the_same_order(
    hospital: WholeHospital, wang: Phone, day: Everyday, appointment: str
) -> None:
    wallet = to_the_wallet(hospital, wang, appointment)
    page = wang.get(f"{appointment}/paid")
    page.says("正在向钱包核对，通常 10 秒。", "请不要再付一次。", "还没有在钱包里付？")
    page.says_not("去支付")
    wang.left_for = ""
    wang.tap(page, "回到钱包")
    assert wang.left_for == wallet
    assert day.wallet_balance_fen() == 0


@pytest.mark.parametrize("outcome", ["insufficient_balance", "user_cancelled"])
def test_a_payment_that_failed_charged_nothing_keeps_the_place_and_can_be_made_again(
    hospital: WholeHospital, wang: Phone, day: Everyday, appointment: str, outcome: str
) -> None:
    back = tap_in_wallet(hospital, to_the_wallet(hospital, wang, appointment), outcome)
    hospital.turn()
    page = wang.get(back)
    page.says("钱包没有付成。", "您的钱没有扣，号还为您留着。", "号为您保留 15:00")
    assert day.wallet_balance_fen() == 0
    tap_in_wallet(hospital, to_the_wallet(hospital, wang, appointment))
    hospital.turn()
    wang.get(appointment).says("医院已确认")
    assert day.wallet_balance_fen() == 2500


def test_money_that_is_there_before_the_hospital_confirms_is_said_to_be(
    hospital: WholeHospital, wang: Phone, appointment: str
) -> None:
    tap_in_wallet(hospital, to_the_wallet(hospital, wang, appointment))
    hospital.pump.queue_stands_still = True
    hospital.turn()
    page = wang.get(f"{appointment}/paid")
    page.says("钱收到了，正在等医院确认。", "不用再付，也不用一直开着这一页。")
    page.says_not("去支付", "多留")
    hospital.pump.queue_stands_still = False
    hospital.turn()
    wang.get(f"{appointment}/paid").says("医院已确认")


def test_with_the_queue_down_the_place_is_kept_and_the_bill_is_being_prepared(
    hospital: WholeHospital, wang: Phone, day: Everyday
) -> None:
    hospital.pump.queue_stands_still = True
    page = book(wang, offer_with_queue(hospital, day))
    hospital.pump.queue_stands_still = True
    hospital.pass_time(minutes=30)
    page = wang.get(page.path)
    page.says("号为您留着，账单正在准备。", "现在不用付钱。")
    page.says_not("去支付")
    hospital.pump.queue_stands_still = False
    hospital.turn()
    wang.get(page.path).says("号为您保留 15:00", "去支付")


def offer_with_queue(hospital: WholeHospital, day: Everyday) -> str:
    """A doctor's times, made while the queue works."""
    hospital.pump.queue_stands_still = False
    made = offer(day)
    hospital.pump.queue_stands_still = True
    return made


def test_the_waiting_part_loads_the_page_again_only_when_something_happened(
    hospital: WholeHospital, wang: Phone, day: Everyday
) -> None:
    path = book(wang, offer(day)).path
    live = {"HX-Request": "true"}
    part = wang.get(f"{path}/progress?seen=preparing", **live)
    part.says("号为您留着，账单正在准备。")
    assert "HX-Refresh" not in part.response.headers
    assert "<html" not in part.html
    hospital.turn()
    assert wang.get(f"{path}/progress?seen=preparing", **live).response.headers["HX-Refresh"] == "true"
    page = wang.send(wang.get(path).form(f"{path}/payment"))
    part = wang.get(f"{page.path}/progress?seen=requested", **live)
    assert "HX-Refresh" not in part.response.headers
    hospital.turn()
    assert wang.get(f"{page.path}/progress?seen=requested", **live).response.headers["HX-Refresh"] == "true"


def test_a_waiting_part_whose_session_ended_is_led_to_the_log_in_page(
    wang: Phone, day: Everyday, hospital: WholeHospital
) -> None:
    path = book(wang, offer(day)).path
    wang.client.delete_cookie("anxin_session")
    part = wang.get(f"{path}/progress?seen=preparing", **{"HX-Request": "true"})
    assert part.response.headers["HX-Redirect"].startswith("/login?")
    assert part.html == ""


def test_a_wrong_amount_is_refused_and_nothing_is_asked_for(
    hospital: WholeHospital, wang: Phone, day: Everyday, appointment: str
) -> None:
    form = wang.get(appointment).form(f"{appointment}/payment")
    for amount in ("1", "", "-2500", "２５００", "25.00"):
        page = wang.send(form, amount_fen=amount, request_id=f"another-{amount.encode().hex()}")
        assert page.status == 422
        page.says("金额和账单上还要付的不一样。", "您的钱没有扣。")
    wang.get(appointment).says("去支付")
    assert day.wallet_balance_fen() == 0


def test_a_payment_of_another_appointment_is_not_found_here(
    hospital: WholeHospital, wang: Phone, appointment: str
) -> None:
    page = wang.send(wang.get(appointment).form(f"{appointment}/payment"))
    payment = page.path.rpartition("/")[2]
    person = appointment.split("/")[2]
    assert wang.get(f"/appointments/{person}/{person}/payment/{payment}").status == 404


def test_while_billing_is_silent_the_page_offers_no_payment_and_says_so(
    hospital: WholeHospital, wang: Phone, appointment: str
) -> None:
    hospital.network.unreachable.add(hospital.settings.url("billing"))
    page = wang.get(appointment)
    assert page.status == 200
    page.says("收费那边现在没有回答", "您的钱和号都在。", "号为您保留 15:00")
    page.says_not("去支付")


def test_with_no_answer_from_billing_the_same_payment_is_asked_for_again(
    hospital: WholeHospital, wang: Phone, day: Everyday, appointment: str
) -> None:
    form = wang.get(appointment).form(f"{appointment}/payment")
    hospital.network.unreachable.add(hospital.settings.url("billing"))
    page = wang.send(form)
    assert page.status == 503
    page.says("再试一次不会办两次，也不会扣两次钱。")
    hospital.network.unreachable.clear()
    again = page.form(f"{appointment}/payment")
    assert again.values["request_id"] == form.values["request_id"]
    first = wang.post(again.action, again.values)
    assert wang.post(form.action, form.values).location == first.location


def test_money_that_comes_after_the_time_goes_back_and_the_page_says_so(
    hospital: WholeHospital, wang: Phone, day: Everyday, appointment: str
) -> None:
    hospital.clock.advance(minutes=5)
    wallet = to_the_wallet(hospital, wang, appointment)
    hospital.network.unreachable.add(hospital.settings.url("wallet"))
    hospital.clock.advance(minutes=10)
    page = wang.get(appointment)
    page.says("保留的时间到了，正在核对。", "号还留着。按时付了的会确认，晚到的钱会自动退回。请不要再付一次。")
    page.says_not("去支付", "这个号已经放出去")
    hospital.turn()
    wang.get(appointment).says("保留的时间过了，这个号已经放出去。", "要是付了钱，会自动原路退回。")
    back = tap_in_wallet(hospital, wallet, "never_told")
    hospital.network.unreachable.clear()
    hospital.pass_time(minutes=2)
    wang.get(back).says("保留的时间过了，这个号已经放出去。", "退给您 ¥25.00")
    hospital.pass_time(minutes=1)
    wang.get(back).says("退给您 ¥25.00，已经原路退回。")
    assert day.wallet_balance_fen() == 0


def test_while_the_queue_stands_still_a_place_whose_time_is_over_is_being_checked_and_never_lost(
    hospital: WholeHospital, wang: Phone, appointment: str
) -> None:
    with hospital.pump.standing_queue():
        hospital.pass_time(minutes=40)
        for page in (wang.get("/"), wang.get("/appointments"), wang.get(appointment)):
            page.says("正在核对")
            page.says_not("去支付", "去付", "没付款，已放出", "这个号已经放出去", "重新选时间")
        wang.look(lang="en")
        page = wang.get(appointment)
        page.says("The time is up; we are checking.", "The place is still kept.", "Please do not pay again.")
        page.says_not("Not paid in time", "Choose a time again")
        wang.look(lang="zh-CN")
    hospital.turn()
    wang.get(appointment).says("保留的时间过了，这个号已经放出去。")


def test_who_paid_while_the_queue_stands_still_reads_that_the_money_is_there_and_is_confirmed_later(
    hospital: WholeHospital, wang: Phone, day: Everyday, appointment: str
) -> None:
    wallet = to_the_wallet(hospital, wang, appointment)
    with hospital.pump.standing_queue():
        back = tap_in_wallet(hospital, wallet)
        hospital.pass_time(minutes=40)
        wang.get(back).says("钱收到了，正在等医院确认。", "不用再付，也不用一直开着这一页。")
    hospital.turn()
    wang.get(back).says("医院已确认", "1 号")
    assert day.wallet_balance_fen() == 2500


def test_money_that_was_paid_in_time_but_told_late_confirms_the_visit(
    hospital: WholeHospital, wang: Phone, day: Everyday, appointment: str
) -> None:
    wallet = to_the_wallet(hospital, wang, appointment)
    hospital.clock.advance(minutes=1)
    back = tap_in_wallet(hospital, wallet, "told_late")
    hospital.turn()
    hospital.pass_time(minutes=2)
    wang.get(back).says("医院已确认")
    assert day.wallet_balance_fen() == 2500
