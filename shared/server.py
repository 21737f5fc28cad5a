"""gunicorn with gevent workers for every HTTP door; slow clients do not stop it."""

from __future__ import annotations

import os
import sys

from shared.settings import Settings


def serve(name: str, settings: Settings) -> int:
    """Become the web server of a service, the gateway or a simulator; returns only if it cannot be started."""
    arguments = [
        sys.executable,
        "-m",
        "gunicorn",
        f"shared.wsgi:make('{name}')",
        "--bind",
        f"{settings.host}:{settings.ports[name]}",
        "--worker-class",
        "gevent",
        "--workers",
        str(settings.web_processes),
        "--worker-connections",
        "500",
        "--timeout",
        "30",
        "--graceful-timeout",
        "8",
        "--keep-alive",
        "75",
        "--no-control-socket",
        "--log-level",
        "warning",
        "--name",
        f"anxin-{name}",
    ]
    os.execv(arguments[0], arguments)  # noqa: S606 (our own interpreter and arguments)
