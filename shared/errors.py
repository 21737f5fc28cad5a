"""The four kinds of refusal that a hospital rule can give, each with a stable code that the phone turns into words."""

from __future__ import annotations

import re
from typing import Any, ClassVar
from uuid import UUID


class DomainError(Exception):
    """A refusal by a rule: nothing of the request may stay behind.

    `code` is stable and documented, lower_snake, by default the class's own name (`SlotTaken` -> `slot_taken`).
    `facts` are extra members of the problem document that help the person decide (never personal data).
    """

    code: ClassVar[str] = "refused"

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "code" not in cls.__dict__:
            cls.code = re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()

    def __init__(self, detail: str = "", **facts: Any) -> None:
        self.detail = detail or (type(self).__doc__ or "").strip().split("\n")[0]
        self.facts = facts
        super().__init__(self.detail)


class NotFound(DomainError):
    """It is not there, or it is not yours: both look the same from outside."""


class NotYours(NotFound):
    """It belongs to a patient the caller may not act for: looks like not found, but the access log hears of it."""

    code = "not_found"

    def __init__(self, patient_id: UUID) -> None:
        super().__init__(NotFound.__doc__ or "")
        self.patient_id = patient_id


class Conflict(DomainError):
    """Somebody else was first, or the thing has moved on."""


class NotReady(Conflict):
    """Not at this moment. It is not kept under the idempotency key: the same request with the same key may succeed."""


class Refused(DomainError):
    """The request is well formed, but a rule of the hospital says no."""


class Forbidden(DomainError):
    """The caller's role or grant does not allow this."""


class NotYet(Exception):
    """A message speaks of a thing this service has not heard of yet: try again later, for up to three days."""
