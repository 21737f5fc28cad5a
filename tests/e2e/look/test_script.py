"""What pages do with script, and that they do the same without."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask, redirect
from playwright.sync_api import Page, expect

from gateway.web.problems import problem_page
from tests.conftest import leave_out
from tests.e2e.look.conftest import Site
from tests.support.pages import pages_app


def seconds(shown: str) -> int:
    minutes, rest = shown.split(":")
    return 60 * int(minutes) + int(rest)


def test_the_time_left_ticks(site: Site, open_page: Callable[..., Page]) -> None:
    page = open_page("about:blank")
    page.clock.install(time=0)
    page.goto(site.address + "/sample")
    page.clock.pause_at(120)
    shown = page.locator(".count b")
    before = seconds(shown.inner_text())
    page.clock.run_for(60_000)
    assert before - seconds(shown.inner_text()) == 60


def test_the_last_minute_stands_out_and_the_end_is_said(serve: Callable[[Flask], Site], open_page) -> None:
    page = open_page("about:blank")
    page.clock.install()
    page.goto(serve(pages_app(minutes=1.5)).address + "/sample")
    box = page.locator(".count")
    expect(box).not_to_have_class("count over")
    page.clock.run_for(45_000)
    expect(box).to_have_class("count over")
    page.clock.run_for(45_000)
    expect(page.locator("#say")).to_have_text("号已经放出去")


def test_a_form_is_sent_once_even_when_tapped_twice(site: Site, open_page: Callable[..., Page]) -> None:
    page = open_page(site.address + "/sample")
    form = "document.querySelector('.foot form')"
    request_id = page.evaluate(f"{form}.request_id.value")
    button = page.get_by_role("button", name="确认支付")
    with page.expect_response("**/pay"):
        page.evaluate("b => { b.click(); b.click(); b.click(); }", button.element_handle())
    expect(page.locator(".foot button")).to_have_text("正在提交")
    assert site.app.extensions["sent"] == [request_id]


def test_a_form_that_stays_can_be_sent_again_under_the_same_number(site: Site, open_page: Callable[..., Page]) -> None:
    page = open_page("about:blank")
    page.clock.install()
    page.goto(site.address + "/sample")
    for _ in range(2):
        with page.expect_response("**/pay"):
            page.get_by_role("button", name="确认支付").click()
        page.clock.run_for(16_000)
    first, second = site.app.extensions["sent"]
    assert first == second


@pytest.fixture(params=[True, False], ids=["htmx", "no htmx"])
def live_app(request: pytest.FixtureRequest) -> Flask:
    """The sample pages with htmx, and as they are where it was not fetched."""
    app = pages_app()
    if request.param and not (Path(str(app.static_folder)) / "vendor" / "htmx.min.js").exists():
        leave_out("htmx", "the assets of the pages are not fetched (scripts/fetch-assets)")
    app.jinja_env.globals["asset_exists"] = lambda _name: request.param
    return app


def test_a_live_part_shows_the_whole_page_when_the_session_has_ended(
    live_app: Flask, serve: Callable[[Flask], Site], open_page: Callable[..., Page]
) -> None:
    def ended() -> object:
        live_app.view_functions["sample"] = lambda: problem_page("session_expired", 200)
        return redirect("/problem")

    live_app.view_functions["piece"] = ended
    page = open_page(serve(live_app).address + "/sample")
    expect(page.get_by_role("heading", name="太久没动，已经退出登录。")).to_be_visible()
    expect(page.locator("#piece")).to_have_count(0)


def test_a_live_part_renews_itself_until_told_to_stop(
    live_app: Flask, serve: Callable[[Flask], Site], open_page: Callable[..., Page]
) -> None:
    page = open_page("about:blank")
    page.clock.install()
    page.goto(serve(live_app).address + "/sample")
    with page.expect_response("**/piece"):
        page.clock.run_for(1_500)
    expect(page.locator("#piece")).to_have_text("已确认")
    page.clock.run_for(10_000)
    assert live_app.extensions["asked"] == ["piece"]


def test_without_script_the_look_still_changes(site: Site, open_page: Callable[..., Page]) -> None:
    page = open_page(site.address + "/sample", script=False)
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.get_by_role("button", name="Larger").click()
    expect(page.locator("html")).to_have_attribute("data-mode", "elder")
    assert page.url == site.address + "/sample"


def test_a_dialog_opens_in_place_and_closes(site: Site, open_page: Callable[..., Page]) -> None:
    page = open_page(site.address + "/design")
    page.get_by_role("button", name="打开对话框").click()
    box = page.get_by_role("dialog", name="退掉周二 09:30 的号？")
    expect(box).to_be_visible()
    box.get_by_role("button", name="不退").click()
    expect(box).not_to_be_visible()


def test_the_act_at_the_foot_is_seen_without_scrolling(site: Site, open_page: Callable[..., Page]) -> None:
    for look in ("", "mode=elder", "mode=elder&size=xl"):
        page = open_page(site.address + "/sample", look)
        expect(page.get_by_role("button", name="确认支付")).to_be_in_viewport(ratio=1)


def test_a_lost_network_is_said(site: Site, open_page: Callable[..., Page]) -> None:
    page = open_page(site.address + "/sample")
    page.context.set_offline(True)
    expect(page.locator("#offline")).to_be_visible()
    page.context.set_offline(False)
    expect(page.locator("#offline")).to_be_hidden()
