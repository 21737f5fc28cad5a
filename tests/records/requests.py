"""What the tests of records' HTTP door send, and as whom."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from shared.actor import Actor
from tests.records.people import WANG_NUMBER
from tests.support.callers import Caller

AsCaller = Callable[[Actor], Caller]

on_sqlite = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
"""For what is decided before the database is asked, or by the same query on both."""

WANG = {"name": "王建国", "document_type": "01", "document_number": WANG_NUMBER, "phone": "19900000001"}
DUCK = {"document_type": "03", "document_number": "GB1234567", "birth_on": "1972-02-27"}
CHILD = {
    "name": "王小宝",
    "birth_on": "2024-05-06",
    "sex": "male",
    "guardian": {"name": "王建国", "document_type": "01", "document_number": WANG_NUMBER, "phone": "19900000001"},
}
AUDITOR = Actor(subject="staff:audit", roles=("auditor",))
NURSE = Actor(subject="staff:nurse", roles=("nurse",))
CANTEEN = Actor(subject="staff:canteen", roles=("canteen",))
