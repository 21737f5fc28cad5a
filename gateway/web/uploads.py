"""Photos on their way through the gateway: larger than other bodies, held in memory and never written to a disk."""

from __future__ import annotations

import io
from http import HTTPStatus
from typing import IO, cast

from flask import Flask, Request, Response, request

MOST_BYTES = 11 * 1024**2
"""A photo of at most 10 MB, and the form around it."""
_UPLOADS: set[str] = {"api.records.keep_copy_paper"}


def takes_photos(endpoint: str) -> None:
    """Name an endpoint whose forms carry a photo."""
    _UPLOADS.add(endpoint)


class PhotoRequest(Request):
    """A request whose files stay in memory: a photo of somebody's document has no business in a temporary folder."""

    def _get_file_stream(
        self,
        total_content_length: int | None,  # noqa: ARG002 (the library's own arguments)
        content_type: str | None,  # noqa: ARG002
        filename: str | None = None,  # noqa: ARG002
        content_length: int | None = None,  # noqa: ARG002
    ) -> IO[bytes]:
        return io.BytesIO()


def init_uploads(app: Flask) -> None:
    """Let forms with a photo be larger than others. Before the guard of forms, which reads them."""
    app.request_class = PhotoRequest

    @app.before_request
    def widen() -> None:
        if request.endpoint in _UPLOADS:
            request.max_content_length = MOST_BYTES


def picture_answer(content: bytes) -> Response:
    """A picture that no browser keeps, opens as anything else, or lets another page use."""
    response = Response(content, status=HTTPStatus.OK, content_type="image/jpeg")
    response.headers["Cache-Control"] = "no-store, private, max-age=0"
    response.headers["Pragma"] = "no-cache"
    response.headers["Content-Disposition"] = 'inline; filename="photo.jpg"'
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox; frame-ancestors 'none'"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def sent_photo(*names: str) -> bytes:
    """The first picture that was chosen in one of these fields; empty when none was."""
    for name in names:
        file = request.files.get(name)
        if file is not None and file.filename:
            return cast("bytes", file.read())
    return b""
