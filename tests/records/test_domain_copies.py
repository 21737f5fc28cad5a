"""The rules of requests for copies, without a database: states, parts, prices, days, addresses, reasons."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import product
from types import SimpleNamespace
from typing import Any

import pytest

from services.records.domain.addresses import PostalAddress
from services.records.domain.copies import DECISIONS, ENDED, OPEN, TRANSITIONS, Act, CopyState, next_state
from services.records.domain.copy_eligibility import check_grown_up, copy_from
from services.records.domain.copy_papers import PAPERS, ApplicantKind, PaperKind, check_asked_for, missing_papers
from services.records.domain.copy_parts import (
    PARTS,
    PURPOSES,
    REGULATION_OF_2018,
    STAY_KINDS,
    pages_expected,
    parts_of,
    purpose_of,
    stay_kind,
)
from services.records.domain.copy_prices import CopyTerms, price_of, working_days_after
from services.records.domain.copy_reasons import REASONS, Decision, check_reason
from services.records.domain.copy_refusals import (
    AddressInvalid,
    CopyOfMinorAtWindow,
    CopyPaperUnknown,
    CopyPartUnknown,
    CopyPurposeUnknown,
    CopyReasonUnknown,
    RecordNoLongerKept,
    RecordSealed,
    RegionNotServed,
    StayNotDischarged,
    StayNotInpatient,
    TermsNotValid,
)
from shared.errors import DomainError
from tests.records.copying import ADDRESS
from tests.support.clock import MONDAY_MORNING

TERMS = CopyTerms()
DAY = date(2026, 11, 23)
EXPECTED = {
    ("draft", "submit"): "awaiting_payment",
    ("draft", "withdraw"): "withdrawn",
    ("awaiting_payment", "pay"): "in_review",
    ("awaiting_payment", "expire"): "expired",
    ("awaiting_payment", "withdraw"): "withdrawn",
    ("awaiting_payment", "object"): "refused",
    ("in_review", "approve"): "approved",
    ("in_review", "ask_correction"): "correction_asked",
    ("in_review", "refuse"): "refused",
    ("in_review", "withdraw"): "withdrawn",
    ("in_review", "object"): "refused",
    ("correction_asked", "supplement"): "in_review",
    ("correction_asked", "withdraw"): "withdrawn",
    ("correction_asked", "object"): "refused",
    ("approved", "measure_covered"): "ready",
    ("approved", "measure_short"): "awaiting_top_up",
    ("approved", "object"): "refused",
    ("awaiting_top_up", "top_up"): "ready",
    ("awaiting_top_up", "object"): "refused",
    ("ready", "send"): "sent",
    ("ready", "pick_up"): "picked_up",
    ("ready", "object"): "refused",
    ("sent", "deliver"): "delivered",
    ("sent", "return"): "returned",
    ("returned", "send"): "sent",
    ("returned", "pick_up"): "picked_up",
}


def outcome(state: str, act: str) -> str:
    try:
        return next_state(CopyState(state), Act(act)).value
    except DomainError as refusal:
        return f"{refusal.code} {refusal.facts['state']}"


def expected(state: str, act: str) -> str:
    if (state, act) in EXPECTED:
        return EXPECTED[state, act]
    if act == "withdraw":
        return f"copy_withdrawal_too_late {state}"
    if act == "object":
        return f"copy_objection_too_late {state}"
    return f"copy_already_decided {state}" if act in DECISIONS else f"copy_request_moved_on {state}"


@pytest.mark.parametrize(("state", "act"), [(s.value, a.value) for s, a in product(CopyState, Act)])
def test_every_act_in_every_state(state: str, act: str) -> None:
    assert outcome(state, act) == expected(state, act)


def test_every_state_is_reached_and_the_ends_are_ends() -> None:
    assert set(TRANSITIONS.values()) | {CopyState.DRAFT} == set(CopyState)
    assert {state for state, _ in TRANSITIONS} == set(CopyState) - ENDED
    assert OPEN | ENDED | {CopyState.DRAFT} == set(CopyState)


def test_the_parts_are_more_than_the_list_of_2013() -> None:
    assert {each.code for each in PARTS if each.basis == REGULATION_OF_2018} == {"FEES", "PROGRESS", "CONSULT"}
    assert sum(each.share for each in PARTS) == 1000
    assert len({each.code for each in PARTS}) == len(PARTS)


def test_every_purpose_names_parts_that_exist() -> None:
    assert all(parts_of(list(each.parts)) for each in PURPOSES)
    assert [each.code for each in parts_of(["FEES", "FRONT_SHEET", "FEES"])] == ["FRONT_SHEET", "FEES"]


@pytest.mark.parametrize("codes", [[], ["NO_SUCH"], ["FEES", "no"]])
def test_unknown_parts_are_refused(codes: list[str]) -> None:
    with pytest.raises(CopyPartUnknown):
        parts_of(codes)


def test_an_unknown_purpose_is_refused() -> None:
    with pytest.raises(CopyPurposeUnknown):
        purpose_of("FUN")


@pytest.mark.parametrize(
    ("ward", "hours", "kind"),
    [
        ("1号楼-12F-CARD1", 72, "medicine"),
        ("4号楼-12F-GIS1", 72, "surgery"),
        ("5号楼-9F-JOIN1", 20, "day_surgery"),
        ("1号楼-5F-ORTH3-2", 72, "surgery"),
        ("6号楼-6F-OBST2", 72, "obstetrics"),
        ("3号楼-6F-ONCO1", 31 * 24, "long"),
        ("WARD7", 72, "medicine"),
        (None, None, "medicine"),
    ],
)
def test_the_kind_of_a_stay_tells_how_many_pages_to_expect(ward: str | None, hours: int | None, kind: str) -> None:
    began = MONDAY_MORNING - timedelta(hours=hours) if hours is not None else None
    assert stay_kind(ward, began, MONDAY_MORNING).code == kind


def test_pages_of_a_reimbursement_package() -> None:
    package = parts_of(list(purpose_of("REIMBURSEMENT").parts))
    assert pages_expected(STAY_KINDS["medicine"], package) == (9, 15)
    assert pages_expected(STAY_KINDS["surgery"], package) == (15, 27)
    assert pages_expected(STAY_KINDS["medicine"], PARTS) == (35, 60)


@pytest.mark.parametrize(
    ("kind", "copies", "province", "copying", "postage"),
    [
        ("medicine", 1, "32", 750, 1500),
        ("medicine", 2, "14", 1500, 2200),
        ("medicine", 1, None, 750, 0),
        ("long", 1, "32", 4800, 1500),
    ],
)
def test_a_request_is_prepaid_by_the_most_pages(
    kind: str, copies: int, province: str | None, copying: int, postage: int
) -> None:
    package = parts_of(list(purpose_of("REIMBURSEMENT").parts))
    price = price_of(TERMS, STAY_KINDS[kind], package, copies, province)
    assert (price.copying_fen, price.postage_fen, price.amount_fen) == (copying, postage, copying + postage)


def test_no_more_than_50_yuan_is_prepaid_for_a_copy() -> None:
    assert price_of(TERMS, STAY_KINDS["long"], PARTS, 2, None).copying_fen == 10000


def test_a_flat_postage_replaces_both_others() -> None:
    flat = CopyTerms(postage_flat_fen=2000)
    assert [flat.postage(each) for each in ("32", "14", None)] == [2000, 2000, 0]


@pytest.mark.parametrize(
    "wrong",
    [
        {"page_fen": -1},
        {"payment_hours": 0},
        {"waiting_working_days": 61},
        {"photo_days": -1},
        {"postage_flat_fen": -5},
    ],
)
def test_terms_that_cannot_be_meant_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(TermsNotValid):
        CopyTerms(**wrong).check()


@pytest.mark.parametrize(
    ("day", "number", "expected_day"),
    [
        (date(2026, 11, 6), 10, date(2026, 11, 20)),  # two ordinary weeks
        (date(2025, 9, 26), 3, date(2025, 9, 30)),  # Sunday 28 September 2025 is worked for the holiday
        (date(2025, 9, 30), 1, date(2025, 10, 9)),  # eight days of National Day and Mid-Autumn
        (date(2025, 9, 30), 3, date(2025, 10, 11)),  # Saturday 11 October 2025 is worked as well
        (date(2026, 11, 21), 0, date(2026, 11, 21)),
    ],
)
def test_working_days_follow_the_official_calendar(day: date, number: int, expected_day: date) -> None:
    assert working_days_after(day, number) == expected_day


def stay(**changes: Any) -> Any:
    members = {"encounter_class": "IMP", "state": "finished", "ended_at": datetime(2026, 11, 6, 2, tzinfo=UTC)}
    return SimpleNamespace(**{**members, **changes})


def test_an_unfinished_record_is_later_and_never_refused() -> None:
    assert copy_from(stay(ended_at=MONDAY_MORNING), (), TERMS, MONDAY_MORNING) == date(2026, 12, 7)
    assert copy_from(stay(), {"restricted"}, TERMS, MONDAY_MORNING) == date(2026, 11, 20)
    assert copy_from(stay(), (), CopyTerms(waiting_working_days=0), MONDAY_MORNING) == date(2026, 11, 6)


@pytest.mark.parametrize(
    ("given", "holds", "refusal"),
    [
        (stay(encounter_class="AMB"), (), StayNotInpatient),
        (stay(encounter_class="EMER"), (), StayNotInpatient),
        (stay(state="in_progress", ended_at=None), (), StayNotDischarged),
        (stay(state="cancelled", ended_at=None), (), StayNotDischarged),
        (stay(), {"sealed"}, RecordSealed),
        (stay(), {"restricted", "disputed"}, RecordSealed),
        (stay(ended_at=datetime(1996, 11, 22, 2, tzinfo=UTC)), (), RecordNoLongerKept),
    ],
    ids=["outpatient", "emergency", "still in", "taken back", "sealed", "disputed", "30 years"],
)
def test_what_cannot_be_copied_here(given: Any, holds: Any, refusal: type[DomainError]) -> None:
    with pytest.raises(refusal):
        copy_from(given, holds, TERMS, MONDAY_MORNING)


def test_a_record_is_kept_for_thirty_years_to_the_day() -> None:
    assert copy_from(stay(ended_at=datetime(1996, 11, 24, 2, tzinfo=UTC)), (), TERMS, MONDAY_MORNING)


def test_under_18_the_guardian_comes_to_the_window() -> None:
    check_grown_up(date(2008, 11, 23), DAY)
    check_grown_up(None, DAY)
    with pytest.raises(CopyOfMinorAtWindow):
        check_grown_up(date(2008, 11, 24), DAY)


def test_an_address_is_kept_in_one_spelling() -> None:
    made = PostalAddress.checked(**{**ADDRESS, "phone": "+86 199-0000-0001", "street": " 和平路  １号 "})
    assert (made.phone, made.street, made.phone_masked) == ("19900000001", "和平路 1号", "199****0001")
    assert PostalAddress.from_text(made.to_text()) == made


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("name", "王"),
        ("name", "王123"),
        ("phone", "123"),
        ("phone", ""),
        ("province", "99"),
        ("province", ""),
        ("city", "1"),
        ("city", "12345"),
        ("street", "路 1"),
        ("street", "123456"),
        ("street", ""),
    ],
)
def test_a_wrong_address_names_its_member(member: str, value: str) -> None:
    with pytest.raises(AddressInvalid) as caught:
        PostalAddress.checked(**{**ADDRESS, member: value})
    assert caught.value.facts == {"member": member}


@pytest.mark.parametrize("province", ["71", "81", "82"])
def test_some_regions_are_not_served(province: str) -> None:
    with pytest.raises(RegionNotServed):
        PostalAddress.checked(**{**ADDRESS, "province": province})


def test_papers_by_applicant() -> None:
    assert missing_papers(ApplicantKind.PATIENT, {PaperKind.PATIENT_HOLDING}) == ["patient_id_front", "patient_id_back"]
    assert len(PAPERS[ApplicantKind.AGENT]) == 6
    with pytest.raises(CopyPaperUnknown):
        check_asked_for(ApplicantKind.PATIENT, "agent_id_front")


def test_a_correction_needs_a_reason_that_can_be_mended() -> None:
    assert check_reason(Decision.ASK_CORRECTION, "photo_unreadable").mendable
    assert not check_reason(Decision.REFUSE, "applicant_not_qualified").mendable
    for decision, code in ((Decision.ASK_CORRECTION, "applicant_not_qualified"), (Decision.REFUSE, "no_such_reason")):
        with pytest.raises(CopyReasonUnknown):
            check_reason(decision, code)
    assert len(REASONS) == 16
