"""The gateway's one database: identity and notifications keep their tables here, beside the toolbox's own."""

from __future__ import annotations

import sqlalchemy as sa

from shared.database import toolbox_of

metadata = sa.MetaData()
toolbox = toolbox_of(metadata)
