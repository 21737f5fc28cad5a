"""The records service, its database, and persons to register."""

from __future__ import annotations

import pytest

from services.records.app import SERVICE
from shared.service import Service


@pytest.fixture(scope="session")
def service() -> Service:
    return SERVICE
