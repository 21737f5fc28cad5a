"""A small server with the component page, opened by a phone-sized browser."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page
from werkzeug.serving import make_server

from tests.support.pages import pages_app

PHONE = {"width": 390, "height": 844}
LOUD = ("error", "warning")
# The browser remarks on a page that says no, and on a network that a test took away; that is its right.
ALLOWED = ("responded with a status of 409", "net::ERR_INTERNET_DISCONNECTED")


class Site:
    """A running application: `address` and the `app` itself."""

    def __init__(self, app: Flask, address: str) -> None:
        self.app, self.address = app, address


@pytest.fixture
def serve() -> Iterator[Callable[[Flask], Site]]:
    """Start an application on a free port of this machine; stopped at the end of the test."""
    servers = []

    def start(app: Flask) -> Site:
        server = make_server("127.0.0.1", 0, app, threaded=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return Site(app, f"http://127.0.0.1:{server.server_port}")

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def site(serve: Callable[[Flask], Site]) -> Site:
    """The sample pages."""
    return serve(pages_app())


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open a page on a phone in a given look; anything the browser complains about fails the test."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_on_phone(address: str, look: str = "", *, script: bool = True, width: int = 390) -> Page:
        context = browser.new_context(
            viewport=PHONE | {"width": width}, locale="zh-CN", reduced_motion="reduce", java_script_enabled=script
        )
        contexts.append(context)
        if look:
            context.add_cookies([{"name": "anxin_look", "value": look, "url": address}])
        page = context.new_page()
        page.on("console", lambda said: complaints.append(said.text) if said.type in LOUD else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(address)
        return page

    yield open_on_phone
    for context in contexts:
        context.close()
    assert [each for each in complaints if not any(words in each for words in ALLOWED)] == []
