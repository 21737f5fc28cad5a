"""What gunicorn's workers load, after the fork: databases and connections belong to one process each."""

from __future__ import annotations

import importlib
from typing import Any

from shared import logs
from shared.cli import load
from shared.settings import SIMULATORS, Settings
from shared.web import create_app


def make(name: str) -> Any:
    """The Flask application of a process by its name."""
    settings = Settings.from_environment()
    logs.configure(name, as_json=not settings.is_demo)
    if name == "gateway":
        return importlib.import_module("gateway.app").create_app(settings)
    if name in SIMULATORS:
        return importlib.import_module(f"simulators.{name}.app").create_app(settings)
    return create_app(load(name), settings)
