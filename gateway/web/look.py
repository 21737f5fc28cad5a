"""How every page of the gateway looks and speaks: language, elder mode, theme, contrast and size, chosen per person.

The choices travel in one plain cookie and become attributes of <html> on the server: no flash, no script.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from io import BytesIO
from typing import Any, cast
from urllib.parse import parse_qsl, urlencode
from uuid import uuid4

import segno
from flask import Blueprint, Flask, Response, abort, current_app, g, redirect, render_template, request
from flask_babel import Babel, Domain
from jinja2 import pass_context
from markupsafe import Markup

from gateway.web import words
from gateway.web.catalogue import translations
from gateway.web.headers import asset, asset_exists, init_headers
from shared.clock import Clock, utc_now

COOKIE = "anxin_look"
A_YEAR = 365 * 24 * 3600
CHOICES = {
    "lang": ("zh-CN", "en"),
    "mode": ("", "elder"),
    "theme": ("", "light", "dark"),
    "contrast": ("", "high"),
    "size": ("", "xl"),
}
TABS = {"home": "/", "visits": "/appointments", "messages": "/messages", "me": "/me"}


@dataclass(frozen=True)
class Look:
    """What a person chose. Empty means: as the phone or the browser has it."""

    lang: str = "zh-CN"
    mode: str = ""
    theme: str = ""
    contrast: str = ""
    size: str = ""

    @property
    def elder(self) -> bool:
        """Whether the shorter pages with large letters are wanted."""
        return self.mode == "elder"

    def attributes(self, density: str = "") -> Mapping[str, str]:
        """The attributes of <html>; density (desk, ward, wall, hall) is the page's, never the person's."""
        chosen = {
            "data-theme": self.theme,
            "data-mode": "" if density else self.mode,
            "data-contrast": self.contrast,
            "data-size": "" if density else self.size,
            "data-density": density,
        }
        return {"lang": self.lang} | {name: value for name, value in chosen.items() if value}


def choose(look: Look, wanted: Mapping[str, str]) -> Look:
    """Apply known choices; an unknown name or value is refused with ValueError."""
    for name, value in wanted.items():
        if value not in CHOICES.get(name, ()):
            raise ValueError(f"no such choice: {name}")
    return replace(look, **cast("Mapping[str, Any]", wanted))


def current_look() -> Look:
    """The look of this request: the cookie, or the browser's language where nothing was chosen yet."""
    if "look" not in g:
        best = request.accept_languages.best_match(["zh", "zh-CN", "en"], default="zh")
        look = Look(lang="en" if best == "en" else "zh-CN")
        for name, value in parse_qsl(request.cookies.get(COOKIE, "")):
            if value in CHOICES.get(name, ()):
                look = choose(look, {name: value})
        g.look = look
    return cast("Look", g.look)


def remember_look(response: Response, look: Look) -> None:
    """Write the choices into the cookie, as after logging in to an account that has its own."""
    chosen = {name: value for name, value in asdict(look).items() if value}
    secure = request.is_secure
    response.set_cookie(COOKIE, urlencode(chosen), max_age=A_YEAR, secure=secure, httponly=True, samesite="Lax")


def own_path(address: str | None) -> str:
    """The address when it is a path of this site, else the home page: nobody is sent elsewhere."""
    if not address or not address.startswith("/") or address.startswith("//"):
        return "/"
    return address if address.isprintable() and "\\" not in address else "/"


def here() -> str:
    """The path to come back to after a change of look: this page, or the one a form was sent from."""
    if request.method in ("GET", "HEAD"):
        return request.full_path.rstrip("?")
    address = (request.referrer or "").partition("?")[0]
    own = address.startswith(request.host_url)
    return own_path("/" + address.removeprefix(request.host_url)) if own else "/"


look_pages = Blueprint("look", __name__)


@look_pages.post("/look")
def change_look() -> Response:
    """Change how the pages look (any of lang, mode, theme, contrast, size) and go back to where the person was."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        abort(400)
    wanted = {name: value for name, value in request.form.items() if name in CHOICES}
    try:
        look = choose(current_look(), wanted)
    except ValueError:
        abort(400)
    response = cast("Response", redirect(own_path(request.form.get("next")), code=303))
    remember_look(response, look)
    return response


def qr(text: str) -> Markup:
    """A QR code as SVG without sizes or styles; it is black on white in every theme."""
    out = BytesIO()
    segno.make(text, error="m").save(
        out, kind="svg", xmldecl=False, border=0, omitsize=True, svgclass=None, lineclass=None
    )
    return Markup(out.getvalue().decode())  # noqa: S704 - segno writes only its own shapes, never the text


def render_page(template: str, **values: object) -> str:
    """Render a page; in elder mode its shorter twin (`home_elder.html` for `home.html`) where there is one."""
    if not current_look().elder:
        return render_template(template, **values)
    stem, dot, ending = template.rpartition(".")
    return render_template([f"{stem}_elder{dot}{ending}", template], **values)


def now() -> datetime:
    """The present instant for pages, from the clock that the application was given."""
    return cast("Clock", current_app.extensions["anxin_clock"])()


def _globals() -> dict[str, Any]:
    return {
        "look": current_look,
        "here": here,
        "asset": asset,
        "asset_exists": asset_exists,
        "qr": qr,
        "tab_links": TABS,
        "now": now,
        "period": words.period,
        "new_request_id": lambda: str(uuid4()),
        "csrf_token": lambda: "",  # identity replaces it by the session's own
    }


def live_filter(write: Callable[[Any], object]) -> Callable[..., object]:
    """A filter that depends on the reader or the clock; without the context Jinja would work it out once for all."""

    @pass_context
    def written(_context: object, value: Any) -> object:
        return write(value)

    return written


def in_own_language(write: Callable[[Any, str], str]) -> Callable[..., object]:
    """A filter that writes a value in the reader's language."""
    return live_filter(lambda value: write(value, current_look().lang))


def _filters() -> dict[str, Any]:
    plain = {"clock": words.clock, "money": words.money, "countdown": words.countdown, "masked": words.masked_name}
    spoken: dict[str, Callable[[Any, str], str]] = {
        "weekday": words.weekday,
        "short_day": words.short_day,
        "full_day": words.full_day,
        "dated": words.dated,
        "moment": words.moment,
        "half_day": words.half_day,
        "spoken_clock": words.spoken_clock,
        "spoken_money": words.spoken_money,
    }
    nearby = {
        "near_day": live_filter(lambda day: words.near_day(day, now(), current_look().lang)),
        "left": live_filter(lambda until: words.left(until, now())),
        "iso": lambda instant: words.wall(instant).isoformat(),
    }
    return plain | {name: in_own_language(write) for name, write in spoken.items()} | nearby


def init_look(app: Flask, *, clock: Clock = utc_now, form_targets: Iterable[str] = ()) -> None:
    """Give an application its languages, its words in templates, its static files and its security headers.

    `form_targets` are the origins (as "http://127.0.0.1:8090") to which a form may lead by redirect: a browser
    stops a form that is sent to us and redirected elsewhere, so the wallet's origin must be named here.
    """
    app.extensions["anxin_clock"] = clock
    sentences = Domain()
    sentences.cache["en", "messages"] = translations("en")
    babel = Babel(app, default_locale="zh_Hans_CN", default_timezone="Asia/Shanghai", locale_selector=_locale)
    babel.domain_instance = sentences
    app.jinja_env.globals.update(_globals())
    app.jinja_env.filters.update(_filters())
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.register_blueprint(look_pages)
    init_headers(app, form_targets)


def _locale() -> str:
    return "en" if current_look().lang == "en" else "zh_Hans_CN"
