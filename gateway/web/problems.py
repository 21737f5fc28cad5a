"""What a person reads when something did not work: what happened, what is safe (the money, the place), one thing to do.

Services answer with a stable code; `sentences.py` turns codes into words. A code without a row gets the general one.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, make_response
from flask_babel import gettext

from gateway.web import sentences
from gateway.web.look import render_page


@dataclass(frozen=True)
class Problem:
    """Three sentences; an empty one is left out."""

    happened: str
    safe: str = ""
    action: str = ""


GENERAL = Problem(*sentences.GENERAL)
PROBLEMS = {code: Problem(*row) for code, row in sentences.SENTENCES.items()}


def words_of(code: str) -> Problem:
    """The sentences of a code in the reader's language; an unknown code gets the general ones."""
    problem = PROBLEMS.get(code, GENERAL)
    return Problem(*(gettext(part) if part else "" for part in (problem.happened, problem.safe, problem.action)))


def problem_page(code: str, status: int, *, href: str = "/", request_id: str = "") -> Response:
    """A whole page for a problem: the sentences, the way on (`href`) and the number to name on the phone."""
    page = render_page("errors/problem.html", words=words_of(code), href=href, request_id=request_id)
    return make_response(page, status)
