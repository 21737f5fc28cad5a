"""The linter and the type checker have nothing to say."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False)


def test_the_linter_finds_nothing() -> None:
    seen = run("ruff", "check", "--output-format=concise", ".")
    if seen.returncode != 0:
        pytest.fail(seen.stdout + seen.stderr, pytrace=False)


@pytest.mark.xdist_group("types")
def test_the_types_are_right() -> None:
    seen = run("mypy")
    if seen.returncode != 0:
        pytest.fail(seen.stdout + seen.stderr, pytrace=False)


def test_the_generated_pages_say_what_the_code_says() -> None:
    seen = subprocess.run(
        [sys.executable, ROOT / "scripts" / "build-docs", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if seen.returncode != 0:
        pytest.fail(seen.stdout + seen.stderr, pytrace=False)
