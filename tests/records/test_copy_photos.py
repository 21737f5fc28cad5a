"""Photos of documents in the database: sealed each under its own key, seen with a trace, forgotten in time."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from services.records import store
from services.records.domain.copy_papers import MOST_PHOTOS
from services.records.domain.copy_refusals import PaperNotViewable, PhotoLimitReached, PhotoStoreFull
from services.records.usecases import copies
from services.records.usecases.copies import photos as keeping
from shared.actor import Actor
from shared.door import Door
from shared.errors import DomainError, NotFound, NotYours
from shared.sealing import SealBroken, SealedContent, Sealer
from tests.records.copying import (
    OFFICER,
    approved,
    by_office,
    father_and_son,
    filled,
    in_review,
    now_of,
    papers,
    photo,
    send_photo,
    stay_of,
    submit,
)
from tests.records.people import SEALER, do, everything
from tests.support.callers import patient
from tests.support.clock import StandingClock

NOTHING_MORE = 0


def fire(door: Door, use_case: object, *, limit: int = 100) -> int:
    with door.database.write() as uow:
        return int(use_case(uow, now=door.clock(), limit=limit))  # type: ignore[operator]


def views(door: Door) -> list[tuple[str, str, str]]:
    table = store.copies.copy_paper_views
    with door.database.read() as uow:
        rows = uow.session.execute(sa.select(table).order_by(table.c.position))
        return [(row.subject, row.roles, str(row.paper_id)) for row in rows]


def logged(door: Door) -> list[tuple[str, str]]:
    with door.database.read() as uow:
        log = uow.toolbox.access_log
        rows = uow.session.execute(sa.select(log).where(log.c.operation == "records.view_copy_paper"))
        return [(row.subject, str(row.patient_id)) for row in rows]


def test_each_photo_has_a_key_of_its_own(door: Door) -> None:
    wang, _ = father_and_son(door)
    me = patient(wang.id)
    draft = filled(door, me, stay_of(door, wang.id))
    kept = papers(door, draft)
    contents = [SealedContent(key_sealed=each.key_sealed or b"", sealed=each.sealed or b"") for each in kept]
    assert len({SEALER.open(each.key_sealed) for each in contents}) == 3
    assert SEALER.open_content(contents[0], str(kept[0].id)) == photo().content
    assert all(photo().content[100:200] not in each.sealed for each in contents)
    with pytest.raises(SealBroken):
        SEALER.open_content(contents[0], str(kept[1].id))
    mixed = SealedContent(key_sealed=contents[1].key_sealed, sealed=contents[0].sealed)
    with pytest.raises(SealBroken):
        SEALER.open_content(mixed, str(kept[0].id))
    with pytest.raises(SealBroken):
        Sealer("another secret, just as long as it has to be").open_content(contents[0], str(kept[0].id))


def test_a_photo_taken_again_replaces_the_first_and_leaves_nothing_of_it(door: Door) -> None:
    wang, _ = father_and_son(door)
    me = patient(wang.id)
    draft = filled(door, me, stay_of(door, wang.id))
    before = len(papers(door, draft))
    send_photo(door, me, draft.id, "patient_holding", colour=(9, 9, 9))
    held = [each for each in papers(door, draft) if each.kind == "patient_holding"]
    assert [
        (each.deleted_because, each.sealed is None, each.key_sealed is None) for each in held if each.deleted_at
    ] == [("replaced", True, True)]
    assert len(papers(door, draft)) == before + 1


def test_there_is_an_end_to_photos(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    wang, _ = father_and_son(door)
    me = patient(wang.id)
    draft = filled(door, me, stay_of(door, wang.id))
    full = everything(door)
    monkeypatch.setattr(keeping, "MOST_LIVE_BYTES", 3 * len(photo().content))
    with pytest.raises(PhotoStoreFull):
        send_photo(door, me, draft.id, "patient_id_front")
    monkeypatch.setattr(keeping, "MOST_PHOTOS", 3)
    with pytest.raises(PhotoLimitReached):
        send_photo(door, me, draft.id, "patient_id_front")
    assert everything(door) == full
    assert MOST_PHOTOS == 40


def test_every_look_is_written_down(door: Door) -> None:
    wang, _ = father_and_son(door)
    me = patient(wang.id)
    request = in_review(door, me, stay_of(door, wang.id))
    paper = papers(door, request)[0]
    for _ in range(2):
        do(door, copies.look_at_copy_paper, actor=OFFICER, request_id=request.id, paper_id=paper.id)
    assert views(door) == [("staff:records", "records_officer", str(paper.id))] * 2
    assert logged(door) == [("staff:records", str(wang.id))] * 2


def test_a_photo_is_seen_while_it_is_needed_and_by_those_who_need_it(door: Door) -> None:
    wang, other = father_and_son(door)
    me = patient(wang.id)
    draft = filled(door, me, stay_of(door, wang.id))
    paper = papers(door, draft)[0]

    def look(actor: Actor) -> str:
        before = everything(door)
        try:
            do(door, copies.look_at_copy_paper, actor=actor, request_id=draft.id, paper_id=paper.id)
        except DomainError as refusal:
            assert everything(door) == before
            return type(refusal).__name__
        return "seen"

    stranger, same_person = patient(other.id, account="account:x"), patient(wang.id, account="account:x")
    assert [look(each) for each in (me, OFFICER, stranger, same_person)] == [
        *("seen", PaperNotViewable.__name__, NotYours.__name__, NotYours.__name__),
    ]
    submit(door, me, draft)
    assert [look(each) for each in (me, OFFICER)] == ["PaperNotViewable"] * 2
    with pytest.raises(NotFound):
        do(door, copies.look_at_copy_paper, actor=OFFICER, request_id=draft.id, paper_id=draft.id)


def test_after_the_decision_nobody_looks_any_more(door: Door) -> None:
    wang, _ = father_and_son(door)
    request = approved(door, patient(wang.id), stay_of(door, wang.id))
    paper = papers(door, request)[0]
    with pytest.raises(PaperNotViewable):
        do(door, copies.look_at_copy_paper, actor=OFFICER, request_id=request.id, paper_id=paper.id)


def test_photos_are_forgotten_thirty_days_after_the_end(door: Door, clock: StandingClock) -> None:
    wang, _ = father_and_son(door)
    request = approved(door, patient(wang.id), stay_of(door, wang.id))
    clock.advance(days=400)
    assert fire(door, copies.forget_old_photos) == NOTHING_MORE
    by_office(door, copies.packet_measured, request, pages=11)
    by_office(door, copies.picked_up, request)
    clock.advance(days=29, hours=23)
    assert fire(door, copies.forget_old_photos) == NOTHING_MORE
    clock.advance(hours=1)
    assert fire(door, copies.forget_old_photos) == 1
    assert {(each.deleted_because, each.sealed, each.key_sealed) for each in papers(door, request)} == {
        ("time_over", None, None)
    }
    assert fire(door, copies.forget_old_photos) == NOTHING_MORE


def test_photos_of_what_is_withdrawn_or_expired_are_forgotten_at_once(door: Door) -> None:
    wang, _ = father_and_son(door)
    me = patient(wang.id)
    stay = stay_of(door, wang.id)
    withdrawn = in_review(door, me, stay)
    do(door, copies.withdraw_copy_request, actor=me, request_id=withdrawn.id)
    assert {(each.deleted_because, each.sealed) for each in papers(door, withdrawn)} == {("withdrawn", None)}
    draft = filled(door, me, stay)
    do(door, copies.withdraw_copy_request, actor=me, request_id=draft.id)
    assert {each.sealed for each in papers(door, draft)} == {None}


def test_a_draft_that_nobody_touches_ends_after_seven_days(door: Door, clock: StandingClock) -> None:
    wang, _ = father_and_son(door)
    me = patient(wang.id)
    draft = filled(door, me, stay_of(door, wang.id))
    clock.advance(days=6)
    send_photo(door, me, draft.id, "patient_holding")
    clock.advance(days=6)
    assert fire(door, copies.forget_old_drafts) == NOTHING_MORE
    clock.advance(days=1)
    assert fire(door, copies.forget_old_drafts) == 1
    assert now_of(door, draft).state == "withdrawn"
    assert {each.sealed for each in papers(door, draft)} == {None}


def test_a_correction_that_nobody_answers_ends_with_the_money_back(door: Door, clock: StandingClock) -> None:
    wang, _ = father_and_son(door)
    request = in_review(door, patient(wang.id), stay_of(door, wang.id))
    asked = {"request_id": request.id, "round_": 1, "reason": "photo_unreadable", "words": "看不清。"}
    do(door, copies.ask_copy_correction, actor=OFFICER, **asked)
    clock.advance(days=30, seconds=-1)
    assert fire(door, copies.end_unanswered_corrections) == NOTHING_MORE
    clock.advance(seconds=1)
    assert fire(door, copies.end_unanswered_corrections) == 1
    ended = now_of(door, request)
    assert (ended.state, ended.steps[-1].reason) == ("withdrawn", "correction_unanswered")


def test_a_packet_waits_for_the_record_to_be_closed(door: Door, clock: StandingClock) -> None:
    wang, _ = father_and_son(door)
    request = approved(door, patient(wang.id), stay_of(door, wang.id, days=timedelta(days=3)))
    waiting = now_of(door, request)
    assert (waiting.state, waiting.packet_started_at) == ("approved", None)
    assert waiting.copy_from is not None
    clock.advance(days=(waiting.copy_from - clock().date()).days - 1)
    assert fire(door, copies.begin_waiting_packets) == NOTHING_MORE
    clock.advance(days=1)
    assert fire(door, copies.begin_waiting_packets) == 1
    assert now_of(door, request).packet_started_at == clock()
    assert fire(door, copies.begin_waiting_packets) == NOTHING_MORE
