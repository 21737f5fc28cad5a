"""Ward meals: ordering on the phone, the canteen's desk, the round to the beds."""

from __future__ import annotations

from gateway.web.meals.beds import pages as beds
from gateway.web.meals.canteen import pages as canteen
from gateway.web.meals.labels import pages as labels
from gateway.web.meals.phone import pages as phone
from gateway.web.meals.round import pages as round_
from gateway.web.meals.ward import pages as ward
from gateway.web.meals.words import FILTERS

for _name, _filter in FILTERS.items():
    phone.add_app_template_filter(_filter, _name)

BLUEPRINTS = (phone, beds, canteen, labels, round_, ward)
