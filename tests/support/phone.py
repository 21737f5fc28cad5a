"""A person's phone: pages as they are read, forms as they are filled in and sent, without any script."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import unquote, urlencode, urlsplit

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

_VOID = {"input", "meta", "link", "br", "hr", "img", "path", "use", "circle", "stop"}
_SILENT = {"script", "style", "svg", "title", "noscript"}


@dataclass
class Form:
    """A form with what is filled in; `buttons` are (word, name, value)."""

    action: str
    method: str
    id: str = ""
    values: dict[str, str] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)
    buttons: list[tuple[str, str, str]] = field(default_factory=list)


class Page(HTMLParser):
    """What a person sees of an answer: text, links, forms."""

    def __init__(self, response: TestResponse) -> None:
        super().__init__()
        self.response, self.status = response, response.status_code
        self.path = unquote(response.request.full_path.rstrip("?"))
        self.html = response.get_data(as_text=True)
        self.links: list[tuple[str, str]] = []
        self.forms: list[Form] = []
        self._form: Form | None = None
        self._words: list[str] = []
        self._inside: list[str] = []
        self._link: tuple[str, int] | None = None
        self._button: tuple[str, str, int] | None = None
        self._select = ""
        self.feed(self.html)
        self.text = self._text(0)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag not in _VOID:
            self._inside.append(tag)
        if tag == "form":
            self._form = Form(given.get("action", ""), given.get("method", "get"), given.get("id", ""))
            self.forms.append(self._form)
        elif tag == "a":
            self._link = (given.get("href", ""), len(self._words))
        elif tag == "button" and given.get("type") != "button":
            self._button = (given.get("name", ""), given.get("value", ""), len(self._words))
        elif self._form is not None:
            self._field(tag, given)

    def _field(self, tag: str, given: Mapping[str, str]) -> None:
        form, name = self._form, given.get("name", self._select)
        assert form is not None
        if tag == "select":
            self._select = name
        elif tag == "option":
            form.choices.setdefault(name, []).append(given["value"])
            if "selected" in given or name not in form.values:
                form.values[name] = given["value"]
        elif tag == "input" and given.get("type") in {"radio", "checkbox"}:
            if "disabled" not in given:
                form.choices.setdefault(name, []).append(given["value"])
            if "checked" in given:
                form.values[name] = given["value"]
        elif tag in {"input", "textarea"} and name:
            form.values[name] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._inside:
            while self._inside.pop() != tag:
                pass
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = ""
        elif tag == "a" and self._link:
            self.links.append((self._text(self._link[1]), self._link[0]))
            self._link = None
        elif tag == "button" and self._button and self._form is not None:
            name, value, start = self._button
            self._form.buttons.append((self._text(start), name, value))
            self._button = None

    def handle_data(self, data: str) -> None:
        if not _SILENT.intersection(self._inside):
            self._words.append(data)

    def _text(self, start: int) -> str:
        return re.sub(r"\s+", " ", " ".join(self._words[start:])).strip()

    def says(self, *sentences: str) -> None:
        """Each sentence stands on the page."""
        bare = self.text.replace(" ", "")
        for sentence in sentences:
            assert sentence.replace(" ", "") in bare, f"{sentence!r} is not in: {self.text}"

    def says_not(self, *sentences: str) -> None:
        """None of them stands on the page."""
        bare = self.text.replace(" ", "")
        for sentence in sentences:
            assert sentence.replace(" ", "") not in bare, f"{sentence!r} is in: {self.text}"

    def link(self, words: str) -> str:
        """Where the one link with these words leads."""
        [found] = {href for text, href in self.links if words.replace(" ", "") in text.replace(" ", "")}
        return found

    def form(self, action: str) -> Form:
        """The one form that is sent to this address."""
        [found] = [form for form in self.forms if urlsplit(form.action).path == action]
        return found


class Phone:
    """A browser that keeps cookies and follows redirects within the hospital; elsewhere it only notes the address."""

    def __init__(self, client: FlaskClient, *, language: str = "zh-CN") -> None:
        self.client = client
        self.headers = {"Accept-Language": language}
        self.left_for = ""

    def look(self, **choices: str) -> None:
        """Choose how pages look, as in the settings."""
        self.client.set_cookie("anxin_look", urlencode(choices))

    def get(self, path: str, **headers: str) -> Page:
        """Open a page."""
        return self._follow(self.client.get(path, headers={**self.headers, **headers}))

    def tap(self, page: Page, words: str) -> Page:
        """Follow the link with these words."""
        return self.get(page.link(words))

    def send(self, form: Form, **values: str) -> Page:
        """Send a form as it is filled in, with these values instead; a GET form becomes an address."""
        filled = {**form.values, **values}
        if form.method == "get":
            return self.get(f"{form.action}?{urlencode(filled)}")
        return self._follow(self.post(form.action, filled))

    def post(self, path: str, values: Mapping[str, str]) -> TestResponse:
        """Send a form and look at the bare answer."""
        return self.client.post(path, data=dict(values), headers=self.headers)

    def _follow(self, response: TestResponse) -> Page:
        for _ in range(8):
            if response.status_code not in {301, 302, 303}:
                return Page(response)
            if urlsplit(response.location).netloc:
                self.left_for = response.location
                return Page(response)
            response = self.client.get(response.location, headers=self.headers)
        raise AssertionError(f"redirected for ever: {response.location}")
