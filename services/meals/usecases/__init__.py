"""What people, other services and the clock can ask of meals: one function each."""

from services.meals.usecases import orders
from services.meals.usecases.diets import (
    cancel_npo,
    note_allergy,
    order_diet,
    order_npo,
    withdraw_allergy,
)
from services.meals.usecases.dishes import (
    add_dish,
    change_recipe,
)
from services.meals.usecases.hearsay import (
    note_merged_patient,
    note_patient,
    note_stay,
    note_verified_patient,
)
from services.meals.usecases.menus import (
    make_menus,
    set_menu,
)
from services.meals.usecases.received_orders import (
    dismiss_received_order,
    note_diet_order_received,
    settle_received_order,
)

__all__ = [
    "add_dish",
    "cancel_npo",
    "change_recipe",
    "dismiss_received_order",
    "make_menus",
    "note_allergy",
    "note_diet_order_received",
    "note_merged_patient",
    "note_patient",
    "note_stay",
    "note_verified_patient",
    "order_diet",
    "order_npo",
    "orders",
    "set_menu",
    "settle_received_order",
    "withdraw_allergy",
]
