"""The seal of this installation, for numbers, addresses and photos."""

from __future__ import annotations

from flask import current_app

from shared.sealing import Sealer
from shared.settings import Settings


def document_sealer() -> Sealer:
    """Seals under the document key of this process's settings."""
    settings: Settings = current_app.extensions["anxin.settings"]
    return Sealer(settings.secrets["document_key"])
