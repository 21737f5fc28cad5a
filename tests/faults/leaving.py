"""What a request leaves behind in a database, without what is drawn by chance."""

from __future__ import annotations

import re
from typing import Any

import sqlalchemy as sa

from shared.database import Database


def masked(value: Any) -> str:
    """A value without what is drawn by chance: ids of things and of requests."""
    text = re.sub(r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}", "<id>", str(value))
    return re.sub(r'"correlationid":"[^"]*"', '"correlationid":"<id>"', text)


RANDOM_COLUMNS = {
    "code",
    "document_number_sealed",
    "phone_sealed",
    "key_sealed",
    "sealed",
    "code_digest",
    "body",
    "fingerprint",
    "number",
    "request_id",
    "tray_code",
}


def state_of(database: Database, *, without: tuple[str, ...] = ()) -> dict[str, list[str]]:
    """Every row of every table but those left out, without what is drawn by chance."""
    found = {}
    with database.engine.connect() as connection:
        for table in sorted(set(sa.inspect(connection).get_table_names()) - set(without)):
            rows = connection.exec_driver_sql(f'SELECT * FROM "{table}"').mappings()
            found[table] = sorted(
                masked({name: value for name, value in row.items() if name not in RANDOM_COLUMNS}) for row in rows
            )
    return found
