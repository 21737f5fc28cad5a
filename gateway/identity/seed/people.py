"""The demo hospital's people: one member of staff for each role, and accounts whose codes arrive in the message box."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from gateway.identity import consents, passwords, queries, usecases
from gateway.identity.domain import Limits, Proof, Relation, normal_phone
from shared.database import UnitOfWork
from shared.door import Door
from shared.settings import Settings

DEMO_PASSWORD = "anxin-demo"  # noqa: S105 (the demo listens on this machine only and prints it)
DEMO_STAFF = (
    ("front-desk", "周敏 · 一站式服务中心", ("front_desk",)),
    ("cashier", "韩梅 · 收费处", ("cashier",)),
    ("nurse", "陆佳 · 心内一病区", ("nurse",)),
    ("doctor", "何铭 · 内分泌一病区", ("doctor",)),
    ("dietitian", "苏禾 · 营养科", ("dietitian",)),
    ("canteen", "贺强 · 营养食堂", ("canteen",)),
    ("records", "沈静 · 病案室", ("records_officer",)),
    ("finance", "程远 · 财务科", ("finance",)),
    ("auditor", "方正 · 审计科", ("auditor",)),
    ("admin", "石磊 · 信息科", ("admin",)),
)
NEWCOMER, PARENT = "19900000001", "19900000002"
FAMILY_FILE = "demo-family.json"
"""Written by the seed of records beside the demo's databases: [{"patient_id", "name", "relation"}, ...]."""


def seed(door: Door, settings: Settings) -> None:
    """Make what is missing, and write the log-ins where `make run` shows them. Running it again changes nothing."""
    kept = passwords.hash_password(DEMO_PASSWORD)
    family = settings.data_dir / FAMILY_FILE
    members = json.loads(family.read_text(encoding="utf-8")) if family.exists() else []
    with door.database.write() as uow:
        for user_name, display_name, roles in DEMO_STAFF:
            usecases.add_staff_member(
                uow, now=door.clock(), user_name=user_name, display_name=display_name, password_hash=kept, roles=roles
            )
        known = queries.find_account(uow, phone=normal_phone(PARENT))
        if known is None or not queries.links_of(uow, account_id=known):
            open_demo_account(uow, now=door.clock(), phone=normal_phone(PARENT), members=members)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    told = "\n".join(_log_ins(settings, len(members))) + "\n"
    (settings.data_dir / "demo-logins.txt").write_text(told, encoding="utf-8")


def open_demo_account(uow: UnitOfWork, *, now: datetime, phone: str, members: Sequence[dict[str, Any]]) -> UUID:
    """An account that has logged in before, has agreed to the texts, and acts for these patients; gives its id.

    Opened again, nothing changes.
    """
    limits, texts = Limits(), consents.in_force()
    account_id = queries.find_account(uow, phone=phone) or usecases.open_account(uow, now=now, phone=phone)
    usecases.give_consents(uow, now=now, account_id=account_id, versions=texts, in_force=texts, language="zh")
    for member in members[: limits.patients_per_account]:
        usecases.link_patient(
            uow,
            now=now,
            account_id=account_id,
            patient_id=UUID(member["patient_id"]),
            relation=Relation(member["relation"]),
            display_name=member["name"],
            proof=Proof.LINK_CODE,
            request_key=f"demo-{member['patient_id']}",
            limits=limits,
        )
    return account_id


def _log_ins(settings: Settings, members: int) -> list[str]:
    address = settings.url("gateway")
    return [
        f"Demo log-ins (this machine only). One-time codes arrive at {address}/demo/messages",
        f"  {NEWCOMER}  somebody new",
        f"  {PARENT}  an account with {members} patients",
        f"  staff at {address}/staff/login, each with the password {DEMO_PASSWORD}:",
        "    " + ", ".join(name for name, _, _ in DEMO_STAFF),
    ]
