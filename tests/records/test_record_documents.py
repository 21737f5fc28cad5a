"""Documents of a record in the demo store, and the codes by which a packet is checked."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from services.records.domain.copies import CopyRequest
from services.records.domain.copy_parts import PARTS, STAY_KINDS
from services.records.domain.packet import (
    PacketNotOurs,
    mask_name,
    new_code,
    read_code,
    spaced,
)
from services.records.domain.record_documents import MOST_PAGES, documents_of
from services.records.providers.documents import SyntheticDocuments
from services.records.usecases import packet_making
from shared import jobs
from shared.door import Door
from shared.pdf import count_pages
from tests.records.copying import approved, father_and_son, stay_of
from tests.records.packing import (
    packet_of,
)
from tests.support.callers import patient


@pytest.fixture
def request_(door: Door) -> CopyRequest:
    """An approved request of Wang Jianguo for his own record."""
    father, _ = father_and_son(door)
    return approved(door, patient(father.id), stay_of(door, father.id))


@pytest.mark.parametrize("kind", STAY_KINDS.values(), ids=lambda kind: kind.code)
def test_a_record_has_the_pages_of_its_kind_of_stay(kind: Any) -> None:
    for number in range(20):
        documents = documents_of(UUID(int=number), kind, PARTS)
        assert documents == documents_of(UUID(int=number), kind, PARTS)
        total = sum(each.pages for each in documents)
        assert kind.pages[0] * 0.75 <= total <= kind.pages[1] + len(PARTS)
        assert max(each.pages for each in documents) <= MOST_PAGES
    assert {each.part for each in documents} == {each.code for each in PARTS}


def test_the_store_gives_the_same_bytes_for_the_same_document(door: Door, request_: CopyRequest) -> None:
    with door.database.read() as uow:
        stay, documents = packet_making._documents(uow, uow.session.get_one(CopyRequest, request_.id))
    for document in documents:
        pdf = SyntheticDocuments().fetch(stay, document)
        assert pdf == SyntheticDocuments().fetch(stay, document)
        assert count_pages(pdf) == document.pages


def test_a_code_is_long_random_and_read_as_people_write_it() -> None:
    code = new_code()
    assert (len(code), len({new_code() for _ in range(100)})) == (20, 100)
    assert read_code(f" {spaced(code).lower()} ") == code
    assert read_code("O1I1-L111-1111-1111-1111") == "01111111111111111111"


@pytest.mark.parametrize(
    "text", ["", "ABCD", "U" * 20, "0" * 21, "示" * 20], ids=["empty", "short", "letter", "long", "zh"]
)
def test_what_is_no_code_is_not_ours(text: str) -> None:
    with pytest.raises(PacketNotOurs):
        read_code(text)


def test_names_are_masked() -> None:
    assert [mask_name(each) for each in ("王建国", "Maria Schmidt", None, "李")] == ["王**", "M***", "*", "李"]


def test_one_job_for_one_packet(door: Door, request_: CopyRequest) -> None:
    table = door.database.toolbox.jobs
    with door.database.read() as uow:
        [row] = uow.session.execute(sa.select(table.c.id, table.c.arguments)).all()
    packet = packet_of(door, request_)
    assert row.id == jobs.job_id("records.packet", str(packet.id))
    assert row.arguments == {"packet_id": str(packet.id)}
    assert packet.started_at - door.clock() == timedelta(0)
