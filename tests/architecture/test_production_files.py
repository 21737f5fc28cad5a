"""docker-compose.yml keeps what SECURITY.md says: one open port, secrets from files, a worker beside every web."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from shared.settings import SECRETS, SERVICES, Settings, require_for

ROOT = Path(__file__).resolve().parents[2]
EVERYBODY = (*SERVICES, "gateway")


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    return loaded


@pytest.fixture(scope="module")
def secrets_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What scripts/make-secrets makes, in a folder of its own."""
    folder = tmp_path_factory.mktemp("hospital")
    (folder / "scripts").mkdir()
    script = folder / "scripts" / "make-secrets"
    script.write_bytes((ROOT / "scripts" / "make-secrets").read_bytes())
    subprocess.run(
        [sys.executable, script], check=True, capture_output=True, env=os.environ | {"PYTHONPATH": str(ROOT)}
    )
    return folder / "secrets"


def test_only_the_proxy_publishes_a_port(compose: dict[str, Any]) -> None:
    assert [name for name, each in compose["services"].items() if "ports" in each] == ["proxy"]


def test_the_proxy_takes_the_whole_request_before_the_gateway_sees_it(compose: dict[str, Any]) -> None:
    proxy = compose["configs"]["proxy"]["content"]
    assert "proxy_request_buffering on;" in proxy
    assert "proxy_buffering on;" in proxy
    assert 'proxy_set_header Anxin-Actor "";' in proxy


@pytest.mark.parametrize("name", EVERYBODY)
def test_every_service_has_a_web_and_a_worker_that_wait_for_the_migrations(compose: dict[str, Any], name: str) -> None:
    web, worker = compose["services"][name], compose["services"][f"{name}-worker"]
    assert (web["command"], worker["command"]) == (["web", name], ["worker", name])
    for each in (web, worker):
        assert each["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}
    assert f":{8080 + ['gateway', *SERVICES].index(name)}/health/ready" in web["healthcheck"]["test"][-1]


def test_every_secret_comes_from_a_file_that_the_script_makes(compose: dict[str, Any], secrets_folder: Path) -> None:
    named = {Path(each["file"]).name for each in compose["secrets"].values()}
    assert named == {path.name for path in secrets_folder.iterdir()}
    assert secrets_folder.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("name", [*EVERYBODY, *(f"{each}-worker" for each in EVERYBODY), "migrate"])
def test_each_process_is_given_exactly_the_secrets_that_its_environment_names(
    compose: dict[str, Any], name: str
) -> None:
    process = compose["services"][name]
    files = {value for key, value in process["environment"].items() if key.endswith("_FILE")}
    unread = {"/run/secrets/broker_url", "/run/secrets/actor_public_key"} if name == "migrate" else set()
    assert files - unread == {f"/run/secrets/{each}" for each in process["secrets"]} - unread


@pytest.mark.parametrize("name", EVERYBODY)
def test_production_starts_with_the_secrets_of_the_script(
    compose: dict[str, Any], secrets_folder: Path, name: str
) -> None:
    environment = {"ANXIN_PROFILE": "production", "ANXIN_HOST": "0.0.0.0"}
    for key, value in compose["services"][name]["environment"].items():
        file = compose["secrets"].get(Path(value).name) if key.endswith("_FILE") else None
        environment[key] = str(secrets_folder / Path(file["file"]).name) if file else value
    settings = Settings.from_environment(environment)
    require_for(settings, name)
    assert settings.database_url(name).startswith(f"postgresql+psycopg://anxin_{name}:")
    assert set(settings.secrets) <= set(SECRETS)


def test_the_script_keeps_the_secrets_that_exist(secrets_folder: Path) -> None:
    before = {path.name: path.read_bytes() for path in secrets_folder.iterdir()}
    script = secrets_folder.parent / "scripts" / "make-secrets"
    subprocess.run(
        [sys.executable, script], check=True, capture_output=True, env=os.environ | {"PYTHONPATH": str(ROOT)}
    )
    assert {path.name: path.read_bytes() for path in secrets_folder.iterdir()} == before
