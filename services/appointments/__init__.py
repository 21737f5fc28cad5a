"""Appointments: departments, practitioners, their sessions, and the places that patients book in them."""
