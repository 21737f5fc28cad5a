"""Password hashes (argon2id, 19 MiB, two passes, one lane), made where they do not stop other people's requests."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from gevent import get_hub, monkey

T = TypeVar("T")

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def hash_password(password: str) -> str:
    """A hash with its own salt, as it is kept."""
    return _aside(lambda: _hasher.hash(password))


def is_right(password: str, kept: str | None) -> bool:
    """Whether a password belongs to a hash. Without one the same time is spent: nobody learns which names exist."""

    def check() -> bool:
        try:
            _hasher.verify(kept or _of_nobody(), password)
        except (Argon2Error, InvalidHashError):
            return False
        return kept is not None

    return _aside(check)


@lru_cache(maxsize=1)
def _of_nobody() -> str:
    return _hasher.hash("of nobody")


def _aside(work: Callable[[], T]) -> T:
    """In a real thread when this process serves with greenlets: 35 ms of work would stop them all."""
    if not monkey.is_module_patched("threading"):
        return work()
    result: T = get_hub().threadpool.apply(work)
    return result
