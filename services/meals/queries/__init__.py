"""What meals tells: patients and stays, diets, dishes and menus."""

from services.meals.queries.diets import (
    DIET_READERS,
    WARD,
    diet_manual,
    diet_of_stay,
    diets_of_ward,
    orders_received,
    received_order,
    stay_for,
)
from services.meals.queries.dishes import (
    KITCHEN,
    assess_recipe,
    list_dishes,
    list_ingredients,
    list_menus,
    show_dish,
)
from services.meals.queries.wards import (
    CLINICAL,
    STAFF,
    get_patient,
    list_inpatients,
)

__all__ = [
    "CLINICAL",
    "DIET_READERS",
    "KITCHEN",
    "STAFF",
    "WARD",
    "assess_recipe",
    "diet_manual",
    "diet_of_stay",
    "diets_of_ward",
    "get_patient",
    "list_dishes",
    "list_ingredients",
    "list_inpatients",
    "list_menus",
    "orders_received",
    "received_order",
    "show_dish",
    "stay_for",
]
