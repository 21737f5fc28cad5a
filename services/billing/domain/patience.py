"""How long to wait before a provider is asked again."""

from __future__ import annotations

from datetime import datetime, timedelta


def next_try(now: datetime, tries: int, *, first: int, longest: int) -> datetime:
    """When to try again after `tries` attempts: doubling from `first` seconds up to `longest`."""
    return now + timedelta(seconds=min(longest, first * 2 ** min(20, max(0, tries - 1))))
