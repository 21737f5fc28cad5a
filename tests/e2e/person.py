"""A person with a phone: opens pages in a real browser, taps what they read, and never sees an id."""

from __future__ import annotations

import re
import time
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, expect

IDS = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
PHONE_SIZE = {"width": 390, "height": 844}
TABLET_SIZE = {"width": 820, "height": 1180}
DESK_SIZE = {"width": 1280, "height": 800}


class Person:
    """Somebody with a browser of their own at the hospital's address: the size of a phone, or of a tablet or a desk."""

    def __init__(
        self, browser: Browser, site: str, *, pictures: Path | None = None, wide: bool = False, tablet: bool = False
    ) -> None:
        size = DESK_SIZE if wide else TABLET_SIZE if tablet else PHONE_SIZE
        self.context: BrowserContext = browser.new_context(viewport=size, locale="zh-CN", base_url=site)
        self.context.set_default_timeout(20_000)
        self.page: Page = self.context.new_page()
        self._pictures = pictures
        self._taken = 0

    def open(self, path: str) -> None:
        """Type an address of the hospital's site."""
        self.page.goto(path)
        self.look()

    def tap(self, words: str, role: str = "link", *, exact: bool = False) -> None:
        """Tap the link or button that says these words."""
        self.page.get_by_role(role, name=words, exact=exact).first.click()
        self.page.wait_for_load_state()
        self.look()

    def press(self, words: str, *, exact: bool = False) -> None:
        """Press the button that says these words."""
        self.tap(words, "button", exact=exact)

    def write(self, label: str, text: str) -> None:
        """Fill the field with this label."""
        self.page.get_by_label(label, exact=True).fill(text)

    def sees(self, words: str, *, within: float = 20.0) -> None:
        """These words are on the page, now or within so many seconds."""
        expect(self.page.get_by_text(words).first).to_be_visible(timeout=within * 1000)
        self.look()

    def sees_after_a_while(self, path: str, words: str, *, within: float = 30.0) -> None:
        """Open a page again and again until these words are on it."""
        deadline = time.monotonic() + within
        self.open(path)
        while not self.page.get_by_text(words).count() and time.monotonic() < deadline:
            self.open(path)
        self.sees(words, within=1)

    def look(self) -> None:
        """What a person can read never holds an id; keep a picture when pictures are wanted."""
        text = self.page.locator("body").inner_text()
        assert not IDS.search(text), f"an id on {self.page.url}"
        assert "Traceback" not in text
        if self._pictures is not None:
            self._taken += 1
            self.page.screenshot(path=self._pictures / f"{self._taken:02}.png")

    def code_from_the_message_box(self) -> str:
        """Look into the demo's message box for the newest one-time code."""
        box = self.context.new_page()
        box.goto("/demo/messages")
        found = re.search(r"(?<!\d)\d{6}(?!\d)", box.locator("main").inner_text())
        box.close()
        assert found, "no code in the message box"
        return found[0]

    def log_in(self, phone: str) -> None:
        """With a one-time code; agrees to the texts at the first time."""
        self.open("/login")
        self.write("手机号", phone)
        self.press("发验证码")
        self.write("验证码", self.code_from_the_message_box())
        self.press("登录", exact=True)
        if "/consent" in self.page.url:
            for tick in self.page.get_by_role("checkbox").all():
                tick.check()
            self.press("同意，继续")

    def log_in_at_work(self, user_name: str) -> None:
        """As the demo's member of staff; comes out where that person works."""
        self.open("/staff/login")
        self.write("用户名", user_name)
        self.write("密码", "anxin-demo")
        self.press("登录", exact=True)

    def close(self) -> None:
        """Put the phone away."""
        self.context.close()
