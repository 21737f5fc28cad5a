"""Anybody may check whether a receipt is real: number, date and amount, and nothing about a person."""

from __future__ import annotations

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from gateway.web.look import render_page
from gateway.web.session import actor, clients

pages = Blueprint("receipt_checks", __name__, url_prefix="/check-receipt")
LONGEST = 40


@pages.get("")
def ask() -> str | AnyResponse:
    """Where code, number and check code are typed in, when there is nothing to scan."""
    given = "".join(request.args.get("code", "").split())[:LONGEST]
    if given:
        return redirect(f"/check-receipt/{given}") if given.replace("-", "").isalnum() else _page(given, None)
    return render_page("receipts/check.html", found=None, code="", asked=False)


@pages.get("/<code>")
def check(code: str) -> str:
    """Whether this receipt is real."""
    return _page(code[:LONGEST], code)


def _page(shown: str, code: str | None) -> str:
    found = clients().receipts.check(actor(), code) if code else {"is_real": False}
    return render_page("receipts/check.html", found=found, code=shown, asked=True)
