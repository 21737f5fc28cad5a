"""The accounts of stays."""

from __future__ import annotations

from typing import Any

from services.billing.store.tables import accounts
from shared.database import UnitOfWork


def keep_account(uow: UnitOfWork, row: dict[str, Any]) -> None:
    """Open the account of a stay, or bring it to the stay's state unless a newer one is known."""
    if uow.insert_once(accounts, [row], returning=[accounts.c.id]):
        return
    changes = {name: value for name, value in row.items() if name not in {"id", "heard_at"}}
    uow.session.execute(
        accounts.update()
        .where(accounts.c.encounter_id == row["encounter_id"], accounts.c.stay_version < row["stay_version"])
        .values(changes)
    )
