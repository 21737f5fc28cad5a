"""What a person reads when something did not work."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from flask import Flask

import shared.errors
from gateway.web.problems import GENERAL, PROBLEMS, Problem, words_of
from tests.support.pages import pages_app

ROOT = Path(shared.errors.__file__).parent.parent
KINDS = {"DomainError", "NotFound", "Conflict", "Refused", "Forbidden"}
# Said to programs, or on pages of the hospital's own staff that show the reason as it is; nobody else meets them.
FOR_PROGRAMS = {
    *("notification_forged", "notification_malformed", "notification_stale", "transaction_mismatch"),
    *("nothing_parked", "reason_missing", "still_being_tried", "invoice_already_issued", "refund_not_payable_in_cash"),
    *("more_than_left",),
    *("courier_notice_forged", "courier_notice_malformed", "courier_notice_stale", "job_reason_missing"),
    *("code_taken", "schedule_exists", "schedule_suspended", "rule_not_valid", "rules_exist"),
    *("stay_unknown", "stay_needs_place"),
    *("terms_not_valid", "record_hold_exists", "record_hold_missing"),
    *("control_id_reused", "merge_chain", "merge_needs_records_officer", "merge_with_itself"),
}


def refusals(root: Path) -> set[str]:
    """The codes of every refusal that services, gateway and toolbox declare."""
    classes = {
        node.name: node
        for folder in ("services", "gateway", "shared")
        for path in (root / folder).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef)
    }
    known = set(KINDS)
    while more := {name for name, node in classes.items() if name not in known and known & bases(node)}:
        known |= more
    return {code_of(classes[name]) for name in known - KINDS}


def bases(node: ast.ClassDef) -> set[str]:
    return {each.id for each in node.bases if isinstance(each, ast.Name)}


def code_of(node: ast.ClassDef) -> str:
    """The code as `shared.errors` gives it: set in the class, or the name in lower case."""
    for line in node.body:
        if isinstance(line, ast.Assign) and ast.unparse(line.targets[0]) == "code":
            return str(ast.literal_eval(line.value))
    return re.sub(r"(?<!^)(?=[A-Z])", "_", node.name).lower()


@pytest.fixture
def app() -> Flask:
    return pages_app()


def test_every_refusal_that_a_person_may_meet_has_its_sentences() -> None:
    assert refusals(ROOT) - FOR_PROGRAMS - set(PROBLEMS) == set()


def test_a_refusal_without_sentences_is_found(tmp_path: Path) -> None:
    (tmp_path / "services").mkdir()
    (tmp_path / "services" / "domain.py").write_text(
        "class SoldOut(Refused): ...\nclass DishSoldOut(SoldOut): ...\nclass Gone(NotFound):\n    code = 'not_found'\n",
        encoding="utf-8",
    )
    assert refusals(tmp_path) - set(PROBLEMS) == {"sold_out", "dish_sold_out"}


@pytest.mark.parametrize("code", sorted(PROBLEMS))
def test_every_problem_says_what_happened_and_what_to_do(code: str) -> None:
    problem = PROBLEMS[code]
    assert problem.happened.endswith("。")
    assert problem.action
    assert not problem.action.endswith("。")
    assert problem.safe == "" or problem.safe.endswith("。")


@pytest.mark.parametrize("word", ["操作", "失败", "系统异常", "！", "Error", "500"])
def test_no_problem_speaks_like_a_machine(word: str) -> None:
    texts = [text for each in PROBLEMS.values() for text in (each.happened, each.safe, each.action)]
    assert [text for text in texts if word in text] == []


@pytest.mark.parametrize("code", ["slot_taken", "service_failed", "amount_mismatch", "hold_ended", "invoice_cancelled"])
def test_where_money_may_be_in_question_the_second_sentence_is_about_the_money(code: str) -> None:
    assert "钱" in PROBLEMS[code].safe


@pytest.mark.parametrize("code", ["service_unavailable", "service_unreachable"])
def test_an_answer_that_never_came_does_not_claim_that_nothing_happened(code: str) -> None:
    assert PROBLEMS[code].safe == "再试一次不会办两次，也不会扣两次钱。"


def test_a_code_nobody_wrote_a_text_for_gets_the_general_one(app: Flask) -> None:
    with app.test_request_context("/"):
        assert words_of("no_such_code") == GENERAL


def test_the_words_come_in_the_readers_language(app: Flask) -> None:
    with app.test_request_context("/", headers={"Accept-Language": "en"}):
        assert words_of("code_wrong") == Problem("The code is not right.", "", "Look at the message and type it again")
