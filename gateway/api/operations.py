"""What the gateway publishes of the services: the allow-list and the merged document, built by scripts/build-openapi.

The gateway imports no service; a test says when the built files are older than the services.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class PublishedOperation:
    """One operation of a service that the outside may reach. `path` is a template below /v1 of the service."""

    id: str
    service: str
    method: str
    path: str
    roles: frozenset[str]
    formats: Mapping[str, str]
    """Of each member of the path its format (`uuid`, `date`), or nothing."""

    @property
    def is_public(self) -> bool:
        """Whether anybody may ask without a session or token."""
        return "public" in self.roles


@dataclass(frozen=True)
class Published:
    """The allow-list, and the document as it is served."""

    operations: tuple[PublishedOperation, ...]
    document: bytes


def published(folder: Path = _FOLDER) -> Published:
    """Read the built files."""
    listed = json.loads((folder / "operations.json").read_text(encoding="utf-8"))["operations"]
    return Published(tuple(_operation(each) for each in listed), (folder / "openapi.json").read_bytes())


def _operation(entry: dict[str, Any]) -> PublishedOperation:
    return PublishedOperation(
        id=entry["id"],
        service=entry["service"],
        method=entry["method"],
        path=entry["path"],
        roles=frozenset(entry["roles"]),
        formats=entry["formats"],
    )
