"""What people, other services and the clock can ask of meals: one function each."""

from services.meals.usecases import orders
from services.meals.usecases.hearsay import note_merged_patient, note_patient, note_stay, note_verified_patient
from services.meals.usecases.menus import make_menus, set_menu

__all__ = [
    "make_menus",
    "note_merged_patient",
    "note_patient",
    "note_stay",
    "note_verified_patient",
    "orders",
    "set_menu",
]
