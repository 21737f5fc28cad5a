"""The demo hospital's accounts and staff, and tokens for those who test it from outside."""

from __future__ import annotations

from gateway.identity.seed.people import DEMO_PASSWORD, DEMO_STAFF, FAMILY_FILE, NEWCOMER, PARENT, seed
from gateway.identity.seed.tokens import demo_tokens

__all__ = ["DEMO_PASSWORD", "DEMO_STAFF", "FAMILY_FILE", "NEWCOMER", "PARENT", "demo_tokens", "seed"]
