"""Trays: the code on the label, and what is compared before a tray goes on (handbook section 4.8)."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from services.meals.domain.orders import Order
from services.meals.domain.suitability import Objection
from shared.errors import Conflict, Refused

_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""No 0 and O, 1 and I, L and U: what is typed from paper must not be mistaken."""
CODE_LENGTH = 8
_BED_CODE_BYTES = 12


class TrayUnknown(Conflict):
    """No tray carries this code."""


class TrayNotPlated(Conflict):
    """This tray has not passed the check at plating yet."""


class IdentifierMissing(Refused):
    """At the bed two things are compared: the tray's code, and the bed's code or the number on the wristband."""


class Handover(StrEnum):
    """How it ended at the bed."""

    DELIVERED = "delivered"
    REFUSED = "refused"
    ABSENT = "absent"


def new_tray_code() -> str:
    """Eight characters, drawn by chance and never twice (a constraint says so)."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(CODE_LENGTH))


def read_tray_code(text: str) -> str:
    """What was scanned or typed, with or without the gap, in small letters or capitals."""
    return "".join(each for each in text.upper() if each.isalnum())[:40]


def new_bed_code() -> str:
    """The unguessable part of a bed's address: 16 characters."""
    return secrets.token_urlsafe(_BED_CODE_BYTES)


class Verdict(StrEnum):
    """What is to be done with a tray."""

    GO = "go"
    STOP = "stop"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True)
class Checked:
    """A tray after a check: where it belongs, why it must not go on, and the order that is made instead."""

    verdict: Verdict
    order: Order
    stay: dict[str, Any]
    objections: Sequence[Objection] = ()
    instead: UUID | None = None
