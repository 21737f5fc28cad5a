"""Where a record goes on."""

from __future__ import annotations

import pytest

from services.meals.domain import surviving


@pytest.mark.parametrize(
    ("start", "merged_into", "end"),
    [
        ("a", {}, "a"),
        ("a", {"a": "b"}, "b"),
        ("a", {"a": "b", "b": "c"}, "c"),
        ("b", {"a": "b"}, "b"),
        ("a", {"a": "b", "b": "a"}, "b"),
        ("a", {"a": "a"}, "a"),
    ],
)
def test_merges_are_followed_to_their_end(start: str, merged_into: dict[str, str], end: str) -> None:
    assert surviving(start, merged_into) == end
