"""The patient's mobile web: one module for each thing a person does, each with its own blueprint."""

from __future__ import annotations

from gateway.web.patient import (
    bills,
    booking,
    copies,
    copy_drafts,
    copy_papers,
    family,
    home,
    log_in,
    messages,
    payment,
    settings,
    settlement,
    stays,
    visits,
)
from gateway.web.patient.words import FILTERS

for _name, _filter in FILTERS.items():
    home.pages.add_app_template_filter(_filter, _name)

BLUEPRINTS = (
    *(log_in.pages, home.pages, booking.pages, visits.pages),
    *(stays.pages, settlement.pages),
    *(copies.pages, copy_drafts.pages, copy_papers.pages),
    *(bills.pages, payment.pages, family.pages, messages.pages, settings.pages),
)
