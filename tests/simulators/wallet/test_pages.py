"""The wallet's pages: what a person can tap, in two languages, without script and without a password."""

from __future__ import annotations

import re

import pytest

from simulators.wallet.orders import OUTCOMES
from simulators.wallet.words import WORDS
from tests.simulators.wallet.conftest import Wallet

CHINESE = re.compile(r"[\u4e00-\u9fff]")


def buttons(page: str) -> list[str]:
    """The outcomes that can be tapped, from top to bottom."""
    return re.findall(r'<button [^>]*name="outcome" value="(\w+)"', page)


def words_of(page: str) -> str:
    """What a person reads."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page.partition("<body>")[2])).strip()


def test_the_page_says_what_is_paid_to_whom_and_offers_every_outcome(wallet: Wallet) -> None:
    page = wallet.page(wallet.placed()).get_data(as_text=True)
    assert buttons(page) == list(OUTCOMES)
    assert words_of(page).startswith(
        "沙箱：不会扣真钱 沙箱钱包 付给 示范市人民医院 ¥15.00 挂号费 · 心血管内科单号 AX20261123-04172283"
    )
    assert "金额被改成 ¥14.99" in page
    assert 'type="password"' not in page
    assert "<script" not in page
    assert "style=" not in page


@pytest.mark.parametrize(
    ("query", "header", "lang"),
    [
        ("", "", "zh-CN"),
        ("", "zh-CN,zh;q=0.9,en;q=0.5", "zh-CN"),
        ("", "en-GB,en;q=0.9", "en"),
        ("", "fr", "zh-CN"),
        ("?lang=en", "zh-CN", "en"),
        ("?lang=zh", "en", "zh-CN"),
        ("?lang=<b>", "en", "en"),
    ],
)
def test_the_language_is_the_addresss_then_the_browsers_then_chinese(
    wallet: Wallet, query: str, header: str, lang: str
) -> None:
    answer = wallet.page(wallet.placed(), query_string=query.removeprefix("?"), headers={"Accept-Language": header})
    assert f'<html lang="{lang}">' in answer.get_data(as_text=True)


def test_an_english_page_has_no_chinese_but_the_link_to_it(wallet: Wallet) -> None:
    order = wallet.placed()
    for path in ("pay", "ended", "books", "missing"):
        if path == "ended":
            wallet.tap(order, "never_told")
        address = {"books": "/books", "missing": "/pay/nowhere"}.get(path)
        page = (
            wallet.app.test_client().get(address, query_string="lang=en")
            if address
            else wallet.page(order, query_string="lang=en")
        )
        shown = words_of(page.get_data(as_text=True)).removesuffix("中文").strip()
        assert CHINESE.search(shown) is None, shown


def test_every_word_is_there_in_both_languages() -> None:
    assert all(len(pair) == 2 and all(pair) for pair in WORDS.values())
    assert all(f"{name}{end}" in WORDS for name in OUTCOMES for end in ("", ".sub"))
    reasons = {outcome.reason for outcome in OUTCOMES.values() if outcome.reason}
    assert all(f"ended.{reason}" in WORDS for reason in reasons | {"paid", "order_expired", "closed_by_merchant"})


@pytest.mark.parametrize("name", list(OUTCOMES))
def test_after_tapping_the_person_is_back_at_the_hospital(wallet: Wallet, name: str) -> None:
    answer = wallet.tap(wallet.placed(), name)
    assert (answer.status_code, answer.location) == (303, "http://127.0.0.1:8080/appointments")


def test_an_order_can_be_tapped_once(wallet: Wallet) -> None:
    order = wallet.placed()
    wallet.tap(order, "user_cancelled")
    assert wallet.tap(order, "paid").status_code == 303
    assert (wallet.now()["state"], wallet.now()["reason"]) == ("closed", "user_cancelled")
    page = wallet.page(order).get_data(as_text=True)
    assert buttons(page) == []
    assert "这一单已取消" in page
    assert 'href="http://127.0.0.1:8080/appointments"' in page


def test_a_double_tap_pays_once(wallet: Wallet) -> None:
    order = wallet.placed()
    wallet.tap(order, "paid")
    wallet.tap(order, "paid")
    assert len(wallet.books.all("SELECT * FROM movements")) == 1
    assert len(wallet.books.all("SELECT * FROM notifications")) == 1


def test_a_tap_that_is_not_understood_changes_nothing(wallet: Wallet) -> None:
    order = wallet.placed()
    answer = wallet.tap(order, "double_it")
    assert answer.status_code == 400
    assert "没有看懂这次点击" in answer.get_data(as_text=True)
    assert wallet.now() == order


def test_a_page_of_no_order_is_not_found(wallet: Wallet) -> None:
    for answer in (wallet.app.test_client().get("/pay/nowhere"), wallet.app.test_client().post("/pay/nowhere")):
        assert answer.status_code == 404
        assert "没有这一单" in answer.get_data(as_text=True)


def test_hostile_words_of_an_order_stay_words(wallet: Wallet) -> None:
    order = wallet.placed(subject={"zh": "<script>alert(1)</script>", "en": "x"}, number="<b>1</b>")
    page = wallet.page(order).get_data(as_text=True)
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_a_single_fen_cannot_become_less(wallet: Wallet) -> None:
    page = wallet.page(wallet.placed(amount_fen=1)).get_data(as_text=True)
    assert buttons(page) == [name for name in OUTCOMES if name != "amount_altered"]


def test_the_books_show_what_the_hospital_has(wallet: Wallet) -> None:
    assert "还没有资金变动" in wallet.app.test_client().get("/books").get_data(as_text=True)
    wallet.tap(wallet.placed(), "paid")
    wallet.tap(wallet.placed(merchant_order_id="p-2", amount_fen=99900), "never_told")
    body = {"merchant": "hospital", "merchant_refund_id": "r-1", "merchant_order_id": "p-1", "amount_fen": 1500}
    wallet.call("POST", "/refunds", body)
    wallet.hospital.status = 500
    wallet.work()
    shown = words_of(wallet.app.test_client().get("/books").get_data(as_text=True))
    assert "示范市人民医院 收款¥1014.00 退款¥15.00 余额¥999.00" in shown
    assert "已试 1 次" in shown


def test_pages_carry_a_strict_content_policy_and_are_never_kept(wallet: Wallet) -> None:
    for answer in (wallet.page(wallet.placed()), wallet.app.test_client().get("/books")):
        assert answer.headers["Content-Security-Policy"] == (
            "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'; "
            "form-action 'self' http://127.0.0.1:8080"
        )
        assert (answer.headers["X-Content-Type-Options"], answer.headers["Cache-Control"]) == ("nosniff", "no-store")


def test_the_look_is_the_hospitals(wallet: Wallet) -> None:
    page = wallet.page(wallet.placed()).get_data(as_text=True)
    files = {}
    for address in {"/static/icons.svg", *re.findall(r'href="(/static/[^"#]+)', page)}:
        with wallet.app.test_client().get(address) as answer:
            files[address] = (answer.status_code, answer.get_data(as_text=True))
    assert {status for status, _ in files.values()} == {200}
    icons = files["/static/icons.svg"][1]
    assert [name for name in re.findall(r"icons\.svg#(\w+)", page) if f'id="{name}"' not in icons] == []


def test_the_bare_address_leads_to_the_books_and_any_other_to_a_page_that_says_so(wallet: Wallet) -> None:
    client = wallet.app.test_client()
    assert client.get("/").location == "/books"
    answer = client.get("/somewhere", query_string="lang=en")
    assert (answer.status_code, "There is no such order" in answer.get_data(as_text=True)) == (404, True)
