"""The billing service for its tests."""

from __future__ import annotations

import pytest

from services.billing.app import SERVICE
from shared.service import Service


@pytest.fixture(scope="session")
def service() -> Service:
    """Billing."""
    return SERVICE
