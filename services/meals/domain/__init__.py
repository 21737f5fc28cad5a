"""The rules of meals, without a database."""

from services.meals.domain.wards import EATS_IN_WARD, surviving

__all__ = ["EATS_IN_WARD", "surviving"]
