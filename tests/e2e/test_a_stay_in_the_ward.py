"""A nurse admits, moves and discharges on the tablet; the family reads on the phone what happened to whom."""

from __future__ import annotations

from collections.abc import Callable

from tests.e2e.person import Person

Somebody = Callable[..., Person]
FAMILY = "19900000002"
"""The demo account with a family: the father lies in endocrinology, the son's own record is in no bed."""


def ward_of(nurse: Person, name: str) -> None:
    """The ward's beds, with whole names."""
    nurse.open("/ward/choice")
    nurse.page.get_by_role("searchbox").fill(name)
    nurse.page.keyboard.press("Enter")
    nurse.tap(name)
    if nurse.page.get_by_role("button", name="显示名字").count():
        nurse.press("显示名字")


def admit(nurse: Person, name: str) -> None:
    """Into bed 20, found by name."""
    nurse.page.locator("a.bed.free", has_text="20").click()
    nurse.page.get_by_role("searchbox").fill(name)
    nurse.press("查找")
    nurse.page.get_by_role("main").get_by_role("link", name=name).click()
    nurse.press("收到这张床")
    nurse.sees("收好了，床位已经占上。")


def test_a_nurse_admits_moves_and_discharges_and_the_family_reads_it(person: Somebody) -> None:
    nurse, son = person(tablet=True), person()
    nurse.log_in_at_work("nurse")
    nurse.sees("选病区")
    son.log_in(FAMILY)
    son.sees("白磊 在住院")
    son.tap("白磊 在住院")
    son.sees("内分泌一病区 12 床")
    ward_of(nurse, "心内一病区")
    admit(nurse, "白永康")
    nurse.page.get_by_role("main").get_by_role("link", name="换床").click()
    nurse.page.locator(".slots label", has_text="21").click()
    nurse.press("换到这张床")
    nurse.sees("换好了，餐会送到新的床。")
    son.sees_after_a_while("/", "白永康 在住院")
    son.sees("心内一病区 21 床")
    nurse.page.get_by_role("main").get_by_role("link", name="出院 床位马上空出来").click()
    nurse.press("办出院")
    nurse.sees("出院办好了，床位已经空出来。")
    son.sees_after_a_while("/timeline", "出院了")
    son.sees("现在在 心内一病区 21 床。")
    son.open("/")
    assert son.page.get_by_text("白永康 在住院").count() == 0
