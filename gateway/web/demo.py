"""The demo hospital's message box: the one-time codes that real phones would receive. In production there is none."""

from __future__ import annotations

from flask import Blueprint

from gateway.identity.domain import masked_phone
from gateway.web.look import render_page
from gateway.web.session import identity
from shared.errors import NotFound

demo_pages = Blueprint("demo", __name__, url_prefix="/demo")


@demo_pages.get("/messages")
def message_box() -> str:
    """The newest codes, each with the end of the phone number it went to. Not there outside the demo."""
    if not identity().is_demo:
        raise NotFound
    messages = [(masked_phone(each.phone), each.code, each.at) for each in identity().demo_messages()]
    return render_page("patient/message_box.html", messages=messages)
