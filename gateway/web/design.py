"""The component page: every component in every state and every look. Pages use what is here and nothing else."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import lru_cache
from pathlib import Path

from flask import Blueprint, render_template

from gateway.web.look import now
from gateway.web.problems import words_of

ICONS = Path(__file__).parent.parent / "static" / "icons.svg"
COLOURS = (
    *("bg", "surface", "well", "line", "edge", "ink", "ink2", "ink3", "dai", "dai-soft", "hero", "hero2"),
    *("now", "now-soft", "ok", "ok-soft", "bad", "bad-soft", "info-soft", "mute-soft"),
)

design_pages = Blueprint("design", __name__)


@lru_cache(maxsize=1)
def icon_names() -> tuple[str, ...]:
    """The names of all icons, as the drawing file has them."""
    return tuple(re.findall(r'<symbol id="([\w-]+)"', ICONS.read_text(encoding="utf-8")))


@design_pages.get("/design")
def components() -> str:
    """Show every component with sample words; nothing on this page does anything."""
    return render_template(
        "design.html",
        colours=COLOURS,
        icon_names=icon_names(),
        soon=now() + timedelta(minutes=14, seconds=32),
        last=now() + timedelta(seconds=48),
        samples=[words_of(code) for code in ("service_unavailable", "slot_taken")],
    )


@design_pages.post("/design")
def nothing() -> tuple[str, int]:
    """The sample forms lead here: they change nothing."""
    return "", 204
