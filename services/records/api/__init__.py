"""The HTTP door of records: a module for each noun, imported here so that it declares its operations."""

from services.records.api import copies, packets, patients, shipments, stays
from services.records.api.blueprint import blueprint

__all__ = ["blueprint", "copies", "packets", "patients", "shipments", "stays"]
