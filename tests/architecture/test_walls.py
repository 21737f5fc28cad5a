"""The walls of pyproject.toml ([tool.importlinter]): they hold in this tree, and each falls when somebody digs."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

pytestmark = pytest.mark.xdist_group("walls")

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("services", "gateway", "shared", "simulators")

# The contract, the file that breaks it, the line in it, and what the linter must say under that contract.
PLANTED = [
    (
        "layers",
        "services/billing/domain.py",
        "from services.billing import store",
        "services.billing.domain -> services.billing.store",
    ),
    (
        "layers",
        "services/meals/consumers.py",
        "from services.meals import timers",
        "services.meals.consumers -> services.meals.timers",
    ),
    ("layers", "services/records/extra.py", "import json", "services.records.extra"),
    (
        "independent-services",
        "services/meals/usecases.py",
        "from services.billing import domain as other",
        "services.meals.usecases -> services.billing.domain",
    ),
    (
        "plain-domain",
        "services/appointments/domain.py",
        "import sqlalchemy",
        "services.appointments.domain -> sqlalchemy",
    ),
    ("plain-domain", "shared/errors.py", "import flask", "shared.errors -> flask"),
    ("plain-usecases", "services/billing/usecases.py", "import requests", "services.billing.usecases -> requests"),
    (
        "plain-usecases",
        "services/billing/usecases.py",
        "from shared import door",
        "services.billing.usecases -> shared.door",
    ),
    ("plain-store", "services/billing/store.py", "import kombu", "services.billing.store -> kombu"),
    ("plain-store", "services/billing/queries.py", "import flask", "services.billing.queries -> flask"),
    ("plain-schemas", "services/records/schemas.py", "import sqlalchemy", "services.records.schemas -> sqlalchemy"),
    (
        "plain-schemas",
        "services/records/schemas.py",
        "from services.records import usecases",
        "services.records.schemas -> services.records.usecases",
    ),
    (
        "doors-without-store",
        "services/appointments/api.py",
        "from services.appointments import store",
        "services.appointments.api -> services.appointments.store",
    ),
    (
        "doors-without-store",
        "services/appointments/timers.py",
        "from services.appointments import store",
        "services.appointments.timers -> services.appointments.store",
    ),
    ("flask-only-in-api", "services/billing/timers.py", "import flask", "services.billing.timers -> flask"),
    (
        "outside-only-by-timers",
        "services/billing/usecases.py",
        "from services.billing import providers",
        "services.billing.usecases -> services.billing.providers",
    ),
    (
        "outside-only-by-timers",
        "services/billing/consumers.py",
        "from services.billing import providers",
        "services.billing.consumers -> services.billing.providers",
    ),
    (
        "shared-below-all",
        "shared/money.py",
        "from services.billing import domain",
        "shared.money -> services.billing.domain",
    ),
    (
        "gateway-apart",
        "gateway/web/headers.py",
        "from services.billing import domain",
        "gateway.web.headers -> services.billing.domain",
    ),
    ("services-apart", "services/billing/api.py", "from gateway import app", "services.billing.api -> gateway.app"),
    (
        "simulators-apart",
        "simulators/__init__.py",
        "from services.billing import domain",
        "simulators -> services.billing.domain",
    ),
    (
        "gateway-without-store",
        "gateway/web/headers.py",
        "from gateway.identity import store",
        "gateway.web.headers -> gateway.identity.store",
    ),
    (
        "gateway-layers",
        "gateway/identity/domain.py",
        "from gateway.identity import store",
        "gateway.identity.domain -> gateway.identity.store",
    ),
]


def contracts() -> list[dict[str, str]]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    found: list[dict[str, str]] = settings["tool"]["importlinter"]["contracts"]
    return found


def copy_of_the_tree(folder: Path) -> Path:
    leave_out = shutil.ignore_patterns("node_modules", "vendor", "__pycache__", "*.css", "*.svg", "*.html", "*.js")
    for package in PACKAGES:
        shutil.copytree(ROOT / package, folder / package, ignore=leave_out)
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def look_at_the_walls(tree: Path) -> subprocess.CompletedProcess[str]:
    command = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    return subprocess.run(
        [sys.executable, "-c", command, "--no-cache", "--no-logo"],
        cwd=tree,
        env=os.environ | {"COLUMNS": "400"},  # one line for each name
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_wall_stands() -> None:
    seen = look_at_the_walls(ROOT)
    assert seen.returncode == 0, seen.stdout + seen.stderr
    assert f"Contracts: {len(contracts())} kept, 0 broken." in seen.stdout


def test_every_wall_has_a_test_that_digs_at_it() -> None:
    assert {each["id"] for each in contracts()} == {contract for contract, *_ in PLANTED}


@pytest.fixture(scope="module")
def said_of_the_undermined_tree(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A copy of the tree with all the violations in it: what the linter says of each contract, by its name."""
    tree = copy_of_the_tree(tmp_path_factory.mktemp("undermined"))
    for _, path, line, _ in PLANTED:
        planted = tree / path
        if not planted.exists() and planted.with_suffix("").is_dir():
            planted = planted.with_suffix("") / "__init__.py"
        with planted.open("a", encoding="utf-8") as file:
            file.write(f"\n{line}\n")
    seen = look_at_the_walls(tree)
    assert seen.returncode == 1, seen.stdout + seen.stderr
    details = seen.stdout.partition("Broken contracts\n")[2]
    chapters = re.split(r"\n\n(?=[^\n]+\n-{10,}\n)", details)
    return dict(chapter.strip().split("\n", maxsplit=1) for chapter in chapters if "\n" in chapter.strip())


@pytest.mark.parametrize(("contract", "path", "line", "violation"), PLANTED)
def test_a_planted_violation_breaks_the_wall(
    contract: str, path: str, line: str, violation: str, said_of_the_undermined_tree: dict[str, str]
) -> None:
    name = next(each["name"] for each in contracts() if each["id"] == contract)
    assert violation in said_of_the_undermined_tree[name]
