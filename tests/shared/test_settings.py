"""Settings: the demo stays on this machine, production refuses what is missing or weak, and no secret is told."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from shared.settings import PORTS, Settings, SettingsError, require_for

STRONG = "k3J9-dQ2v_Lm8Zx7Wc5Rt1Yb6Nh4Ps0Ga"


def production(**more: str) -> dict[str, str]:
    return {
        "ANXIN_PROFILE": "production",
        "ANXIN_HOST": "0.0.0.0",
        "ANXIN_BROKER_URL": "amqp://billing:secret@queue//",
        "ANXIN_BILLING_DATABASE_URL": "postgresql://billing@db/billing",
        "ANXIN_ACTOR_PUBLIC_KEY": '{"kty":"OKP"}',
        "ANXIN_WALLET_SECRET": STRONG,
        "ANXIN_INSURER_SECRET": STRONG,
        "ANXIN_RECEIPT_SECRET": STRONG,
        **more,
    }


def test_the_demo_needs_nothing_said_and_keeps_its_secrets(tmp_path: Path) -> None:
    first = Settings.from_environment({"ANXIN_DATA_DIR": str(tmp_path)})
    again = Settings.from_environment({"ANXIN_DATA_DIR": str(tmp_path)})
    assert first == again
    assert first.ports == PORTS
    assert first.database_url("billing") == f"sqlite:///{tmp_path}/billing.sqlite3"
    assert first.url("records") == "http://127.0.0.1:8084"
    assert stat.S_IMODE((tmp_path / "secrets.json").stat().st_mode) == 0o600
    for name in PORTS:
        require_for(first, name)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.4", "::", "example.org"])
def test_the_demo_listens_on_this_machine_only(tmp_path: Path, host: str) -> None:
    with pytest.raises(SettingsError, match="ANXIN_HOST"):
        Settings.from_environment({"ANXIN_DATA_DIR": str(tmp_path), "ANXIN_HOST": host})
    assert not (tmp_path / "secrets.json").exists()


def test_production_starts_with_everything_said() -> None:
    require_for(Settings.from_environment(production()), "billing")


@pytest.mark.parametrize(
    "name", ["ANXIN_BROKER_URL", "ANXIN_BILLING_DATABASE_URL", "ANXIN_ACTOR_PUBLIC_KEY", "ANXIN_WALLET_SECRET"]
)
def test_production_names_what_is_missing(name: str) -> None:
    environment = production()
    del environment[name]
    with pytest.raises(SettingsError, match=name):
        require_for(Settings.from_environment(environment), "billing")


@pytest.mark.parametrize("weak", ["short", "a" * 64, "ababababababababababababababababab"])
def test_production_refuses_a_weak_secret(weak: str) -> None:
    with pytest.raises(SettingsError, match="ANXIN_WALLET_SECRET is too weak") as refused:
        Settings.from_environment(production(ANXIN_WALLET_SECRET=weak))
    assert weak not in str(refused.value)


def test_production_does_not_run_on_the_embedded_database() -> None:
    settings = Settings.from_environment(production(ANXIN_BILLING_DATABASE_URL="sqlite:///billing.sqlite3"))
    with pytest.raises(SettingsError, match="PostgreSQL"):
        require_for(settings, "billing")


def test_a_secret_may_come_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "wallet").write_text(f"{STRONG}\n")
    environment = production(ANXIN_WALLET_SECRET_FILE=str(tmp_path / "wallet"))
    del environment["ANXIN_WALLET_SECRET"]
    assert Settings.from_environment(environment).secrets["wallet_secret"] == STRONG


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ANXIN_PROFILE", "test"),
        ("ANXIN_BILLING_PORT", "70000"),
        ("ANXIN_BILLING_PORT", "http"),
        ("ANXIN_WEB_PROCESSES", "two"),
        ("ANXIN_TRUSTED_PROXIES", "nginx"),
    ],
)
def test_a_value_that_cannot_be_is_named(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        Settings.from_environment({"ANXIN_DATA_DIR": str(tmp_path), name: value})


def test_settings_never_show_their_secrets(tmp_path: Path) -> None:
    settings = Settings.from_environment({"ANXIN_DATA_DIR": str(tmp_path)})
    assert not any(secret in repr(settings) for secret in settings.secrets.values())
