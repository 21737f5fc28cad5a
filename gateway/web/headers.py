"""Static files with the hash of their content in their address, and the headers that keep pages safe.

The content policy allows no inline script or style at all: pages hold neither.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from flask import Flask, Response, request
from flask import current_app as app_now

PACKED = {".css", ".js", ".svg"}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "manifest-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}


@lru_cache(maxsize=256)
def _mark(path: Path, _changed: int) -> str:
    """A short hash of the content; `_changed` (ns) makes an edited file a new key."""
    return sha256(path.read_bytes()).hexdigest()[:12]


@lru_cache(maxsize=64)
def _packed(path: Path, _changed: int) -> bytes:
    return gzip.compress(path.read_bytes(), mtime=0)


def _static(name: str) -> Path:
    return Path(app_now.static_folder or "") / name


def asset_exists(name: str) -> bool:
    """Whether a fetched file is there: the pages work without it."""
    return _static(name).is_file()


def asset(name: str) -> str:
    """The address of a static file; it changes with the content, so that a browser may keep it for a year."""
    path = _static(name)
    return f"{app_now.static_url_path}/{name}?v={_mark(path, path.stat().st_mtime_ns)}"


def _prepare_static(response: Response) -> None:
    name = (request.view_args or {}).get("filename", "")
    path = _static(name)
    kept = "public, max-age=31536000, immutable" if "v" in request.args else "public, no-cache"
    response.headers["Cache-Control"] = kept
    if path.suffix not in PACKED:
        return
    response.headers["Vary"] = "Accept-Encoding"
    if response.status_code == 200 and "gzip" in request.headers.get("Accept-Encoding", ""):  # noqa: PLR2004
        changed = path.stat().st_mtime_ns
        response.direct_passthrough = False
        response.close()
        response.set_data(_packed(path, changed))
        response.headers["Content-Encoding"] = "gzip"
        response.set_etag(_mark(path, changed) + "-gzip")


def init_headers(app: Flask, form_targets: Iterable[str] = ()) -> None:
    """Put the security headers on every answer; pages are never kept by a cache, static files for long."""
    policy = " ".join([POLICY, *form_targets])

    @app.after_request
    def protect(response: Response) -> Response:
        response.headers.setdefault("Content-Security-Policy", policy)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if request.is_secure:
            response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        if request.endpoint == "static":
            _prepare_static(response)
        else:
            response.headers.setdefault("Cache-Control", "no-store")
        return response
