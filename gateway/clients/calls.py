"""What the clients share: paths made of quoted parts, so that nothing in a page's address can lead a call elsewhere."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from shared.actor import Actor
from shared.client import ServiceClient
from shared.errors import NotFound

Document = dict[str, Any]


class Calls:
    """Calls to one service. Raises ServiceProblem, ServiceUnreachable, and NotFound for what cannot be a name."""

    def __init__(self, service: ServiceClient) -> None:
        self._service = service

    def _get(self, actor: Actor, *path: object, **query: Any) -> Document:
        document: Document = self._service.get(path_of(*path), actor, **query)
        return document

    def _items(self, actor: Actor, *path: object, **query: Any) -> list[Document]:
        items: list[Document] = self._get(actor, *path, **query)["items"]
        return items

    def _post(self, actor: Actor, *path: object, key: str, **body: Any) -> Document:
        given = {name: value for name, value in body.items() if value is not None}
        document: Document = self._service.post(path_of(*path), actor, key=key, **given)
        return document


def path_of(*parts: object) -> str:
    """A path below /v1. Raises NotFound for a part that is empty or would climb."""
    texts = [str(part) for part in parts]
    if any(text in {"", ".", ".."} for text in texts):
        raise NotFound
    return "/".join(["/v1", *(quote(text, safe="") for text in texts)])
