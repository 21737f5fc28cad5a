"""The files of a service import only what their place allows."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.architecture.imports import foreign_imports

ROOT = Path(__file__).resolve().parents[2]


def test_every_file_imports_only_what_its_place_allows() -> None:
    violations = foreign_imports(ROOT)
    if violations:
        pytest.fail("\n".join(violations), pytrace=False)


@pytest.mark.parametrize(
    ("path", "line", "name"),
    [
        (
            "services/billing/events.py",
            "from services.billing.domain import Invoice",
            "services.billing.domain.Invoice",
        ),
        ("services/billing/domain.py", "import sqlalchemy as sa", "sqlalchemy"),
        ("services/billing/domain.py", "from services.billing import store", "services.billing.store"),
        ("services/billing/domain/invoice.py", "from shared.database import Database", "shared.database.Database"),
        ("services/meals/domain.py", "import urllib.request", "urllib.request"),
        (
            "services/meals/usecases.py",
            "from services.billing.domain import Invoice",
            "services.billing.domain.Invoice",
        ),
        ("services/meals/usecases.py", "from services.meals import queries", "services.meals.queries"),
        ("services/meals/usecases.py", "import requests", "requests"),
        ("services/meals/usecases.py", "from shared.door import Door", "shared.door.Door"),
        ("services/meals/schemas.py", "from sqlalchemy import Table", "sqlalchemy.Table"),
    ],
)
def test_a_planted_import_is_found(path: str, line: str, name: str, tmp_path: Path) -> None:
    planted = tmp_path / path
    planted.parent.mkdir(parents=True)
    planted.write_text(f"{line}\n", encoding="utf-8")
    assert foreign_imports(tmp_path) == [f"{path}:1: {name}"]


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("services/billing/events.py", "from shared.events import fact"),
        ("services/billing/domain.py", "from services.billing.events import InvoicePaid"),
        ("services/billing/domain.py", "from services.billing import events"),
        ("services/billing/domain/invoice.py", "from services.billing.domain.ledger import Posting"),
        ("services/billing/usecases.py", "from services.billing import domain, events, store"),
        ("services/billing/usecases.py", "from datetime import datetime, timedelta"),
        ("services/billing/schemas.py", "from marshmallow import Schema, fields"),
    ],
)
def test_an_allowed_import_is_no_violation(path: str, line: str, tmp_path: Path) -> None:
    allowed = tmp_path / path
    allowed.parent.mkdir(parents=True)
    allowed.write_text(f"{line}\n", encoding="utf-8")
    assert foreign_imports(tmp_path) == []
