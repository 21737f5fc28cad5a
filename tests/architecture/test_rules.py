"""The house rules hold in this tree, and each of them is seen to find a violation that was planted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.architecture import rules

ROOT = Path(__file__).resolve().parents[2]
LATER = "TO" + "DO"

Rule = Callable[[Path], list[str]]

PLANTED: list[tuple[Rule, str, str, str]] = [
    (rules.long_files, "services/billing/domain.py", "x = 1\n" * 301, "services/billing/domain.py: 301 lines"),
    (
        rules.long_functions,
        "services/billing/usecases.py",
        "def settle():\n" + "    x = 1\n" * 50,
        "services/billing/usecases.py: settle has 51 lines",
    ),
    (rules.vague_names, "services/meals/utils.py", "", "services/meals/utils.py"),
    (rules.unfinished, "gateway/web/pages.py", f"# {LATER}: later", f"gateway/web/pages.py:1: # {LATER}: later"),
    (
        rules.registry_addresses,
        "requirements-dev.lock",
        "--index-url https://example.org/simple",
        "requirements-dev.lock:1: --index-url https://example.org/simple",
    ),
    (
        rules.registry_addresses,
        "gateway/package-lock.json",
        '"resolved": "https://example.org/htmx.tgz"',
        'gateway/package-lock.json:1: "resolved": "https://example.org/htmx.tgz"',
    ),
    (
        rules.raw_database_forms,
        "services/meals/store.py",
        "at = Column(sa.DateTime(timezone=True))",
        "services/meals/store.py:1: at = Column(sa.DateTime(timezone=True))",
    ),
    (
        rules.raw_database_forms,
        "services/meals/migrations/versions/0002_x.py",
        'op.execute("CREATE TRIGGER t")',
        'services/meals/migrations/versions/0002_x.py:1: op.execute("CREATE TRIGGER t")',
    ),
    (
        rules.environment_readers,
        "gateway/app.py",
        'os.environ["ANXIN_HOST"]',
        'gateway/app.py:1: os.environ["ANXIN_HOST"]',
    ),
    (
        rules.clock_readers,
        "gateway/identity/usecases.py",
        "now = datetime.now(UTC)",
        "gateway/identity/usecases.py:1: now = datetime.now(UTC)",
    ),
    (
        rules.clock_readers,
        "services/billing/domain/invoice.py",
        "now = utc_now()",
        "services/billing/domain/invoice.py:1: now = utc_now()",
    ),
    (
        rules.hidden_commits,
        "services/billing/store.py",
        "uow.session.commit()",
        "services/billing/store.py:1: uow.session.commit()",
    ),
    (
        rules.writing_queries,
        "services/billing/queries.py",
        "sa.update(invoices)",
        "services/billing/queries.py:1: sa.update(invoices)",
    ),
    (
        rules.sleeping_tests,
        "tests/billing/test_timers.py",
        "time." + "sleep(1)",
        "tests/billing/test_timers.py:1: time." + "sleep(1)",
    ),
    (
        rules.events_without_golden_file,
        "services/billing/events.py",
        '@fact("billing.invoice_lost.v1", subject="invoice_id")\nclass InvoiceLost: ...',
        "billing.invoice_lost.v1 is published and has no golden file",
    ),
    (
        rules.events_without_golden_file,
        "services/meals/consumers.py",
        'SUBSCRIPTIONS = {"records.patient_unheard_of.v1": None}',
        "records.patient_unheard_of.v1 is subscribed to and nobody publishes it",
    ),
    (
        rules.events_without_golden_file,
        "shared/contracts/meals.dish_vanished.v1.json",
        "{}",
        "meals.dish_vanished.v1 has a golden file and nobody publishes it",
    ),
    (
        rules.migration_heads,
        "services/meals/migrations/versions/0001_create.py",
        "",
        "services/meals/migrations/HEAD names nothing, the newest migration is 0001_create",
    ),
]


@pytest.mark.parametrize("rule", dict.fromkeys(rule for rule, *_ in PLANTED), ids=lambda rule: rule.__name__)
def test_the_tree_keeps_the_rule(rule: Rule) -> None:
    violations = rule(ROOT)
    if violations:
        pytest.fail("\n".join(violations), pytrace=False)


@pytest.mark.parametrize(("rule", "path", "text", "violation"), PLANTED)
def test_a_planted_violation_is_found(rule: Rule, path: str, text: str, violation: str, tmp_path: Path) -> None:
    planted = tmp_path / path
    planted.parent.mkdir(parents=True, exist_ok=True)
    planted.write_text(text, encoding="utf-8")
    assert rule(tmp_path) == [violation]


def make_services(root: Path) -> None:
    for service in rules.SERVICES:
        folder = root / "services" / service
        (folder / "migrations").mkdir(parents=True)
        for name in ("__init__.py", "README.md", *(f"{each}.py" for each in rules.MODULES)):
            (folder / name).touch()


def test_the_four_services_have_the_same_anatomy() -> None:
    violations = rules.anatomy(ROOT)
    if violations:
        pytest.fail("\n".join(violations), pytrace=False)


def test_a_service_that_is_built_as_agreed_breaks_no_rule_of_anatomy(tmp_path: Path) -> None:
    make_services(tmp_path)
    (tmp_path / "services/billing/providers.py").touch()
    assert rules.anatomy(tmp_path) == []


def test_a_file_that_has_grown_into_a_package_of_the_same_name_is_in_order(tmp_path: Path) -> None:
    make_services(tmp_path)
    (tmp_path / "services/billing/domain.py").unlink()
    (tmp_path / "services/billing/domain").mkdir()
    assert rules.anatomy(tmp_path) == []


def test_a_missing_service_a_missing_file_and_a_foreign_file_are_found(tmp_path: Path) -> None:
    make_services(tmp_path)
    (tmp_path / "services/meals").rename(tmp_path / "services/kitchen")
    (tmp_path / "services/kitchen/timers.py").unlink()
    (tmp_path / "services/kitchen/README.md").unlink()
    (tmp_path / "services/records/managers.py").touch()
    assert rules.anatomy(tmp_path) == [
        "services/meals is missing",
        "services/kitchen/timers.py is missing",
        "services/kitchen/README.md is missing",
        "services/records/managers.py is not in the anatomy",
    ]
