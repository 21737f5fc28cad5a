"""Asking the services from a page: an answer, or what went wrong, so that one silent service does not take the page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Generic, TypeVar

from flask import Response, make_response, request

from gateway.web.look import render_page
from gateway.web.problems import Problem, words_of
from gateway.web.session import request_key
from shared.client import ServiceProblem, ServiceUnreachable
from shared.errors import DomainError, Forbidden, NotFound
from shared.problems import status_of

T = TypeVar("T")
Document = dict[str, Any]

REFUSALS = (ServiceProblem, ServiceUnreachable, DomainError)
"""What a form's handler turns into words beside the form."""
_SAME_AGAIN = {"request_in_progress", "patient_not_yet_known", "service_busy"}
_NOT_FOR_THE_FORM = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND}


@dataclass(frozen=True)
class Answer(Generic[T]):
    """What a service said, or the code of the problem that kept it from saying anything."""

    value: T
    problem: str = ""

    @property
    def silent(self) -> bool:
        """Whether nothing was said."""
        return bool(self.problem)


def ask(call: Callable[[], T], otherwise: T) -> Answer[T]:
    """A read for a part of a page. A silent or failing service gives `otherwise`; refusals are raised as they are."""
    try:
        return Answer(call())
    except ServiceUnreachable:
        return Answer(otherwise, "service_silent")
    except ServiceProblem as error:
        if error.status < HTTPStatus.INTERNAL_SERVER_ERROR:
            raise
        return Answer(otherwise, "service_silent")


def ask_list(call: Callable[[], list[Document]]) -> Answer[list[Document]]:
    """A list for a part of a page; empty when nothing was said."""
    return ask(call, [])


@dataclass(frozen=True)
class Refusal:
    """Why a form did not do what was wanted.

    `request_id` is the id the form was sent with, where sending the very same again is right (no answer, or too early);
    None asks for a new one. `facts` are the members of the problem document.
    """

    code: str
    status: int
    request_id: str | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def words(self) -> Problem:
        """What the person reads."""
        return words_of(self.code)


def refusal_of(error: Exception) -> Refusal:
    """The refusal to show beside the form. What is not there, or not theirs, is raised: it has a page of its own."""
    if isinstance(error, ServiceUnreachable):
        return Refusal("service_unreachable", HTTPStatus.SERVICE_UNAVAILABLE, request_key())
    if isinstance(error, NotFound | Forbidden):
        raise error
    if isinstance(error, DomainError):
        return Refusal(error.code, status_of(error), None, error.facts)
    if not isinstance(error, ServiceProblem) or error.status in _NOT_FOR_THE_FORM:
        raise error
    again = error.code in _SAME_AGAIN or error.status >= HTTPStatus.INTERNAL_SERVER_ERROR
    return Refusal(error.code, error.status, request_key() if again else None, error.document)


def again_page(refusal: Refusal, action: str, form: Mapping[str, str], *, back: str) -> Response:
    """A page of its own for a form that got no answer: one button sends the very same again, under the same key."""
    page = render_page("patient/again.html", refusal=refusal, action=action, form=form, back=back)
    return make_response(page, refusal.status)


def typed(*names: str) -> dict[str, str]:
    """What somebody typed into these fields of a form, without spaces at the ends."""
    return {name: request.form.get(name, "").strip() for name in names}
