"""How pages look and what travels with them: choices in a cookie, attributes of <html>, languages, forms."""

from __future__ import annotations

import re

import pytest
from flask import Flask, render_template_string
from flask.testing import FlaskClient
from jinja2 import DictLoader

from gateway.web.look import Look, choose, own_path, render_page
from tests.support.clock import StandingClock
from tests.support.pages import pages_app

FOREIGN = ["https://elsewhere.example", "http://localhost.elsewhere.example", "http://localhost//elsewhere", "http://["]


@pytest.fixture
def app() -> Flask:
    return pages_app()


@pytest.fixture
def phone(app: Flask) -> FlaskClient:
    return app.test_client()


def opening(page: str) -> str:
    found = re.search(r"<html[^>]*>", page)
    assert found is not None
    return found[0]


def with_cookie(phone: FlaskClient, value: str) -> FlaskClient:
    phone.set_cookie("anxin_look", value)
    return phone


# ------------------------------------------------------------------------------------------------------- language


@pytest.mark.parametrize(
    ("accepted", "lang"),
    [
        (None, "zh-CN"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-CN"),
        ("en-GB,en;q=0.9", "en"),
        ("ug-CN,ug;q=0.9", "zh-CN"),
        ("fr,en;q=0.5", "en"),
    ],
)
def test_without_a_choice_the_page_speaks_the_language_of_the_browser(phone, accepted, lang) -> None:
    headers = {"Accept-Language": accepted} if accepted else {}
    assert opening(phone.get("/sample", headers=headers).text) == f'<html lang="{lang}">'


def test_a_chosen_language_wins_over_the_browsers(phone: FlaskClient) -> None:
    page = with_cookie(phone, "lang=zh-CN").get("/sample", headers={"Accept-Language": "en"}).text
    assert opening(page) == '<html lang="zh-CN">'


def test_a_sentence_is_read_in_the_chosen_language(phone: FlaskClient) -> None:
    chinese = phone.get("/problem").text
    english = with_cookie(phone, "lang=en").get("/problem").text
    assert "这个时间刚刚被别人约走了。" in chinese
    assert "您的钱没有扣。" in chinese
    assert "Somebody else has just taken this time." in english
    assert "You were not charged." in english
    assert "您的钱" not in english


def test_times_and_money_follow_each_reader_and_not_the_first_one(phone: FlaskClient) -> None:
    first = phone.get("/sample").text
    second = with_cookie(phone, "lang=en").get("/sample").text
    assert ("11 月 23 日 周一 09:15" in first, "25 元" in first) == (True, True)
    assert ("Mon 23 Nov, 09:15" in second, "25 元" in second, "¥25.00" in second) == (True, False, True)


# --------------------------------------------------------------------------------------------------------- choices


def test_the_choices_become_attributes_of_the_page(phone: FlaskClient) -> None:
    page = with_cookie(phone, "lang=en&mode=elder&theme=dark&contrast=high&size=xl").get("/sample").text
    assert opening(page) == '<html lang="en" data-theme="dark" data-mode="elder" data-contrast="high" data-size="xl">'


@pytest.mark.parametrize("value", ["theme=pink", "mode=elder;theme", "=&=", "lang=<script>", "size", "", "x" * 4000])
def test_a_spoiled_cookie_is_as_good_as_none(phone: FlaskClient, value: str) -> None:
    answer = with_cookie(phone, value).get("/sample")
    assert (answer.status_code, opening(answer.text)) == (200, '<html lang="zh-CN">')


def test_a_choice_is_kept_for_a_year_beside_the_earlier_ones(phone: FlaskClient) -> None:
    answer = with_cookie(phone, "lang=en").post("/look", data={"mode": "elder", "next": "/sample"})
    assert (answer.status_code, answer.location) == (303, "/sample")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("anxin_look=lang=en&mode=elder;")
    assert all(part in cookie for part in ("Max-Age=31536000", "HttpOnly", "SameSite=Lax", "Path=/"))
    assert opening(phone.get("/sample").text) == '<html lang="en" data-mode="elder">'


def test_the_standard_pages_come_back_with_one_tap(phone: FlaskClient) -> None:
    with_cookie(phone, "lang=zh-CN&mode=elder").post("/look", data={"mode": "", "next": "/"})
    assert opening(phone.get("/sample").text) == '<html lang="zh-CN">'


@pytest.mark.parametrize("sent", [{"theme": "pink"}, {"lang": "fr"}, {"mode": "elder", "size": "huge"}])
def test_an_unknown_choice_changes_nothing(phone: FlaskClient, sent: dict[str, str]) -> None:
    answer = phone.post("/look", data=sent)
    assert answer.status_code == 400
    assert "Set-Cookie" not in answer.headers


def test_another_site_cannot_change_how_the_pages_look(phone: FlaskClient) -> None:
    answer = phone.post("/look", data={"mode": "elder"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 400
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("/appointments?day=2026-11-24", "/appointments?day=2026-11-24"),
        (None, "/"),
        ("", "/"),
        ("appointments", "/"),
        ("//elsewhere.example/", "/"),
        ("https://elsewhere.example/", "/"),
        ("/\\elsewhere.example", "/"),
        ("\\\\elsewhere.example", "/"),
        ("/\t/elsewhere.example", "/"),
        ("/a\nSet-Cookie: x", "/"),
        ("javascript:alert(1)", "/"),
        ("http:/elsewhere", "/"),
        ("//[", "/"),
    ],
)
def test_after_a_change_people_go_back_to_a_page_of_this_hospital_only(phone, address, path) -> None:
    assert own_path(address) == path
    assert phone.post("/look", data={"theme": "dark", "next": address or ""}).location == path


def test_a_form_page_leads_back_to_where_it_came_from(app: Flask) -> None:
    template = "{% from 'ui/nav.html' import elder %}{{ elder() }}"
    app.add_url_rule("/answer", view_func=lambda: render_template_string(template), methods=["GET", "POST"])
    phone = app.test_client()
    asked = phone.get("/answer?q=1").text
    sent = phone.post("/answer", headers={"Referer": "http://localhost/sample?x=1"}).text
    foreign = [phone.post("/answer", headers={"Referer": f"{each}/sample"}).text for each in FOREIGN]
    back = [re.findall(r'name="next" value="([^"]*)"', page) for page in (asked, sent, *foreign)]
    assert back == [["/answer?q=1"], ["/sample"], *[["/"]] * len(FOREIGN)]


def test_only_known_choices_are_taken() -> None:
    assert choose(Look(), {"theme": "dark"}) == Look(theme="dark")
    with pytest.raises(ValueError, match="no such choice"):
        choose(Look(), {"density": "desk"})


def test_staff_pages_keep_their_own_size() -> None:
    elder = Look(mode="elder", size="xl", theme="dark")
    assert elder.attributes("desk") == {"lang": "zh-CN", "data-theme": "dark", "data-density": "desk"}


def test_the_elder_page_is_a_page_of_its_own_where_there_is_one(app: Flask) -> None:
    pages = {"home.html": "standard", "home_elder.html": "elder", "bill.html": "one for all"}
    app.jinja_env.loader = DictLoader(pages)
    app.add_url_rule("/page/<name>", view_func=lambda name: render_page(f"{name}.html"))
    phone = app.test_client()
    standard = [phone.get(f"/page/{name}").text for name in ("home", "bill")]
    elder = [with_cookie(phone, "mode=elder").get(f"/page/{name}").text for name in ("home", "bill")]
    assert (standard, elder) == (["standard", "one for all"], ["elder", "one for all"])


# ----------------------------------------------------------------------------------------------------------- pages


def test_what_people_typed_is_never_taken_for_markup(phone: FlaskClient) -> None:
    assert 'value="&lt;b&gt;&amp;&#34;&#39;"' in phone.get("/sample").text


def test_every_form_has_its_own_request_id(phone: FlaskClient) -> None:
    ids = re.findall(r'name="request_id" value="([0-9a-f-]{36})"', phone.get("/sample").text)
    assert (len(ids), len(set(ids))) == (3, 3)


def test_every_form_carries_the_sessions_token(app: Flask) -> None:
    app.jinja_env.globals["csrf_token"] = lambda: "token-of-the-session"
    page = app.test_client().get("/sample").text
    assert page.count('name="csrf_token" value="token-of-the-session"') == page.count('method="post"') == 3


def test_the_server_writes_the_first_value_of_a_countdown(phone: FlaskClient) -> None:
    page = phone.get("/sample").text
    assert '<div class="count" data-until="2026-11-23T09:15:00+08:00" data-now="2026-11-23T09:00:00+08:00"' in page
    assert "<b>15:00</b>" in page


def test_the_last_minute_is_shown_as_such() -> None:
    page = pages_app(StandingClock(), minutes=0.5).test_client().get("/sample").text
    assert '<div class="count over"' in page
    assert "<b>00:30</b>" in page


def test_a_browser_without_script_asks_again_by_itself(phone: FlaskClient) -> None:
    assert '<noscript><meta http-equiv="refresh" content="10"></noscript>' in phone.get("/sample").text


@pytest.mark.parametrize("path", ["/sample", "/design", "/problem"])
def test_no_page_holds_inline_code_or_styles(phone: FlaskClient, path: str) -> None:
    page = phone.get(path).text
    assert re.findall(r"\sstyle=|\son[a-z]+=|<style|javascript:", page) == []
    assert re.findall(r"<script(?![^>]*\ssrc=)[^>]*>", page) == []


@pytest.mark.parametrize("look", ["lang=zh-CN", "lang=en&mode=elder&theme=dark"])
def test_every_drawing_on_the_component_page_exists(phone: FlaskClient, look: str) -> None:
    page = with_cookie(phone, look).get("/design").text
    drawn = set(re.findall(r'<use href="/static/icons\.svg\?v=[0-9a-f]{12}#([\w-]+)"', page))
    known = set(re.findall(r'<symbol id="([\w-]+)"', phone.get("/static/icons.svg", buffered=True).text))
    assert drawn == known


def test_a_problem_page_says_what_is_safe_and_how_to_ask(phone: FlaskClient) -> None:
    answer = phone.get("/problem")
    assert answer.status_code == 409
    assert '<a class="btn" href="/"><span>换一个时间</span></a>' in answer.text
    assert "请报这个号：01234567" in answer.text
