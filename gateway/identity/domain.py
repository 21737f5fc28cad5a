"""The rules of identity: phones, codes, sessions, and the links between an account and the patients it acts for."""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from shared.errors import Conflict, Forbidden, NotFound, Refused

SCOPES = ("see", "pay", "sign")
STAFF_ROLES = (
    *("nurse", "doctor", "dietitian", "canteen", "cashier", "finance"),
    *("records_officer", "front_desk", "triage", "auditor", "admin"),
)


class PhoneInvalid(Refused):
    """This is not a mobile number."""


class CodeNotSendable(Refused):
    """No channel is set up that could carry a one-time code to a phone."""


class CodeWrong(Refused):
    """The code is not the one that was sent."""


class CodeExpired(Refused):
    """The code is older than five minutes: ask for another."""


class TooManyTries(Refused):
    """Tried too often: wait, then try again."""


class TooManyRequests(Refused):
    """Asked too often: wait, then ask again."""


class PasswordWrong(Refused):
    """User name and password do not belong together."""


class ConsentMissing(Forbidden):
    """The present version of a consent has not been given."""


class ConsentOutdated(Conflict):
    """This is not the version of the text that is in force: read the newest."""


class AlreadyLinked(Conflict):
    """This account acts for this patient already."""


class SelfAlreadyLinked(Conflict):
    """This account has a patient who is the account holder already."""


class FamilyLimitReached(Refused):
    """This account acts for as many patients as it may."""


class NotLinked(NotFound):
    """This account does not act for this patient."""

    code = "not_found"


class Relation(enum.StrEnum):
    """What the patient is to the account holder."""

    SELF = "self"
    CHILD = "child"
    PARENT = "parent"
    SPOUSE = "spouse"
    OTHER = "other"


class Proof(enum.StrEnum):
    """What a link rests on; a phone number alone is never enough."""

    REGISTERED = "registered"
    LINK_CODE = "link_code"


@dataclass(frozen=True, kw_only=True)
class Limits:
    """The numbers that a hospital may set for itself."""

    code_lifetime: timedelta = timedelta(minutes=5)
    code_tries: int = 5
    resend_pause: timedelta = timedelta(seconds=60)
    codes_per_phone: int = 5
    codes_per_phone_a_day: int = 10
    codes_per_address: int = 60
    code_window: timedelta = timedelta(hours=1)
    tries_per_address: int = 60
    staff_tries: int = 5
    try_window: timedelta = timedelta(minutes=10)
    patients_per_account: int = 5
    account_idle: timedelta = timedelta(days=30)
    account_longest: timedelta = timedelta(days=180)
    staff_idle: timedelta = timedelta(minutes=30)
    staff_longest: timedelta = timedelta(hours=12)

    def idle(self, *, staff: bool) -> timedelta:
        """How long a session lives without being used."""
        return self.staff_idle if staff else self.account_idle

    def longest(self, *, staff: bool) -> timedelta:
        """How long a session lives however much it is used."""
        return self.staff_longest if staff else self.account_longest


@dataclass(frozen=True, kw_only=True)
class Link:
    """An account acts for a patient. `patient_id` is the patient as known today, after mergers."""

    id: UUID
    patient_id: UUID
    relation: Relation
    display_name: str
    scopes: tuple[str, ...]
    proof: Proof
    created_at: datetime


@dataclass(frozen=True, kw_only=True)
class Principal:
    """Whoever a session or a bearer token stands for: an account or a staff member, with the one patient acted for."""

    account_id: UUID | None = None
    staff_id: UUID | None = None
    session_id: UUID | None = None
    roles: tuple[str, ...] = ()
    display_name: str = ""
    consented: Mapping[str, int] = field(default_factory=dict)
    link: Link | None = None
    seen_at: datetime | None = None

    @property
    def is_staff(self) -> bool:
        """Whether this is a member of staff."""
        return self.staff_id is not None

    @property
    def subject(self) -> str:
        """The name under which this caller's requests and idempotency keys are kept."""
        return f"staff:{self.staff_id}" if self.is_staff else f"account:{self.account_id}"

    def has(self, *roles: str) -> bool:
        """Whether the caller has one of these roles; an empty list means nothing is allowed."""
        return not set(roles).isdisjoint(self.roles)


@dataclass(frozen=True, kw_only=True)
class NewSession:
    """What a session to be opened is made of: its id and the hash of its random token."""

    id: UUID
    token_hash: str


@dataclass(frozen=True, kw_only=True)
class LogIn:
    """A log-in that succeeded."""

    session_id: UUID
    account_id: UUID | None = None
    staff_id: UUID | None = None
    is_new: bool = False


@dataclass(frozen=True, kw_only=True)
class CodeSent:
    """A one-time code is on its way."""

    phone: str
    masked_phone: str
    expires_at: datetime
    resend_at: datetime


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A session was opened; `token` goes into the cookie and is kept nowhere else."""

    token: str
    log_in: LogIn


def normal_phone(text: str) -> str:
    """A mobile number as +8613800001234. Mainland numbers need no country code; others do. Raises PhoneInvalid."""
    digits = re.sub(r"[\s()\-.\u3000]", "", text)
    if re.fullmatch(r"(?:\+86|0086|86)?1[3-9]\d{9}", digits, re.ASCII):
        return f"+86{digits[-11:]}"
    if re.fullmatch(r"\+(?!86|0)\d{8,15}", digits, re.ASCII):
        return digits
    raise PhoneInvalid


def masked_phone(phone: str) -> str:
    """+8613800001234 -> 138****1234: enough to recognise one's own number."""
    local = phone.removeprefix("+86")
    return f"{local[:3]}****{local[-4:]}"


def is_code(text: str) -> bool:
    """Whether this can be a one-time code at all: six digits."""
    return re.fullmatch(r"\d{6}", text, re.ASCII) is not None


def missing_consents(consented: Mapping[str, int], in_force: Mapping[str, int]) -> tuple[str, ...]:
    """The texts that still have to be agreed to: never given, or given in an older version."""
    return tuple(text for text, version in in_force.items() if consented.get(text) != version)


def place_for(taken: set[int], limit: int) -> int:
    """The lowest free place among an account's patients, counted from 1. Raises FamilyLimitReached."""
    for place in range(1, limit + 1):
        if place not in taken:
            return place
    raise FamilyLimitReached


def is_alive(*, now: datetime, created_at: datetime, seen_at: datetime, staff: bool, limits: Limits) -> bool:
    """Whether a session that was opened and last used then is still good."""
    return now - seen_at < limits.idle(staff=staff) and now - created_at < limits.longest(staff=staff)


def is_worth_noting(principal: Principal, *, now: datetime, limits: Limits) -> bool:
    """Whether a session's last use should be written down again: a thirtieth of the idle time is exact enough."""
    return principal.seen_at is not None and now - principal.seen_at >= limits.idle(staff=principal.is_staff) / 30
