"""Logging in with the phone: a one-time code, then the texts to agree to at the first log-in, and logging out."""

from __future__ import annotations

from http import HTTPStatus
from typing import cast

from flask import Blueprint, Response, make_response, redirect, request, url_for
from flask_babel import gettext

from gateway.identity.domain import CodeExpired, CodeWrong, PhoneInvalid, TooManyRequests, masked_phone, normal_phone
from gateway.web.look import current_look, own_path, render_page
from gateway.web.patient.asking import Refusal, refusal_of, typed
from gateway.web.session import account_id, current, identity, log_out, logged_in, remember
from shared.errors import DomainError

pages = Blueprint("log_in", __name__)

PHONE_COOKIE = "anxin_phone"
PHONE_SECONDS = 15 * 60
STAFF_START = "/staff"
"""Members of staff have pages of their own: nothing of a patient's leads anywhere for them."""


def _to(path: str) -> Response:
    return cast("Response", redirect(path, code=303))


def _next() -> str:
    wanted = own_path(request.values.get("next"))
    principal = current()
    if principal is not None and principal.is_staff:
        return STAFF_START
    return "/" if wanted.startswith(("/login", "/consent")) else wanted


@pages.get("/login")
def ask_phone() -> Response:
    """The phone number to which a code is sent."""
    if current() is not None:
        return _to(_next())
    return _phone_page(None)


def _phone_page(refusal: Refusal | None) -> Response:
    status = refusal.status if refusal else 200
    page = render_page(
        "patient/login.html",
        refusal=refusal,
        error=_phone_error(refusal),
        phone=request.form.get("phone"),
        next=_next(),
    )
    return make_response(page, status)


def _phone_error(refusal: Refusal | None) -> str:
    if refusal is None or refusal.code != PhoneInvalid.code:
        return ""
    if not typed("phone")["phone"]:
        return str(gettext("请填手机号。"))
    return str(gettext("看一看是不是 11 位；外国号码前面写 + 和国家号。"))


@pages.post("/login")
def send_code() -> Response:
    """Send a code. The phone waits in a cookie of this browser for the next page, never in an address."""
    try:
        sent = identity().request_code(request.form.get("phone", ""), address=request.remote_addr or "")
    except TooManyRequests as error:
        # The first code is on its way: the next page stays open for it.
        return _remember_phone(_phone_page(refusal_of(error)), normal_phone(request.form.get("phone", "")))
    except DomainError as error:
        return _phone_page(refusal_of(error))
    return _remember_phone(_to(url_for("log_in.ask_code", next=_next())), sent.phone)


def _remember_phone(response: Response, phone: str) -> Response:
    response.set_cookie(
        PHONE_COOKIE,
        phone.lstrip("+"),
        max_age=PHONE_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=request.is_secure,
        path="/login",
    )
    return response


def _remembered_phone() -> str | None:
    """The phone that the code went to, as this browser kept it."""
    kept = request.cookies.get(PHONE_COOKIE, "")
    try:
        return normal_phone(f"+{kept}") if kept else None
    except PhoneInvalid:
        return None


@pages.get("/login/code")
def ask_code() -> Response:
    """The code that was sent."""
    if current() is not None:
        return _to(_next())
    phone = _remembered_phone()
    return _code_page(phone, None) if phone else _to(url_for("log_in.ask_phone", next=_next()))


def _code_page(phone: str, refusal: Refusal | None) -> Response:
    page = render_page(
        "patient/code.html",
        phone=phone,
        masked=masked_phone(phone),
        refusal=refusal,
        wrong=refusal is not None and refusal.code in {CodeWrong.code, CodeExpired.code},
        demo=identity().is_demo,
        minutes=int(identity().limits.code_lifetime.total_seconds()) // 60,
        pause=int(identity().limits.resend_pause.total_seconds()),
        next=_next(),
    )
    return make_response(page, refusal.status if refusal else 200)


@pages.post("/login/code")
def log_in() -> Response:
    """Open a session with the code."""
    if current() is not None:
        return _to(_next())
    phone = _remembered_phone()
    if phone is None:
        return _to(url_for("log_in.ask_phone", next=_next()))
    try:
        opened = identity().log_in_with_code(phone, request.form.get("code", ""), address=request.remote_addr or "")
    except DomainError as error:
        return _code_page(phone, refusal_of(error))
    response = remember(_to(_next()), opened)
    response.delete_cookie(PHONE_COOKIE, path="/login")
    return response


@pages.get("/consent")
@logged_in
def ask_consent() -> Response:
    """The texts that are still to be agreed to, each for itself."""
    principal = current()
    missing = identity().missing_consents(principal) if principal else ()
    return _consent_page(None) if missing else _to(_next())


def _consent_page(refusal: Refusal | None, without: frozenset[str] = frozenset()) -> Response:
    principal = current()
    texts = identity().missing_consents(principal) if principal else ()
    page = render_page(
        "patient/consent.html", texts=texts, refusal=refusal, without=without, given=set(request.form), next=_next()
    )
    return make_response(page, HTTPStatus.UNPROCESSABLE_ENTITY if without else refusal.status if refusal else 200)


@pages.post("/consent")
@logged_in
def give_consent() -> Response:
    """Write down what was agreed to: every text in the version that was shown. All are needed to go on."""
    principal = current()
    texts = identity().missing_consents(principal) if principal else ()
    without = frozenset(text.code for text in texts if request.form.get(f"agree_{text.code}") != "yes")
    if without:
        return _consent_page(None, without)
    try:
        shown = {text.code: int(request.form.get(f"version_{text.code}", "0")) for text in texts}
        identity().give_consents(account_id(), shown, language=current_look().lang)
    except ValueError:
        return _consent_page(None, frozenset(text.code for text in texts))
    except DomainError as error:
        return _consent_page(refusal_of(error))
    return _to(_next())


@pages.post("/logout")
@logged_in
def leave() -> Response:
    """Log out on this phone."""
    return log_out(_to("/login"))


@pages.post("/logout/everywhere")
@logged_in
def leave_everywhere() -> Response:
    """Log out on every phone and computer."""
    return log_out(_to("/login"), everywhere=True)
