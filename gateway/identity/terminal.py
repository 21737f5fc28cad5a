"""Identity on the command line: bearer tokens for machines."""

from __future__ import annotations

import argparse
import sys

from gateway.database import toolbox
from gateway.identity import queries
from gateway.identity.domain import PhoneInvalid, normal_phone
from gateway.identity.door import Identity
from shared.database import Database
from shared.settings import Settings


def create_token(settings: Settings, options: argparse.Namespace) -> int:
    """Make a bearer token for the account of a phone or a member of staff, and print it once; 1 if there is none."""
    database = Database(settings.database_url("gateway"), toolbox)
    try:
        with database.read() as uow:
            staff_id = queries.find_staff(uow, user_name=options.staff) if options.staff else None
            account_id = queries.find_account(uow, phone=normal_phone(options.phone)) if options.phone else None
        if staff_id is None and account_id is None:
            sys.stderr.write("anxin: there is no such account or member of staff\n")
            return 1
        identity = Identity(database, settings.secrets["session_secret"], is_demo=settings.is_demo)
        token = identity.create_token(name=options.name, days=options.days, account_id=account_id, staff_id=staff_id)
    except PhoneInvalid as refusal:
        sys.stderr.write(f"anxin: {refusal}\n")
        return 1
    finally:
        database.close()
    sys.stdout.write(f"{token}\n")
    return 0


def revoke_token(settings: Settings, options: argparse.Namespace) -> int:
    """End every bearer token that begins so; 1 if there is none in force."""
    database = Database(settings.database_url("gateway"), toolbox)
    try:
        identity = Identity(database, settings.secrets["session_secret"], is_demo=settings.is_demo)
        with database.read() as uow:
            found = queries.tokens_beginning(uow, prefix=options.prefix)
        for token_id in found:
            identity.revoke_token(token_id)
    finally:
        database.close()
    sys.stdout.write(f"{len(found)} revoked\n")
    return 0 if found else 1
