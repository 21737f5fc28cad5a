"""What a service is made of, as its composition root (`app.py`) declares it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shared.actor import Actor
from shared.database import Database
from shared.database.toolbox import Toolbox
from shared.jobs import Job
from shared.timers import IntentTimer, Timer

if TYPE_CHECKING:
    from marshmallow import Schema

    from shared.settings import Settings


@dataclass(frozen=True)
class Heard:
    """One fact as a list use case gets it: what the schema loaded, and the system actor with the request id."""

    data: dict[str, Any]
    actor: Actor


@dataclass(frozen=True)
class Subscription:
    """A consumer door: the tolerant schema of what it reads, and the use case `f(uow, *, data, actor, now)`.

    `data` is what the schema loaded; the use case raises NotYet for a thing it has not heard of yet. With `together` it
    is a list use case, `f(uow, *, requests: list[Heard], now)`, for facts that come in crowds: it gets up to 100 at
    once; when it raises, all is undone and each comes again in a list of one.
    """

    schema: type[Schema]
    use_case: Callable[..., Any]
    together: bool = False


@dataclass(frozen=True)
class Service:
    """A service: its name is its queue, its database and the first word of its events."""

    name: str
    toolbox: Toolbox
    migrations: Path
    blueprints: Sequence[Any] = ()
    subscriptions: Mapping[str, Subscription] = field(default_factory=dict)
    timers: Sequence[Timer | IntentTimer] = ()
    jobs: Mapping[str, Job] = field(default_factory=dict)
    """How each kind of long work goes on, by its name."""
    seed: Callable[..., None] | None = None
    """`seed(door, settings)`: demo data through the use cases, idempotent."""
    outside: Callable[[Settings], Any] | None = None
    """Makes the providers of the outside world for `IntentTimer.call` and `Job.make`."""
    title: str = ""

    def open_database(self, settings: Settings) -> Database:
        """The service's own database."""
        return Database(settings.database_url(self.name), self.toolbox)
