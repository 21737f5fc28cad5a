"""The meals service for its tests."""

from __future__ import annotations

import pytest

from services.meals.app import SERVICE
from shared.service import Service


@pytest.fixture(scope="session")
def service() -> Service:
    """Meals."""
    return SERVICE
