"""Structured logs on standard error: JSON in production, readable in the demo, ids only, never personal data."""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

_PLAIN = "%(asctime)s %(name)s %(levelname)s %(message)s"
_NEVER = frozenset(
    {"name", "phone", "document_number", "id_number", "token", "code", "password", "secret", "address", "body"}
)


def drop_personal_data(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Blank whatever member might tell who somebody is, should it ever be logged by mistake."""
    for key in _NEVER & event.keys():
        event[key] = "[left out]"
    return event


def configure(process: str, *, as_json: bool) -> None:
    """Set up logging for a process; standard-library logs go the same way."""
    processors: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        drop_personal_data,
        structlog.processors.format_exc_info,
        structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer(colors=False),
    ]
    structlog.configure(
        processors=processors,
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(process=process)
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format=_PLAIN)


def logger() -> Any:
    """The process's logger: `logger().info("what happened", appointment_id=...)`."""
    return structlog.get_logger()
