"""Pages' sessions: who is led where, which forms are taken, which patient is acted for."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Blueprint, Flask, Response, jsonify, make_response, render_template_string, request
from flask.testing import FlaskClient

from gateway.app import create_app
from gateway.clients import Clients
from gateway.identity import usecases
from gateway.identity.domain import Link, Relation
from gateway.identity.door import Identity, Opened
from gateway.web import session
from shared.database import Database
from shared.settings import Settings
from tests.gateway.conftest import PUBLISHED
from tests.support.clock import StandingClock

LogIn = Callable[..., Opened]
ME, CHILD, STRANGER = (uuid.UUID(int=number) for number in (1, 2, 3))

pages = Blueprint("pages_of_this_test", __name__, url_prefix="/test")


@pages.get("/form")
def form() -> str:
    return render_template_string("{{ csrf_token() }}")


@pages.post("/open")
def opened_by() -> Response:
    return jsonify(key=session.request_key())


@pages.route("/mine", methods=["GET", "POST"])
@session.signed_in
def mine() -> Response:
    link = session.patient()
    return jsonify(account=str(session.account_id()), patient=str(link.patient_id) if link else None)


@pages.get("/agree")
@session.logged_in
def agree() -> str:
    return "texts"


@pages.get("/actor")
def actor() -> Response:
    who = session.acting_for(request.args["patient"]) if "patient" in request.args else session.actor()
    patient = str(who.patient_id) if who.patient_id else None
    return jsonify(subject=who.subject, roles=who.roles, patient=patient, scopes=who.scopes, request=who.request_id)


@pages.get("/desk")
@session.staff("front_desk", "cashier")
def desk() -> str:
    return "desk"


@pages.get("/nobody")
@session.staff()
def nobody() -> str:
    return "nobody"


@pages.post("/leave")
@session.logged_in
def leave() -> Response:
    return session.log_out(make_response("left"), everywhere="everywhere" in request.form)


@pytest.fixture
def browser(app: Flask, identity: Identity) -> FlaskClient:
    app.register_blueprint(pages)
    return app.test_client()


def enter(browser: FlaskClient, opened: Opened) -> None:
    browser.set_cookie(session.COOKIE, opened.token)


def token(browser: FlaskClient) -> str:
    return browser.get("/test/form").get_data(as_text=True)


def filled(browser: FlaskClient, **values: str) -> dict[str, str]:
    return {"csrf_token": token(browser), "request_id": "request-one", **values}


def test_somebody_unknown_is_led_to_log_in_and_back(browser: FlaskClient) -> None:
    response = browser.get("/test/mine?day=1&x=a%26b")
    assert (response.status_code, response.location) == (303, "/login?next=%2Ftest%2Fmine%3Fday%3D1%26x%3Da%2526b")
    assert browser.get("/test/desk").location == "/staff/login?next=%2Ftest%2Fdesk"


def test_without_consent_a_person_sees_the_texts_first(browser: FlaskClient, log_in: LogIn) -> None:
    enter(browser, log_in(agree=False))
    assert browser.get("/test/mine").location == "/consent?next=%2Ftest%2Fmine"
    assert browser.get("/test/agree").get_data(as_text=True) == "texts"


def test_a_person_sees_their_own(browser: FlaskClient, log_in: LogIn, link: Callable[..., Link]) -> None:
    opened = log_in()
    enter(browser, opened)
    assert browser.get("/test/mine").get_json() == {"account": str(opened.log_in.account_id), "patient": None}
    link(opened.log_in.account_id, ME)
    assert browser.get("/test/mine").get_json()["patient"] == str(ME)


def test_staff_and_patients_do_not_see_each_other_s_pages(
    browser: FlaskClient, log_in: LogIn, identity: Identity, database: Database, clock: StandingClock
) -> None:
    enter(browser, log_in())
    assert browser.get("/test/desk").location == "/staff/login?next=%2Ftest%2Fdesk"
    for role, status in (("cashier", 200), ("nurse", 403)):
        enter(browser, staff_session(identity, database, clock, role))
        assert browser.get("/test/desk").status_code == status
        assert browser.get("/test/nobody").status_code == 403
        assert browser.get("/test/mine").location == "/login?next=%2Ftest%2Fmine"


def staff_session(identity: Identity, database: Database, clock: StandingClock, role: str) -> Opened:
    from gateway.identity.passwords import hash_password

    with database.write() as uow:
        usecases.add_staff_member(
            uow, now=clock.now, user_name=role, display_name=role, password_hash=hash_password("right"), roles=[role]
        )
    return identity.log_in_staff(role, "right", address="10.0.0.1")


def test_a_form_is_taken_from_its_own_session_only(browser: FlaskClient, log_in: LogIn, identity: Identity) -> None:
    opened, other = log_in(), log_in("19900000002")
    enter(browser, opened)
    good = filled(browser)
    bad = [{}, good | {"csrf_token": ""}, good | {"csrf_token": identity.form_token(other.token)}]
    for values in bad:
        response = browser.post("/test/mine", data=values)
        assert response.status_code == 400
        assert response.content_type.startswith("text/html")
    assert browser.post("/test/mine", data=good).status_code == 200
    with_header = {session.FORM_TOKEN_HEADER: good["csrf_token"]}
    assert browser.post("/test/mine", data={"request_id": "request-one"}, headers=with_header).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost.evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_a_form_that_another_site_sent_is_refused(browser: FlaskClient, log_in: LogIn, headers: dict[str, str]) -> None:
    enter(browser, log_in())
    assert browser.post("/test/mine", data=filled(browser), headers=headers).status_code == 400


@pytest.mark.parametrize(
    "headers", [{"Origin": "http://localhost"}, {"Origin": "http://127.0.0.1:8080"}, {"Sec-Fetch-Site": "same-origin"}]
)
def test_a_form_of_this_site_is_taken(browser: FlaskClient, log_in: LogIn, headers: dict[str, str]) -> None:
    enter(browser, log_in())
    assert browser.post("/test/mine", data=filled(browser), headers=headers).status_code == 200


def test_a_visitor_s_form_needs_the_visitor_s_cookie(browser: FlaskClient) -> None:
    values = filled(browser)
    assert browser.post("/test/open", data=values).get_json() == {"key": "request-one"}
    browser.delete_cookie(session.VISITOR_COOKIE)
    assert browser.post("/test/open", data=values).status_code == 400


@pytest.mark.parametrize("key", ["", "short", "x" * 81, "has space in it", "中文中文中文中文"])
def test_a_form_without_a_request_id_changes_nothing(browser: FlaskClient, key: str) -> None:
    assert browser.post("/test/open", data=filled(browser, request_id=key)).status_code == 400


def test_the_form_of_a_session_that_has_ended_says_so(
    browser: FlaskClient, log_in: LogIn, clock: StandingClock
) -> None:
    enter(browser, log_in())
    values = filled(browser)
    clock.advance(days=31)
    response = browser.post("/test/mine", data=values)
    assert response.status_code == 400
    assert "太久没动，已经退出登录。" in response.get_data(as_text=True)


def test_a_page_acts_for_a_patient_of_this_account_or_for_nobody(
    browser: FlaskClient, log_in: LogIn, link: Callable[..., Link]
) -> None:
    stranger = log_in("19900000002")
    link(stranger.log_in.account_id, STRANGER)
    opened = log_in()
    link(opened.log_in.account_id, ME)
    link(opened.log_in.account_id, CHILD, Relation.CHILD)
    assert browser.get(f"/test/actor?patient={ME}").status_code == 404
    assert browser.get("/test/actor").get_json()["roles"] == ["public"]
    enter(browser, opened)
    response = browser.get(f"/test/actor?patient={CHILD}", headers={"X-Request-Id": "tap-0001"})
    assert response.get_json() == {
        "subject": f"account:{opened.log_in.account_id}",
        "roles": ["patient"],
        "patient": str(CHILD),
        "scopes": ["see", "pay", "sign"],
        "request": "tap-0001",
    }
    assert browser.get("/test/actor").get_json()["patient"] == str(ME)
    for other in (STRANGER, uuid.UUID(int=9), "not-an-id", ""):
        assert browser.get(f"/test/actor?patient={other}").status_code == 404


def test_logging_out_takes_the_cookie_and_ends_the_session(
    browser: FlaskClient, log_in: LogIn, identity: Identity, clock: StandingClock
) -> None:
    here, there = log_in(), (clock.advance(minutes=2), log_in())[1]
    enter(browser, here)
    browser.post("/test/leave", data=filled(browser))
    assert browser.get_cookie(session.COOKIE) is None
    assert identity.whose_session(here.token) is None
    assert identity.whose_session(there.token) is not None
    enter(browser, there)
    browser.post("/test/leave", data=filled(browser, everywhere="1"))
    assert identity.whose_session(there.token) is None


def cookies_after_log_in(app: Flask, opened: Opened) -> list[str]:
    with app.test_request_context("/"):
        return session.remember(make_response("in"), opened).headers.getlist("Set-Cookie")


def test_the_cookie_of_a_session_is_unreadable_for_scripts_and_stays_on_this_site(
    app: Flask, log_in: LogIn, settings: Settings, database: Database, clock: StandingClock
) -> None:
    opened = log_in()
    (plain, _) = cookies_after_log_in(app, opened)
    assert re.fullmatch(
        rf"{session.COOKIE}={opened.token}; Expires=[^;]+; Max-Age=15552000; HttpOnly; Path=/; SameSite=Lax", plain
    )
    public = replace(settings, urls={**settings.urls, "gateway": "https://hospital.example"})
    secure = create_app(public, database=database, clients=Clients.make(settings), clock=clock, operations=PUBLISHED)
    assert "; Secure; HttpOnly; " in cookies_after_log_in(secure, opened)[0]


def test_a_log_in_ends_the_session_that_this_browser_had(
    app: Flask, log_in: LogIn, identity: Identity, clock: StandingClock
) -> None:
    before, after = log_in(), (clock.advance(minutes=2), log_in())[1]
    with app.test_request_context("/", headers={"Cookie": f"{session.COOKIE}={before.token}"}):
        session.remember(make_response("in"), after)
    assert identity.whose_session(before.token) is None
    assert identity.whose_session(after.token) is not None


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [(0, "1.2.3.4", "127.0.0.1"), (1, "6.6.6.6, 1.2.3.4", "1.2.3.4"), (2, "1.2.3.4, 10.0.0.9", "1.2.3.4")],
)
def test_a_caller_s_address_is_believed_only_from_our_own_proxies(
    settings: Settings, database: Database, clock: StandingClock, proxies: int, forwarded: str, address: str
) -> None:
    behind = replace(settings, trusted_proxies=proxies)
    app = create_app(behind, database=database, clients=Clients.make(settings), clock=clock, operations=PUBLISHED)
    app.add_url_rule("/test/address", view_func=lambda: str(request.remote_addr))
    response = app.test_client().get("/test/address", headers={"X-Forwarded-For": forwarded})
    assert response.get_data(as_text=True) == address
