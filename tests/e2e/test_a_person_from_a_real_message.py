"""The person of a real HL7 message: imported as sent, verified by passport, booked at the window, pays on the phone."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tests.e2e.person import Person

Somebody = Callable[..., Person]


def import_message(environment: dict[str, str], path: Path) -> str:
    """`anxin import-hl7 FILE`, as somebody at the hospital's terminal runs it."""
    done = subprocess.run(
        [sys.executable, "-m", "shared.cli", "import-hl7", str(path)],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def verify_by_passport(desk: Person) -> str:
    """Find the person as sent, see the passport, and give the code for the phone."""
    desk.open("/front-desk")
    desk.page.get_by_role("searchbox").fill("Duck")
    desk.page.keyboard.press("Enter")
    desk.sees("未核对")
    desk.tap("Donald Duck")
    desk.sees("还没有看过证件。")
    desk.tap("核对证件")
    desk.page.get_by_label("证件", exact=True).select_option(label="护照")
    desk.write("证件号码", "GA1234567")
    desk.press("证件看过了，核对无误")
    desk.sees("证件核对好了。")
    desk.press("给关联码")
    code = re.sub(r"\s", "", desk.page.locator(".aloud").inner_text())
    assert re.fullmatch(r"[A-HJ-NP-Z2-9]{8}", code)
    desk.tap("给好了")
    return code


def book_at_the_window(desk: Person) -> None:
    """The last day of general practice's clinic, first free time."""
    desk.tap("窗口挂号")
    desk.page.locator("a", has_text="全科医学科").first.click()
    desk.page.locator("a", has_text="普通门诊").first.click()
    desk.page.locator(".dates a").last.click()
    desk.page.locator(".slots label:has(input:enabled)").first.click()
    desk.press("留")
    desk.sees("收挂号费")


def pay_on_the_phone(he: Person, code: str) -> None:
    """Log in, bring the desk's code, find the appointment and pay."""
    he.log_in("19900000021")
    he.tap("窗口给的码")
    he.write("关联码", code)
    he.page.get_by_label("我自己").check(force=True)
    he.press("添加", exact=True)
    he.open("/appointments")
    he.page.locator("main a").first.click()
    he.press("去支付")
    he.sees("沙箱：不会扣真钱")
    he.press("付款")
    he.sees("医院已确认")
    he.sees("Donald Duck")


def test_the_person_of_the_real_admission_is_verified_booked_and_confirmed(
    person: Somebody, environment: dict[str, str], hl7_samples: Path
) -> None:
    report = import_message(environment, hl7_samples / "adt_a01.hl7")
    assert "22139243" in report
    assert "1 taken, 0 not taken" in report
    assert "Duck" not in report
    desk, he = person(wide=True), person()
    desk.log_in_at_work("front-desk")
    code = verify_by_passport(desk)
    book_at_the_window(desk)
    pay_on_the_phone(he, code)
    desk.sees("已确认")
    desk.tap("打印小票")
    desk.sees("Donald Duck")
