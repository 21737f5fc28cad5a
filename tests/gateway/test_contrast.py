"""The colours of tokens.css: every pair of text and ground that components use can be read in every theme (WCAG)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import gateway

CSS = (Path(gateway.__file__).parent / "static" / "css" / "tokens.css").read_text(encoding="utf-8")
GROUNDS = ("bg", "surface", "well")
TINTS = ["dai-soft", "now-soft", "ok-soft", "bad-soft", "mute-soft", "sky", "ridge1", "ridge2", "ridge3"]
TEXT = [
    *[(ink, ground) for ink in ("ink", "ink2", "ink3", "dai") for ground in GROUNDS],
    *[("ink", tint) for tint in TINTS],
    *[("ink2", tint) for tint in ("mute-soft", "dai-soft", "bad-soft", "sky", "ridge1")],
    *[("ink3", "mute-soft"), ("dai", "dai-soft"), ("on-dai", "dai"), ("on-now", "now"), ("on-bad", "bad")],
    *[("on-hero", "hero"), ("on-hero", "hero2"), ("on-hero2", "hero"), ("on-hero2", "hero2")],
    *[(status, f"{status}-soft") for status in ("ok", "bad", "mute")],
    *[("now-ink", ground) for ground in ("now-soft", "surface", "bg")],
    *[("ok", "surface"), ("bad", "surface"), ("bad", "bg"), ("bg", "ink"), ("surface", "ink")],
]
EDGES = [
    *[("edge", ground) for ground in GROUNDS],
    *[("focus", "bg"), ("focus", "surface"), ("dai", "surface"), ("ok", "surface"), ("bad", "surface")],
    ("now", "hero"),
]
STRONG = {"ink", "ink2", "ink3", "dai", "ok", "bad", "now-ink"}


def tokens(selector: str) -> dict[str, str]:
    """The colours that a block of tokens.css sets."""
    block = re.search(re.escape(selector) + r"\{(.*?)\}", CSS, re.DOTALL)
    assert block is not None
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-fA-F]{3,6})\b", block[1]))


LIGHT = tokens(":root")
DARK = LIGHT | tokens(":root[data-theme=dark]")
HIGH = LIGHT | tokens(":root[data-contrast=high]")
HIGH_DARK = HIGH | DARK | tokens(":root[data-theme=dark][data-contrast=high]")
THEMES = {"light": LIGHT, "dark": DARK, "high": HIGH, "high dark": HIGH_DARK}


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    digits = colour.lstrip("#")
    digits = "".join(each * 2 for each in digits) if len(digits) == 3 else digits
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def below(theme: str, pairs: list[tuple[str, str]], need: float) -> list[str]:
    colours = THEMES[theme]
    found = [(front, ground, contrast(colours[front], colours[ground])) for front, ground in pairs]
    return [f"{front} on {ground}: {ratio:.2f}" for front, ground, ratio in found if ratio < need]


def test_the_measure_knows_black_on_white() -> None:
    assert round(contrast("#000", "#ffffff"), 2) == 21.0
    assert round(contrast("#767676", "#fff"), 2) == 4.54


@pytest.mark.parametrize("theme", THEMES)
def test_every_text_can_be_read(theme: str) -> None:
    assert below(theme, TEXT, 4.5) == []


@pytest.mark.parametrize("theme", THEMES)
def test_every_edge_of_a_control_can_be_seen(theme: str) -> None:
    assert below(theme, EDGES, 3.0) == []


@pytest.mark.parametrize("theme", ["high", "high dark"])
def test_high_contrast_means_seven_to_one_on_plain_grounds(theme: str) -> None:
    plain = [(front, ground) for front, ground in TEXT if front in STRONG and ground in GROUNDS]
    assert below(theme, plain, 7.0) == []


def test_a_pair_that_is_too_faint_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(THEMES, "light", LIGHT | {"ink3": "#9aabb1"})
    assert "ink3 on bg: 2.13" in below("light", TEXT, 4.5)


def test_a_phone_that_is_dark_by_itself_gets_the_same_dark() -> None:
    assert tokens("@media (prefers-color-scheme:dark){:root:not([data-theme])") == tokens(":root[data-theme=dark]")


@pytest.mark.parametrize("name", ["base.css", "components.css", "staff.css", "gallery.css"])
def test_raw_colours_stand_in_the_tokens_only(name: str) -> None:
    rules = (Path(gateway.__file__).parent / "static" / "css" / name).read_text(encoding="utf-8")
    rules = rules.replace("background:#fff;color:#000", "")  # a QR code is black on white in every theme
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b|rgba?\(", rules) == []
