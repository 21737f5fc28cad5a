"""The front desk: finding, registering and verifying patients, and everything they come to the window for."""

from __future__ import annotations

from gateway.web.front_desk.booking import pages as booking
from gateway.web.front_desk.finding import pages as finding
from gateway.web.front_desk.money import pages as money
from gateway.web.front_desk.patients import pages as patients
from gateway.web.front_desk.registering import pages as registering
from gateway.web.front_desk.verifying import pages as verifying
from gateway.web.front_desk.visits import pages as visits
from gateway.web.front_desk.words import FILTERS

for _name, _filter in FILTERS.items():
    finding.add_app_template_filter(_filter, _name)

BLUEPRINTS = (finding, patients, registering, verifying, booking, visits, money)
