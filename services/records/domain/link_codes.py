"""Link codes: what the front desk hands to a person whose papers it has seen, so that their account may act for them.

A code has 8 characters out of 32 that nobody confuses, lives 30 minutes and works once. It is kept only as a keyed
fingerprint; five wrong tries close the account's door for 30 minutes.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from shared.errors import Refused

ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
LENGTH = 8
LIFETIME = timedelta(minutes=30)
WRONG_TRIES = 5
LOCKED_FOR = timedelta(minutes=30)


class LinkCodeWrong(Refused):
    """This code is wrong, used or too old; the front desk gives a new one."""


class TooManyTries(Refused):
    """Too many wrong codes were tried: wait, then try again."""


@dataclass(eq=False, kw_only=True)
class LinkCode:
    """A code that was handed out; the code itself is not in it."""

    id: UUID
    patient_id: UUID
    fingerprint: str
    issued_at: datetime
    issued_by: str
    valid_until: datetime
    redeemed_at: datetime | None = None
    redeemed_by: str | None = None
    withdrawn_at: datetime | None = None

    def opens_for(self, account: str, now: datetime) -> bool:
        """Whether this account may have the patient: the code is open, or this very account has used it just now."""
        if self.withdrawn_at is not None or now >= self.valid_until:
            return False
        return self.redeemed_by in {None, account}

    def redeem(self, account: str, now: datetime) -> None:
        """Use the code up."""
        if self.redeemed_at is None:
            self.redeemed_at, self.redeemed_by = now, account

    def withdraw(self, now: datetime) -> None:
        """A newer code for the same patient takes its place."""
        self.withdrawn_at = now


@dataclass(eq=False, kw_only=True)
class LinkTries:
    """How often an account has tried wrong codes."""

    subject: str
    wrong: int
    locked_until: datetime | None = None

    def check(self, now: datetime) -> None:
        """Raises TooManyTries while the account has to wait."""
        if self.locked_until is not None and now < self.locked_until:
            raise TooManyTries(locked_until=self.locked_until)

    def count_wrong(self, now: datetime) -> LinkCodeWrong:
        """One more wrong try; gives the refusal that says how many are left."""
        self.wrong += 1
        left = WRONG_TRIES - self.wrong
        if left <= 0:
            self.wrong, self.locked_until = 0, now + LOCKED_FOR
        return LinkCodeWrong(tries_left=max(0, left))

    def forgive(self) -> None:
        """A right code: the wrong ones before it no longer count."""
        self.wrong, self.locked_until = 0, None


def code_from(random: bytes) -> str:
    """Eight characters of the alphabet from eight bytes or more; each character is equally likely."""
    return "".join(ALPHABET[each % len(ALPHABET)] for each in random[:LENGTH])


def read_code(text: str) -> str:
    """The code that somebody typed: in any case, with spaces or hyphens."""
    kept = unicodedata.normalize("NFKC", text).upper()
    return "".join(each for each in kept if each.isalnum())
