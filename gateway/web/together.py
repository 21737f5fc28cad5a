"""Asking several services at the same time for one page, with a deadline: who is silent is left out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Generic, TypeVar

from flask import copy_current_request_context, g

from gateway.web.patient.asking import Answer, ask
from shared.logs import logger

T = TypeVar("T")
LONGEST_SECONDS = 2.0
"""How long a page waits for its parts; what is later is not waited for."""
_POOL = ThreadPoolExecutor(max_workers=256, thread_name_prefix="asking")
"""Under gevent these are greenlets: waiting for an answer costs nothing."""


@dataclass(frozen=True)
class Questions(Generic[T]):
    """Calls that are under way, by name."""

    running: Mapping[str, Future[Answer[T]]]
    otherwise: T

    def answers(self, *, seconds: float = LONGEST_SECONDS) -> dict[str, Answer[T]]:
        """The answers; `otherwise` with a problem for each that failed or did not come in time."""
        wait(self.running.values(), timeout=seconds)
        return {name: self._answer(name, future) for name, future in self.running.items()}

    def _answer(self, name: str, future: Future[Answer[T]]) -> Answer[T]:
        if not future.done():
            future.cancel()
            return Answer(self.otherwise, "service_silent")
        error = future.exception()
        if error is None:
            return future.result()
        logger().warning("a part of a page failed", part=name, error=type(error).__name__)
        return Answer(self.otherwise, "service_failed")


def begin(calls: Mapping[str, Callable[[], T]], otherwise: T) -> Questions[T]:
    """Start these calls beside each other; each sees this request, its actor and its language."""
    return Questions({name: _POOL.submit(_in_request(call, otherwise)) for name, call in calls.items()}, otherwise)


def ask_all(
    calls: Mapping[str, Callable[[], T]], otherwise: T, *, seconds: float = LONGEST_SECONDS
) -> dict[str, Answer[T]]:
    """Start these calls beside each other and wait for their answers."""
    return begin(calls, otherwise).answers(seconds=seconds)


def _in_request(call: Callable[[], T], otherwise: T) -> Callable[[], Answer[T]]:
    known = {name: g.get(name) for name in g}

    @copy_current_request_context
    def run() -> Answer[T]:
        for name, value in known.items():
            setattr(g, name, value)
        return ask(call, otherwise)

    return run
