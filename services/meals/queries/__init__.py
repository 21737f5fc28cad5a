"""What meals tells: the patients it knows, and who lies where."""

from services.meals.queries.wards import CLINICAL, STAFF, get_patient, list_inpatients

__all__ = ["CLINICAL", "STAFF", "get_patient", "list_inpatients"]
