"""Bearer tokens for those who test the demo hospital from outside."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from functools import partial
from typing import Protocol
from uuid import UUID

from gateway.database import toolbox
from gateway.identity import queries
from gateway.identity.domain import normal_phone
from gateway.identity.door import Identity
from gateway.identity.seed.people import DEMO_STAFF, open_demo_account
from shared.database import Database
from shared.settings import Settings

_TOGETHER = 100


class Member(Protocol):
    """One of a crowd of invented people."""

    patient_id: UUID
    name: str
    phone: str


def demo_tokens(settings: Settings, options: argparse.Namespace, crowd: Sequence[Member]) -> int:
    """Print tokens for those who test the demo hospital from outside, a line each; 1 if nobody has the role.

    For patients `options.count` people of the crowd with an account each: token, patient id. For staff the demo's
    member with that role as often as asked for: token, user name. The tokens end after a day.
    """
    database = Database(settings.database_url("gateway"), toolbox)
    try:
        identity = Identity(database, settings.secrets["session_secret"], is_demo=settings.is_demo)
        make = partial(identity.create_token, name="demo", days=1)
        if options.role_name == "patient":
            accounts = _accounts_of(database, identity, crowd)
            lines = [
                f"{make(account_id=account_id)} {each.patient_id}"
                for account_id, each in zip(accounts, crowd, strict=True)
            ]
        else:
            lines = _staff_lines(database, make, options.role_name, options.count)
    finally:
        database.close()
    if not lines:
        sys.stderr.write(f"anxin: nobody of the demo hospital has the role {options.role_name}\n")
        return 1
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    return 0


def _accounts_of(database: Database, identity: Identity, crowd: Sequence[Member]) -> list[UUID]:
    """The accounts of these people, each acting for itself; opened where they are missing, a hundred at a time."""
    accounts: list[UUID] = []
    for first in range(0, len(crowd), _TOGETHER):
        with database.write() as uow:
            accounts += [
                open_demo_account(
                    uow,
                    now=identity.clock(),
                    phone=normal_phone(each.phone),
                    members=[{"patient_id": str(each.patient_id), "name": each.name, "relation": "self"}],
                )
                for each in crowd[first : first + _TOGETHER]
            ]
    return accounts


def _staff_lines(database: Database, make: Callable[..., str], role: str, count: int) -> list[str]:
    names = [name for name, _, roles in DEMO_STAFF if role in roles][:1]
    with database.read() as uow:
        found = [(name, queries.find_staff(uow, user_name=name)) for name in names]
    return [f"{make(staff_id=staff_id)} {name}" for name, staff_id in found if staff_id for _ in range(count)]
