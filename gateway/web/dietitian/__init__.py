"""The dietitian's desk: dishes and their grams, the week's menu, diet orders that no program understood."""

from __future__ import annotations

from gateway.web.dietitian.dishes import pages as dishes
from gateway.web.dietitian.menus import pages as menus
from gateway.web.dietitian.orders import pages as orders

BLUEPRINTS = (dishes, menus, orders)
