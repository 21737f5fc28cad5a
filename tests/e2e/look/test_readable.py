"""Every component, in every look, can be read, reached and tapped."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.conftest import leave_out
from tests.e2e.look.conftest import Site
from tests.support.readable import AXE, LOOKS, faults

PATHS = ["/design", "/sample", "/problem"]


@pytest.fixture(autouse=True)
def axe() -> None:
    """axe-core must be there: without it half of the measures would say nothing."""
    if not AXE.exists():
        leave_out("axe-core", "the assets of the pages are not fetched (scripts/fetch-assets)")


@pytest.mark.parametrize("look", LOOKS)
def test_every_page_can_be_read_reached_and_tapped(site: Site, open_page: Callable[..., Page], look: str) -> None:
    page = open_page(site.address + PATHS[0], LOOKS[look])
    for path in PATHS:
        page.goto(site.address + path)
        assert (path, faults(page)) == (path, [])


@pytest.mark.parametrize("look", ["english", "elder", "elder-largest"])
def test_a_narrow_phone_needs_no_sideways_scrolling(site: Site, open_page: Callable[..., Page], look: str) -> None:
    page = open_page(site.address + PATHS[0], LOOKS[look], width=320)
    for path in PATHS:
        page.goto(site.address + path)
        assert (path, page.evaluate("document.documentElement.scrollWidth")) == (path, 320)


def test_a_field_without_a_label_is_found(site: Site, open_page: Callable[..., Page]) -> None:
    page = open_page(site.address + "/sample")
    page.evaluate("document.querySelector('label[for=f-reason]').remove()")
    assert faults(page) == ["label: ['#f-reason']"]


@pytest.mark.parametrize(
    ("planted", "found"),
    [
        ("<button class='ava m'>小</button>", ["small: 小 28"]),
        ("<div class='nb'>" + "长" * 40 + "</div>", ["sideways: 696"]),
        ("<p><svg><text>a</text></svg><sub><sub><sub>字</sub></sub></sub></p>", ["small text: 字"]),
    ],
)
def test_what_is_too_small_or_too_wide_is_found(
    site: Site, open_page: Callable[..., Page], planted: str, found: list[str]
) -> None:
    page = open_page(site.address + "/sample")
    page.evaluate("html => document.querySelector('main').insertAdjacentHTML('beforeend', html)", planted)
    assert [each for each in faults(page) if ": [" not in each] == found
