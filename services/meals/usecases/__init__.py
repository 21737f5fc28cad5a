"""What people, other services and the clock can ask of meals: one function each."""

from services.meals.usecases.hearsay import note_merged_patient, note_patient, note_stay, note_verified_patient

__all__ = ["note_merged_patient", "note_patient", "note_stay", "note_verified_patient"]
