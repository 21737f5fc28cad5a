"""The blueprint on which every module of this folder declares its operations."""

from __future__ import annotations

from shared.operations import Blueprint

blueprint = Blueprint(
    "records", "Patients: who they are, who looked at them, in which bed they lie, and copies of their records."
)
