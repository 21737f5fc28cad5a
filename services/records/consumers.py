"""Records listens to nobody so far: it is where persons begin."""

from __future__ import annotations

from collections.abc import Mapping

from shared.service import Subscription

SUBSCRIPTIONS: Mapping[str, Subscription] = {}
