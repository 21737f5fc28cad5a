"""A packet: made step by step from the documents of a stay, numbered, stamped, sealed, measured, printed, forgotten."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest

from services.records.domain import Patient
from services.records.domain.copies import CopyRequest, CopyState
from services.records.domain.copy_parts import parts_of
from services.records.domain.packet import (
    PacketNotReady,
    spaced,
)
from services.records.store import packets
from services.records.usecases import copies, packet_release
from shared.database import Database
from shared.door import Door
from shared.jobs import LEASE, NoFailedJob
from shared.pdf import count_pages
from shared.sealing import SealBroken, SealedContent
from tests.records import copying
from tests.records.copying import OFFICER, approved, by_office, father_and_son, now_of, pay, stay_of
from tests.records.copying import PARTS as CHOSEN
from tests.records.packing import (
    QuickPress,
    content_of,
    disclosed,
    job_of,
    make_packet,
    packet_of,
    pages_of,
    press,
    rows,
    runner,
)
from tests.records.people import SEALER, do
from tests.support.callers import patient
from tests.support.clock import StandingClock
from tests.support.crashes import CallCounter, Crash, crash_points, watched


@pytest.fixture
def request_(door: Door) -> CopyRequest:
    """An approved request of Wang Jianguo for his own record, to be picked up."""
    father, _ = father_and_son(door)
    return approved(door, patient(father.id), stay_of(door, father.id))


def for_his_father(door: Door) -> tuple[Patient, CopyRequest]:
    """Whose record it is, and the approved request of the son who acts for him."""
    father, son = father_and_son(door)
    stay = stay_of(door, father.id)
    sons = [patient(each.id, account="account:son") for each in (father, son)]
    return father, approved(door, sons[0], stay, agent=sons[1])


def test_an_approved_request_gets_a_packet_step_by_step(door: Door, request_: CopyRequest) -> None:
    working = runner(door.database, door.clock)
    packet = packet_of(door, request_)
    seen = [job_of(door, packet)]
    while working.step():
        seen.append(job_of(door, packet))
    number = len(CHOSEN)
    assert [each["done"] for each in seen] == list(range(2 * number + 2))
    assert {each["state"] for each in seen[1:-1]} == {"running"}
    assert (seen[-1]["state"], seen[-1]["total"]) == ("done", 2 * number + 1)
    packet = packet_of(door, request_)
    document = content_of(packet)
    assert packet.fingerprint == hashlib.sha256(document).hexdigest()
    assert packet.size == len(document)
    assert packet.pages == count_pages(document) - 1
    assert seen[-1]["result"] == {"pages": packet.pages}
    assert rows(door, packets.packet_sheets) == []


def test_the_packet_is_what_was_asked_for_on_paper(door: Door, request_: CopyRequest) -> None:
    make_packet(door)
    packet = packet_of(door, request_)
    cover, *pages = pages_of(content_of(packet))
    for words in ("病 历 复 印 件", "示范市人民医院", "王建国（本人）", request_.number, spaced(packet.code), "1 份"):
        assert words in cover, words
    assert f"每份 {packet.pages} 页" in cover
    for number, page in enumerate(pages, 1):
        assert f"第{number}页/共{len(pages)}页" in page
        assert page.count("病历复印专用章") == 2  # the stamp, and the slice of the seal across the seam
        assert "2026-11-23" in page
    titles = [each.zh for each in parts_of(CHOSEN)]
    firsts = [next(n for n, page in enumerate(pages) if title in page) for title in titles]
    assert firsts == sorted(firsts)


def test_the_real_pages_settle_the_price(door: Door, request_: CopyRequest) -> None:
    make_packet(door)
    moved, packet = now_of(door, request_), packet_of(door, request_)
    assert moved.state == CopyState.READY
    assert moved.pages == packet.pages
    assert moved.final_fen == (packet.pages or 0) * 50


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_killed_worker_repeats_nothing_and_loses_nothing(
    door: Door, database: Database, clock: StandingClock, monkeypatch: pytest.MonkeyPatch, backend: str
) -> None:
    """At every statement from the first step to the last the process dies; another worker goes on where it was."""
    monkeypatch.setattr(copying, "PARTS", ["DISCHARGE"])
    father, _ = father_and_son(door)
    request = approved(door, patient(father.id), stay_of(door, father.id))
    database.close()
    file = Path(str(database.url.database))
    before = file.read_bytes()
    with watched(CallCounter(), database) as counter:
        assert _run(door) == 3
    for at, after in crash_points(counter.calls):
        database.close()
        file.write_bytes(before)
        with pytest.raises(Crash), watched(CallCounter(at, after=after), database):
            _run(door)
        database.close()
        clock.advance(seconds=LEASE.total_seconds())
        _run(door)
        moved, packet = now_of(door, request), packet_of(door, request)
        assert (moved.state, moved.pages, packet.pages) == (CopyState.READY, 2, 2), (at, after)
        assert packet.fingerprint == hashlib.sha256(str(packet.id).encode()).hexdigest()
        assert rows(door, packets.packet_sheets) == []
        assert [step.act for step in moved.steps].count("measure_covered") == 1


def _run(door: Door) -> int:
    working, steps = runner(door.database, door.clock, press=QuickPress()), 0
    while working.step():
        steps += 1
    return steps


def _end(door: Door, request: CopyRequest) -> None:
    by_office(door, copies.picked_up, request)


def test_a_request_that_ends_meanwhile_stops_its_packet(door: Door) -> None:
    father, request = for_his_father(door)
    working = runner(door.database, door.clock)
    for _ in range(3):
        working.step()
    do(door, copies.object_to_copy_request, actor=patient(father.id), request_id=request.id)
    assert working.step()
    assert not working.step()
    packet = packet_of(door, request)
    assert (job_of(door, packet)["state"], job_of(door, packet)["result"]) == ("done", {"stopped": "refused"})
    assert (packet.made_at, packet.sealed, rows(door, packets.packet_sheets)) == (None, None, [])


def test_a_sheet_that_was_changed_in_the_database_is_noticed(door: Door, request_: CopyRequest) -> None:
    working = runner(door.database, door.clock)
    for _ in CHOSEN:
        working.step()
    with door.database.write() as uow:
        other = SEALER.seal_content(b"%PDF forged", "elsewhere")
        uow.session.execute(packets.packet_sheets.update().values(sealed=other.sealed, key_sealed=other.key_sealed))
    working.step()
    job = job_of(door, packet_of(door, request_))
    assert (job["state"], job["done"]) == ("waiting", len(CHOSEN))
    assert job["error"].startswith("SealBroken at ")


def test_nothing_of_the_record_is_readable_in_the_database(door: Door, request_: CopyRequest) -> None:
    working = runner(door.database, door.clock)
    working.step()
    [sheet] = rows(door, packets.packet_sheets)
    make_packet_rest = [working.step() for _ in range(20)]
    assert any(make_packet_rest)
    packet = packet_of(door, request_)
    for sealed in (sheet["sealed"], packet.sealed):
        assert b"%PDF" not in sealed
    assert packet.key_sealed is not None
    assert packet.sealed is not None
    with pytest.raises(SealBroken):
        SEALER.open_content(SealedContent(packet.key_sealed, packet.sealed), "another packet")


def test_each_print_is_written_down_where_the_patient_reads_it(door: Door, request_: CopyRequest) -> None:
    with pytest.raises(PacketNotReady):
        do(door, packet_release.print_packet, actor=OFFICER, request_id=request_.id)
    assert disclosed(door) == []
    make_packet(door)
    for _ in range(2):
        printed = do(door, packet_release.print_packet, actor=OFFICER, request_id=request_.id)
        assert printed.sealed is not None
    first, second = disclosed(door)
    assert first["position"] < second["position"]
    assert {name: first[name] for name in ("act", "by", "receiver", "receiver_masked", "parts", "purpose")} == {
        "act": "printed",
        "by": OFFICER.subject,
        "receiver": "patient",
        "receiver_masked": "王**",
        "parts": CHOSEN,
        "purpose": "REIMBURSEMENT",
    }


def test_a_packet_that_is_not_paid_in_full_is_not_printed(door: Door, request_: CopyRequest) -> None:
    with door.database.write() as uow:
        requests = packets.packets.metadata.tables["copy_requests"]
        uow.session.execute(requests.update().values(amount_fen=1))
    make_packet(door)
    assert now_of(door, request_).state == CopyState.AWAITING_TOP_UP
    with pytest.raises(PacketNotReady):
        do(door, packet_release.print_packet, actor=OFFICER, request_id=request_.id)
    pay(door, request_, kind="copy_top_up")
    assert do(door, packet_release.print_packet, actor=OFFICER, request_id=request_.id).pages


def test_a_packet_is_forgotten_after_its_request_and_can_still_be_checked(
    door: Door, request_: CopyRequest, clock: StandingClock
) -> None:
    make_packet(door)
    _end(door, request_)
    assert _forget(door) == 0
    clock.advance(days=30)
    assert _forget(door) == 1
    assert _forget(door) == 0
    packet = packet_of(door, request_)
    assert (packet.sealed, packet.key_sealed, packet.forgotten_at) == (None, None, clock())
    assert packet.fingerprint
    assert packet.pages


def _forget(door: Door) -> int:
    with door.database.write() as uow:
        return packet_release.forget_packets(uow, now=door.clock(), limit=10)


def test_a_packet_of_an_objected_request_is_forgotten_at_once(door: Door) -> None:
    father, request = for_his_father(door)
    make_packet(door)
    do(door, copies.object_to_copy_request, actor=patient(father.id), request_id=request.id)
    assert _forget(door) == 1
    assert packet_of(door, request).sealed is None


def test_an_officer_lets_a_failed_packet_go_on(door: Door, request_: CopyRequest, clock: StandingClock) -> None:
    class Away:
        def fetch(self, *_: Any) -> bytes:
            raise OSError("/archive/王建国.pdf")

    broken = press()
    broken._documents = Away()
    working = runner(door.database, clock, press=broken)
    while job_of(door, packet_of(door, request_))["state"] != "failed":
        working.step()
        clock.advance(seconds=320)
    assert "王建国" not in str(job_of(door, packet_of(door, request_))["error"])
    with pytest.raises(NoFailedJob):
        do(door, packet_release.retry_packet, actor=OFFICER, request_id=_done(door).id)
    do(door, packet_release.retry_packet, actor=OFFICER, request_id=request_.id)
    make_packet(door)
    assert now_of(door, request_).state == CopyState.READY


def _done(door: Door) -> CopyRequest:
    """Another request, whose packet is made."""
    from tests.records.people import register, traveller

    other = register(door, traveller(document_number="E12345679"))
    request = approved(door, patient(other.id, account="account:other"), stay_of(door, other.id))
    make_packet(door)
    return request
