"""What the insurer does when it is asked, and that asking twice changes nothing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from simulators.insurer.moods import SLOW_SECONDS, Mood
from tests.simulators.insurer.conftest import EMPLOYEE, Insurer, detail


def test_a_person_is_shown_with_account_and_year(insurer: Insurer) -> None:
    shown = insurer.output("1101")
    assert shown["insuinfo"] == [{"insutype": "310", "psn_type": "11", "psn_insu_stas": "1", "balc": "1000.00"}]
    assert shown["cuminfo"] == {
        "admissions": 0,
        "pool_paid": "0.00",
        "own_in_scope": "0.00",
        "supplement_paid": "0.00",
    }
    assert insurer.refusal("1101", psn_no="3299999999") == "person_not_insured"


def test_a_settlement_moves_fund_and_account_once(insurer: Insurer) -> None:
    insurer.uploaded()
    wanted = {"medfee_sumamt": "2000.00", "acct_used_flag": "1"}
    before = insurer.output("2303", **wanted)["setlinfo"]
    assert (before["act_pay_dedc"], before["hifp_pay"], before["acct_pay"]) == ("900.00", "968.00", "1000.00")
    assert before["psn_cash_pay"] == "32.00"
    first = insurer.settle()
    assert {name: first[name] for name in before} == before
    assert insurer.settle() == first
    assert insurer.output("5203")["setlinfo"] == first
    person = insurer.person()
    assert (person["balance_fen"], person["admissions"], person["pool_paid_fen"]) == (0, 1, 968_00)
    assert person["own_in_scope_fen"] == 1_032_00
    assert insurer.books.all("SELECT kind, fund_fen, account_fen FROM movements") == [
        {"kind": "settlement", "fund_fen": 968_00, "account_fen": 1_000_00}
    ]


def test_twenty_calls_at_once_settle_once(insurer: Insurer) -> None:
    insurer.uploaded()
    with ThreadPoolExecutor(20) as threads:
        answers = list(threads.map(lambda _: insurer.settle(), range(20)))
    assert len({each["setl_id"] for each in answers}) == 1
    assert len(insurer.books.all("SELECT 1 FROM movements")) == 1


def test_a_cancelled_settlement_leaves_everything_as_before(insurer: Insurer) -> None:
    before = insurer.person()
    insurer.uploaded()
    setl_id = insurer.settle()["setl_id"]
    assert insurer.refusal("2305", setl_id="another") == "settlement_not_found"
    assert insurer.person() != before
    for _ in range(2):
        assert insurer.output("2305", setl_id=setl_id)["setlinfo"]["state"] == "cancelled"
    assert insurer.person() == before
    assert insurer.refusal("2304", medfee_sumamt="2000.00") == "settlement_cancelled"
    assert insurer.output("5203")["setlinfo"]["state"] == "cancelled"


def test_a_reversal_undoes_what_arrived_and_bars_what_did_not(insurer: Insurer) -> None:
    before = insurer.person()
    insurer.uploaded()
    insurer.settle()
    for _ in range(2):
        assert insurer.output("2601", oinfno="2304")["state"] == "reversed"
    assert insurer.person() == before
    insurer.uploaded("claim-2")
    assert insurer.output("2601", mdtrt_id="claim-2", oinfno="2304")["state"] == "reversed"
    assert insurer.refusal("2304", mdtrt_id="claim-2", medfee_sumamt="2000.00") == "transaction_reversed"
    assert insurer.person() == before
    assert insurer.refusal("2601", oinfno="2303") == "transaction_not_reversible"


def test_what_does_not_fit_is_refused_and_changes_nothing(insurer: Insurer) -> None:
    assert insurer.refusal("2304", medfee_sumamt="2000.00") == "details_not_uploaded"
    insurer.uploaded()
    assert insurer.refusal("2304", medfee_sumamt="2000.01") == "total_differs_from_details"
    assert insurer.refusal("2301", feedetail=[{"feedetl_sn": "1"}]) == "message_not_understood"
    assert insurer.refusal("5203") == "settlement_not_found"
    insurer.settle()
    assert insurer.refusal("2301", feedetail=[detail()]) == "already_settled"
    assert insurer.refusal("2302") == "already_settled"
    assert insurer.refusal("2303", medfee_sumamt="2000.00") == "already_settled"


def test_an_upload_takes_the_place_of_the_one_before_and_can_be_withdrawn(insurer: Insurer) -> None:
    insurer.uploaded()
    back = detail(feedetl_sn="2", init_feedetl_sn="1", cnt="-1", det_item_fee_sumamt="-2000.00")
    assert insurer.output("2301", feedetail=[detail(), back])["medfee_sumamt"] == "0.00"
    assert insurer.output("2303", medfee_sumamt="0.00")["setlinfo"]["psn_part_amt"] == "0.00"
    insurer.output("2302")
    assert insurer.refusal("2303", medfee_sumamt="0.00") == "details_not_uploaded"


@pytest.mark.parametrize("mood", [Mood.SLOW, Mood.LOST, Mood.UNKNOWN])
def test_in_these_moods_it_is_done_though_nobody_hears(insurer: Insurer, mood: Mood) -> None:
    insurer.uploaded()
    insurer.mood("2304", mood)
    answer = insurer.call("2304", medfee_sumamt="2000.00")
    assert answer.get("infcode") == {Mood.SLOW: 0, Mood.UNKNOWN: 1}.get(mood)
    assert insurer.waited == ([SLOW_SECONDS] if mood is Mood.SLOW else [])
    assert insurer.output("5203")["setlinfo"]["state"] == "settled"


@pytest.mark.parametrize("mood", [Mood.SILENT, Mood.REFUSING])
def test_in_these_moods_nothing_is_done(insurer: Insurer, mood: Mood) -> None:
    insurer.uploaded()
    insurer.mood("any", mood, calls=2)
    assert insurer.call("2304", medfee_sumamt="2000.00").get("infcode") == (-1 if mood is Mood.REFUSING else None)
    insurer.call("5203")
    assert insurer.refusal("5203") == "settlement_not_found"


def test_a_different_settlement_adds_up_and_a_broken_one_does_not(insurer: Insurer) -> None:
    insurer.uploaded()
    insurer.mood("2303", Mood.BROKEN)
    wanted = {"medfee_sumamt": "2000.00", "acct_used_flag": "0"}
    broken = insurer.output("2303", **wanted)["setlinfo"]
    assert (broken["hifp_pay"], broken["fund_pay_sumamt"], broken["psn_cash_pay"]) == ("969.00", "968.00", "1032.00")
    insurer.mood("2304", Mood.DIFFERING)
    settled = insurer.settle(acct_used_flag="0")
    assert (settled["hifp_pay"], settled["fund_pay_sumamt"], settled["psn_cash_pay"]) == ("958.00", "958.00", "1042.00")
    assert insurer.output("5203")["setlinfo"] == settled


def test_nobody_but_the_hospital_is_answered(insurer: Insurer) -> None:
    assert insurer.send("1101", b"{}", **{"Insurer-Signature": "0" * 64}).status_code == 401
    assert insurer.send("1101", b"{}", **{"Insurer-Timestamp": "1"}).status_code == 401
    assert insurer.send("9999", b"{}").status_code == 404
    assert insurer.send("1101", b"no json").json["err_msg"] == "message_not_understood"


def test_persons_are_of_every_kind(insurer: Insurer) -> None:
    kinds = {row["psn_type"]: row["balance_fen"] for row in insurer.books.all("SELECT * FROM persons")}
    assert set(kinds) == {"11", "21", "14"}
    assert insurer.person(EMPLOYEE)["insutype"] == "310"
