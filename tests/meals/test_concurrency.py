"""The same news in several workers at the same moment."""

from __future__ import annotations

import threading
from typing import Any

from shared.database import Database
from tests.meals.hearsay import A, B, hear, known, merged, merges, registered, verified


def test_workers_that_hear_the_same_at_once_agree(database: Database) -> None:
    news = [registered(A), verified(A), registered(B), registered(A), verified(A), registered(B)]
    errors: list[BaseException] = []
    start = threading.Barrier(len(news))

    def listen(fact: tuple[str, dict[str, Any]]) -> None:
        start.wait()
        try:
            hear(database, fact)
            if fact == news[0]:
                hear(database, registered(B), merged(A, B), merged(A, B))
        except BaseException as error:  # noqa: BLE001 - shown by the assertion below
            errors.append(error)

    threads = [threading.Thread(target=listen, args=(fact,)) for fact in news]
    for each in threads:
        each.start()
    for each in threads:
        each.join(30)
    assert errors == []
    assert known(database) == [("100000001", "female", 1980, True), ("100000002", None, None, False)]
    assert merges(database) == [(A, B)]
