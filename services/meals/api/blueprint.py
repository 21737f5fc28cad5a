"""The blueprint on which every module of this folder declares its operations."""

from __future__ import annotations

from shared.operations import Blueprint

blueprint = Blueprint("meals", "Ward meals: who lies where, what each may eat, dishes and menus.")
