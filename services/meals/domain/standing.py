"""The standard meal of a diet: what a patient gets who has chosen nothing, so that nobody goes hungry."""

from __future__ import annotations

from collections.abc import Sequence

from services.meals.domain.dishes import Dish, DishKind
from services.meals.domain.suitability import Need, tray_objections

PLACES = (
    (DishKind.STAPLE,),
    (DishKind.MEAT, DishKind.HALF_MEAT),
    (DishKind.VEGETABLE,),
    (DishKind.SOUP, DishKind.DRINK),
)
"""The places of a tray, in the order in which they are filled."""
FEWEST = 2
"""Where a diet leaves places empty (liquids know only drinks), the tray is filled up to so many dishes."""

Tray = list[tuple[Dish, int]]


def standing_tray(menu: Sequence[Dish], need: Need) -> Tray:
    """One portion for each place of the tray: the first of the menu with which the whole tray is still allowed.

    Empty when nothing may be served: while fasting, without a diet order, or when no dish of the menu fits.
    """
    tray: Tray = []
    if need.npo or need.diet is None:
        return tray
    for kinds in PLACES:
        _add_first(tray, [dish for kind in kinds for dish in menu if dish.kind is kind], need)
    while len(tray) < FEWEST and _add_first(tray, [dish for dish in menu if (dish, 1) not in tray], need):
        pass
    return tray


def _add_first(tray: Tray, dishes: Sequence[Dish], need: Need) -> bool:
    for dish in dishes:
        if not tray_objections([*tray, (dish, 1)], need):
            tray.append((dish, 1))
            return True
    return False
