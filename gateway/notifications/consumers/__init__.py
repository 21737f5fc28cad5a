"""The facts that people are told of, a module for each noun; heard in the worker only.

A module names its facts in TELLINGS, and `gateway/web/notices/<noun>.py` has the words of their kinds.
"""

from __future__ import annotations

from functools import partial

from gateway.notifications import usecases
from gateway.notifications.consumers import appointments, bills, copies, meals, settlements, stays
from gateway.notifications.domain import Telling
from shared.service import Subscription

TELLINGS: dict[str, Telling] = {
    **appointments.TELLINGS,
    **bills.TELLINGS,
    **copies.TELLINGS,
    **meals.TELLINGS,
    **settlements.TELLINGS,
    **stays.TELLINGS,
}
"""By the type of the fact."""

SUBSCRIPTIONS = {
    type_: Subscription(telling.schema, partial(usecases.tell, telling=telling)) for type_, telling in TELLINGS.items()
}
