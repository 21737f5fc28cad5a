"""The nurse's tablet: wards, beds, and everything that is done at a stay."""

from __future__ import annotations

from gateway.web.ward.admitting import pages as admitting
from gateway.web.ward.diet import pages as diet
from gateway.web.ward.moving import pages as moving
from gateway.web.ward.person import pages as person
from gateway.web.ward.settlement import pages as settlement
from gateway.web.ward.stays import pages as stays
from gateway.web.ward.wards import pages as wards

BLUEPRINTS = (wards, admitting, stays, moving, diet, settlement, person)
