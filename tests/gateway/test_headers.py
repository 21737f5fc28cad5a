"""The headers that keep pages safe, and static files that a phone may keep."""

from __future__ import annotations

import gzip
import re

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.support.pages import pages_app


@pytest.fixture
def phone() -> FlaskClient:
    return pages_app().test_client()


def fetch(phone: FlaskClient, name: str, **headers: str) -> TestResponse:
    return phone.get(name, headers=headers, buffered=True)


def test_a_page_may_run_and_load_only_what_this_hospital_serves(phone: FlaskClient) -> None:
    headers = phone.get("/sample").headers
    assert headers["Content-Security-Policy"] == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "manifest-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
    )
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Permissions-Policy"] == "camera=(), microphone=(), geolocation=(), payment=(), usb=()"
    assert headers["Cache-Control"] == "no-store"


def test_a_form_may_lead_to_the_wallet_and_nowhere_else() -> None:
    answer = pages_app(form_targets=["http://127.0.0.1:8090"]).test_client().get("/sample")
    assert answer.headers["Content-Security-Policy"].endswith("form-action 'self' http://127.0.0.1:8090")


def test_an_encrypted_connection_stays_encrypted(phone: FlaskClient) -> None:
    assert "Strict-Transport-Security" not in phone.get("/sample").headers
    answer = phone.get("/sample", base_url="https://localhost")
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_over_an_encrypted_connection_the_cookie_never_travels_in_the_open(phone: FlaskClient) -> None:
    answer = phone.post("/look", data={"theme": "dark"}, base_url="https://localhost")
    assert "; Secure" in answer.headers["Set-Cookie"]


def test_a_problem_is_as_safe_as_a_page(phone: FlaskClient) -> None:
    for answer in (phone.get("/no-such-page"), phone.get("/problem")):
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert answer.headers["Cache-Control"] == "no-store"


def test_a_static_file_is_kept_under_the_hash_of_its_content(phone: FlaskClient) -> None:
    address = re.search(r'href="(/static/css/tokens\.css\?v=[0-9a-f]{12})"', phone.get("/sample").text)
    assert address is not None
    answer = fetch(phone, address[1])
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "public, max-age=31536000, immutable")
    assert fetch(phone, "/static/css/tokens.css").headers["Cache-Control"] == "public, no-cache"


def test_a_static_file_travels_packed(phone: FlaskClient) -> None:
    plain = fetch(phone, "/static/css/components.css")
    packed = fetch(phone, "/static/css/components.css", **{"Accept-Encoding": "gzip, br"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.headers["Vary"] == "Accept-Encoding"
    assert gzip.decompress(packed.data) == plain.data
    assert int(packed.headers["Content-Length"]) == len(packed.data) < len(plain.data) / 3
    assert packed.headers["ETag"] != plain.headers["ETag"]


def test_the_own_layer_weighs_little(phone: FlaskClient) -> None:
    files = ["css/tokens.css", "css/base.css", "css/components.css", "js/anxin.js"]
    packed = [fetch(phone, f"/static/{name}", **{"Accept-Encoding": "gzip"}).data for name in files]
    assert sum(len(data) for data in packed) < 14_000


@pytest.mark.parametrize("path", ["/static/../look.py", "/static/%2e%2e/web/look.py", "/static/none.css"])
def test_nothing_but_static_files_is_served_from_their_folder(phone: FlaskClient, path: str) -> None:
    assert phone.get(path).status_code == 404
