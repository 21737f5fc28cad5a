"""The steps of the demo day in their order. A part of the hospital adds a module beside this one and a line here.

A step does its work through `day.clients` as the role that would do it, and gives each POST a key of `day.key(...)`:
cut off anywhere and run again, it goes on where it was.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from gateway.demo_day import diets, insurance
from gateway.demo_day.day import DemoDay


@dataclass(frozen=True)
class Step:
    """One part of the day. `daily`: done once on each hospital day on which the hospital is started."""

    name: str
    do: Callable[[DemoDay], None]
    daily: bool = False


STEPS: tuple[Step, ...] = (
    Step("insurance", insurance.enter_insurances),
    Step("diets", diets.order_diets),
)
"""Charges and deposits, then diets, then meals: who needs what comes after it."""
