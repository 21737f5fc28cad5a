"""Meals hears of patients: in any order, more than once, and always with the same end."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from marshmallow import ValidationError

from services.meals.consumers import SUBSCRIPTIONS
from shared.database import Database
from shared.errors import NotYet
from tests.meals.hearsay import A, B, C, golden, hear, known, merged, merges, registered, verified


def test_members_that_are_added_later_are_passed_over(database: Database) -> None:
    for type_ in SUBSCRIPTIONS:
        hear(database, (type_, {**golden(type_)["data"], "added_later": 1}))
    assert len(known(database)) == 2


def test_the_golden_examples_end_up_in_the_replica(database: Database) -> None:
    facts = ["records.patient_registered.v1", "records.patient_verified.v1", "records.patient_merged.v1"]
    hear(database, *((type_, golden(type_)["data"]) for type_ in facts))
    assert known(database) == [("100000016", "male", 1956, True), ("100000024", "female", 1983, True)]
    one, other = (golden(type_)["data"]["patient_id"] for type_ in facts[:2])
    assert merges(database) == [(other, one)]


def test_a_patient_who_was_registered_is_known(database: Database) -> None:
    hear(database, registered(A, verified=True, sex="male", birth_on="1956-03-08"))
    assert known(database) == [("100000001", "male", 1956, True)]


ORDERS = list(itertools.permutations([registered(A), verified(A), registered(A)]))


@pytest.mark.parametrize("order", ORDERS)
def test_news_of_a_document_counts_whatever_comes_first(
    database: Database, order: tuple[tuple[str, dict[str, Any]], ...]
) -> None:
    hear(database, *order, *order)
    assert known(database) == [("100000001", "female", 1980, True)]


def test_a_merge_waits_until_both_records_are_known(database: Database) -> None:
    for heard in ((), (registered(A),)):
        hear(database, *heard)
        with pytest.raises(NotYet):
            hear(database, merged(A, B))
        assert merges(database) == []
    hear(database, registered(B), merged(A, B), merged(A, B))
    assert merges(database) == [(A, B)]


def test_merges_may_come_before_the_news_of_documents(database: Database) -> None:
    hear(database, registered(A), registered(B), registered(C), merged(A, B), merged(C, B), verified(A))
    assert merges(database) == [(A, B), (C, B)]
    assert known(database)[0] == ("100000001", "female", 1980, True)


@pytest.mark.parametrize(
    ("type_", "data"),
    [
        ("records.patient_registered.v1", {}),
        ("records.patient_registered.v1", {**registered(A)[1], "patient_id": "7"}),
        ("records.patient_registered.v1", {**registered(A)[1], "verified": None}),
        ("records.patient_verified.v1", {**verified(A)[1], "birth_on": "yesterday"}),
        ("records.patient_merged.v1", {"patient_id": A}),
    ],
)
def test_a_fact_that_cannot_be_read_changes_nothing(database: Database, type_: str, data: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        hear(database, (type_, data))
    assert known(database) == []
