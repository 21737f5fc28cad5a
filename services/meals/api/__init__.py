"""The HTTP door of meals: a module for each noun, imported here so that it declares its operations."""

from services.meals.api import diets, dishes, orders, production, received_orders, wards
from services.meals.api.blueprint import blueprint

__all__ = ["blueprint", "diets", "dishes", "orders", "production", "received_orders", "wards"]
