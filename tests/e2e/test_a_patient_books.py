"""A person with a phone, from log-in to the number in hand, on the running hospital."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from stdnum.cn import ric

from tests.e2e.person import Person

Somebody = Callable[..., Person]


def resident_number(born: date, order: int) -> str:
    """A resident number of nobody: area 329900 was never given out."""
    body = f"329900{born:%Y%m%d}{order:03d}"
    return body + ric.calc_check_digit(f"{body}0")


def register(me: Person, name: str, number: str) -> None:
    """Real-name registration of oneself from the empty home page."""
    me.tap("去登记")
    me.tap("我自己")
    me.write("名字", name)
    me.write("身份证号码", number)
    me.press("登记", exact=True)


def choose_a_place(me: Person) -> str:
    """Search a department by its initials, take its general clinic's last day and first free time."""
    me.open("/")
    me.tap("预约挂号")
    me.write("搜科室、医生或拼音首字母", "xxg")
    me.page.keyboard.press("Enter")
    me.sees("心血管内科普通门诊")
    me.page.locator("a", has_text="心血管内科普通门诊").first.click()
    me.sees("哪一天")
    me.page.locator(".dates a").last.click()
    me.sees("到医院的时间")
    place = me.page.locator(".slots label:has(input:enabled)").first
    at = place.locator("b").inner_text()
    place.click()
    me.press("下一步")
    me.press("留这个号")
    return at


def test_a_newcomer_registers_books_pays_and_is_confirmed(person: Somebody) -> None:
    me = person()
    me.log_in("19900000001")
    register(me, "赵思源", resident_number(date(1990, 1, 1), 11))
    at = choose_a_place(me)
    me.press("去支付")
    me.sees("沙箱：不会扣真钱")
    me.sees("¥15.00")
    me.press("付款")
    me.sees("医院已确认")
    me.sees(at)
    me.open("/appointments")
    me.sees("已确认")
    me.sees(at)
    me.open("/messages")
    me.sees("预约成功")


def test_who_gives_the_place_back_sees_the_money_come_back(person: Somebody) -> None:
    me = person()
    me.log_in("19900000011")
    register(me, "钱文静", resident_number(date(1985, 2, 3), 12))
    choose_a_place(me)
    me.press("去支付")
    me.sees("沙箱：不会扣真钱")
    me.press("付款")
    me.sees("医院已确认")
    me.tap("退号")
    me.press("退号")
    me.sees("这个号已经退掉。")
    me.sees_after_a_while("/messages", "已退款")
