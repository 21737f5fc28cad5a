"""The blueprint on which every module of this folder declares its operations."""

from __future__ import annotations

from shared.operations import Blueprint

blueprint = Blueprint("meals", "Ward meals. So far: the patients that meals knows, and who lies where.")
