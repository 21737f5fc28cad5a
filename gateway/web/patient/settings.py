"""我的: who is logged in, how the pages look, what was agreed to, and logging out."""

from __future__ import annotations

from typing import cast

from flask import Blueprint, Response, redirect, url_for

from gateway.web.look import current_look, render_page
from gateway.web.session import account_id, current, family, identity, notifications, patient, signed_in
from shared.errors import NotFound

pages = Blueprint("settings", __name__, url_prefix="/me")


@pages.get("")
@signed_in
def me() -> str:
    """The settings of this account and of this phone."""
    return render_page(
        "patient/me.html",
        phone=identity().phone_of(account_id()),
        chosen=patient(),
        count=len(family()),
        unread=notifications().unread(account_id()),
    )


@pages.get("/logout")
@signed_in
def ask_leave_everywhere() -> str:
    """What logging out everywhere means, before it is done."""
    return render_page("patient/logout.html")


@pages.get("/consents")
@signed_in
def consents() -> str:
    """The texts that were agreed to, each with its version, to read and to take back."""
    principal = current()
    return render_page("patient/consents.html", texts=identity().texts, given=principal.consented if principal else {})


@pages.get("/consents/<code>")
@signed_in
def ask_withdraw(code: str) -> str:
    """What taking a consent back means, before it is done."""
    text = next((each for each in identity().texts if each.code == code), None)
    if text is None:
        raise NotFound
    return render_page("patient/withdraw.html", text=text)


@pages.post("/consents/<code>")
@signed_in
def withdraw(code: str) -> Response:
    """Take a consent back; from now on the phone serves no more without it."""
    if all(text.code != code for text in identity().texts):
        raise NotFound
    identity().withdraw_consent(account_id(), code, language=current_look().lang)
    return cast("Response", redirect(url_for("log_in.ask_consent"), code=303))
