"""Two databases, one code path: SQLite embedded, PostgreSQL in production.

`Database.write()` and `Database.read()` are the only ways in.
"""

from shared.database.each import ChangeEach
from shared.database.engine import Busy, Database
from shared.database.migrations import append_only, append_only_tables, upgrade
from shared.database.toolbox import create_toolbox, toolbox_of
from shared.database.types import BigId, Exact, Json, UtcDateTime, partial_unique
from shared.database.unit_of_work import UnitOfWork

__all__ = [
    "BigId",
    "Busy",
    "ChangeEach",
    "Database",
    "Exact",
    "Json",
    "UnitOfWork",
    "UtcDateTime",
    "append_only",
    "append_only_tables",
    "create_toolbox",
    "partial_unique",
    "toolbox_of",
    "upgrade",
]
