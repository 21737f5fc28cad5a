"""A bill of any kind on the phone: read, paid through the wallet, and led back to the page it was opened from."""

from __future__ import annotations

from urllib.parse import quote
from uuid import UUID

import pytest

from tests.gateway.web.steps import book, offer, tap_in_wallet
from tests.support.everyday import Everyday
from tests.support.phone import Phone
from tests.support.whole_hospital import WholeHospital

BACK = "/messages?page=2"


@pytest.fixture
def bill(hospital: WholeHospital, wang: Phone, day: Everyday) -> str:
    """The path of the page of 王建国's bill."""
    _, _, person, appointment = book(wang, offer(day)).path.split("/")
    hospital.turn()
    invoice = day.invoice(UUID(person), appointment)
    return f"/bills/{person}/{invoice['id']}"


def opened(bill: str) -> str:
    return f"{bill}?back={quote(BACK, safe='')}"


def test_a_bill_is_paid_through_the_wallet_and_leads_back_to_where_the_person_came_from(
    hospital: WholeHospital, wang: Phone, day: Everyday, bill: str
) -> None:
    page = wang.get(opened(bill))
    page.says("请付款", "挂号费", "¥25.00", "账单号", "需支付")
    page = wang.send(page.form(f"{bill}/payment"))
    page.says("正在打开钱包，通常 1 到 2 秒。", "挂号费", "先不付，看账单")
    hospital.turn()
    wang.get(page.path)
    back = tap_in_wallet(hospital, wang.left_for)
    assert back.startswith(f"{bill}/paid?back=%2Fmessages%3Fpage%3D2")
    page = wang.get(back)
    page.says("正在向钱包核对，通常 10 秒。", "请不要再付一次。", "还没有在钱包里付？")
    hospital.turn()
    page = wang.get(back)
    page.says("已付", "钱收到了。", "不用再付。")
    page.says_not("去支付", "需支付")
    assert ("好，回去", BACK) in page.links
    assert day.wallet_balance_fen() == 2500


def test_a_second_tap_asks_for_one_payment(hospital: WholeHospital, wang: Phone, day: Everyday, bill: str) -> None:
    form = wang.get(opened(bill)).form(f"{bill}/payment")
    first, second = wang.post(form.action, form.values), wang.post(form.action, form.values)
    assert (first.status_code, second.status_code, first.location) == (303, 303, second.location)
    hospital.turn()
    page = wang.get(opened(bill))
    page.says("继续付款")
    form = page.form(f"{bill}/payment")
    assert wang.post(form.action, form.values).location == first.location
    wang.get(first.location)
    tap_in_wallet(hospital, wang.left_for)
    hospital.turn()
    assert day.wallet_balance_fen() == 2500


def test_a_payment_that_failed_charged_nothing_and_can_be_made_again(
    hospital: WholeHospital, wang: Phone, day: Everyday, bill: str
) -> None:
    page = wang.send(wang.get(opened(bill)).form(f"{bill}/payment"))
    hospital.turn()
    wang.get(page.path)
    back = tap_in_wallet(hospital, wang.left_for, "insufficient_balance")
    hospital.turn()
    page = wang.get(back)
    page.says("钱包没有付成。", "您的钱没有扣。", "去支付")
    assert day.wallet_balance_fen() == 0


def test_a_cancelled_bill_says_that_nothing_is_to_be_paid_and_where_the_money_is(
    hospital: WholeHospital, wang: Phone, day: Everyday, bill: str
) -> None:
    page = wang.send(wang.get(opened(bill)).form(f"{bill}/payment"))
    hospital.turn()
    wang.get(page.path)
    tap_in_wallet(hospital, wang.left_for)
    hospital.turn()
    person = UUID(bill.split("/")[2])
    day.cancel(person, day.bill(person, bill.split("/")[3])["billed_id"])
    hospital.turn()
    page = wang.get(opened(bill))
    page.says("账单取消了", "这张账单已经取消，不用付。", "退给您 ¥25.00")
    page.says_not("去支付")
    wang.look(lang="en")
    wang.get(opened(bill)).says("Bill cancelled", "This bill is cancelled and not to be paid.", "OK, go back")


@pytest.mark.parametrize("back", ["//evil.example", "https://evil.example/", "/\\evil", ""])
def test_nobody_is_led_to_another_site(wang: Phone, bill: str, back: str) -> None:
    page = wang.get(f"{bill}?back={quote(back, safe='')}")
    assert "evil" not in page.html
    assert page.status == 200


def test_without_an_address_to_go_back_to_a_visit_s_bill_leads_to_the_visit(wang: Phone, bill: str) -> None:
    page = wang.get(bill)
    assert any(href.startswith(f"/appointments/{bill.split('/')[2]}/") for _, href in page.links)


def test_nobody_else_sees_or_pays_a_bill(wang: Phone, bill: str) -> None:
    person, invoice = bill.split("/")[2:]
    form = wang.get(bill).form(f"{bill}/payment")
    assert wang.get(f"/bills/{invoice}/{invoice}").status == 404
    assert wang.get(f"/bills/{person}/{person}").status == 404
    assert wang.post(f"/bills/{invoice}/{invoice}/payment", form.values).status_code == 404


def test_a_wrong_amount_is_refused_and_nothing_is_asked_for(wang: Phone, day: Everyday, bill: str) -> None:
    form = wang.get(bill).form(f"{bill}/payment")
    for amount in ("1", "", "-2500", "25.00"):
        page = wang.send(form, amount_fen=amount, request_id=f"another-{amount.encode().hex()}")
        assert page.status == 422
        page.says("金额和账单上还要付的不一样。", "您的钱没有扣。")
    assert day.wallet_balance_fen() == 0


def test_with_no_answer_from_billing_the_same_payment_is_asked_for_again(
    hospital: WholeHospital, wang: Phone, bill: str
) -> None:
    form = wang.get(opened(bill)).form(f"{bill}/payment")
    hospital.network.unreachable.add(hospital.settings.url("billing"))
    page = wang.send(form)
    assert page.status == 503
    page.says("再试一次不会办两次，也不会扣两次钱。")
    hospital.network.unreachable.clear()
    again = page.form(f"{bill}/payment")
    assert again.values["request_id"] == form.values["request_id"]
    assert wang.post(again.action, again.values).location == wang.post(form.action, form.values).location


def test_the_waiting_parts_load_the_page_again_only_when_something_happened(
    hospital: WholeHospital, wang: Phone, bill: str
) -> None:
    live = {"HX-Request": "true"}
    page = wang.send(wang.get(bill).form(f"{bill}/payment"))
    path = page.path.partition("?")[0]
    assert "HX-Refresh" not in wang.get(f"{path}/progress?seen=requested", **live).response.headers
    assert "HX-Refresh" not in wang.get(f"{bill}/progress?seen=checking", **live).response.headers
    hospital.turn()
    assert wang.get(f"{path}/progress?seen=requested", **live).response.headers["HX-Refresh"] == "true"
    assert wang.get(f"{bill}/progress?seen=paid", **live).response.headers["HX-Refresh"] == "true"
    assert "HX-Refresh" not in wang.get(f"{bill}/progress?seen=to_pay", **live).response.headers
    assert wang.get(f"{bill}/payment/{bill.split('/')[2]}").status == 404
