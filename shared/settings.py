"""Everything a process is told from outside, read from the environment once, into one frozen dataclass."""

from __future__ import annotations

import ipaddress
import json
import os
import secrets as random_secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from shared.actor import new_key_pair

SERVICES = ("appointments", "billing", "meals", "records")
SIMULATORS = ("wallet", "insurer", "courier")
"""The outside world of the demo hospital, each a process with its own books."""
PORTS = {
    "gateway": 8080,
    "appointments": 8081,
    "billing": 8082,
    "meals": 8083,
    "records": 8084,
    "wallet": 8090,
    "insurer": 8091,
    "courier": 8092,
}
SECRETS = (
    "actor_private_key",
    "actor_public_key",
    "session_secret",
    "wallet_secret",
    "insurer_secret",
    "courier_secret",
    "receipt_secret",
    "document_key",
)
_DRAWN = ("session_secret", "wallet_secret", "insurer_secret", "courier_secret", "receipt_secret", "document_key")
_DEMO_DATABASES = frozenset(f"ANXIN_{name.upper()}_DATABASE_URL" for name in SIMULATORS)
_SHORTEST_SECRET = 32
_FEWEST_DIFFERENT = 10
_PORT_NUMBERS = range(1, 65536)


class SettingsError(Exception):
    """The environment is wrong: the process must not start. The text names the variable and never a secret."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What this process may know. Secrets are kept out of `repr`."""

    profile: str
    data_dir: Path
    host: str
    broker_url: str
    database_urls: Mapping[str, str]
    ports: Mapping[str, int]
    urls: Mapping[str, str]
    secrets: Mapping[str, str]
    web_processes: int = 1
    trusted_proxies: int = 0
    """How many proxies of our own stand before the gateway: only what they say of a caller's address is believed."""

    def __repr__(self) -> str:
        return f"Settings(profile={self.profile!r}, data_dir={str(self.data_dir)!r}, host={self.host!r})"

    @property
    def is_demo(self) -> bool:
        """Whether this is the demo hospital: simulators, visible codes, loopback only."""
        return self.profile == "demo"

    def database_url(self, name: str) -> str:
        """The address of the database of a service, the gateway or a simulator."""
        return self.database_urls[name]

    def url(self, name: str) -> str:
        """Where a process of this installation is reached by the others."""
        return self.urls[name]

    @staticmethod
    def from_environment(environment: Mapping[str, str] | None = None) -> Settings:
        """Read `ANXIN_*`. Raises SettingsError for what is missing, weak or not allowed in the profile."""
        env = os.environ if environment is None else environment
        profile = env.get("ANXIN_PROFILE", "demo")
        if profile not in {"demo", "production"}:
            raise SettingsError("ANXIN_PROFILE must be demo or production")
        host = env.get("ANXIN_HOST", "127.0.0.1")
        if profile == "demo" and not _is_loopback(host):
            raise SettingsError("ANXIN_HOST: the demo profile listens on loopback addresses only")
        data_dir = Path(env.get("ANXIN_DATA_DIR", "var")).absolute()
        ports = {name: _port(env, name, port) for name, port in PORTS.items()}
        return Settings(
            profile=profile,
            data_dir=data_dir,
            host=host,
            broker_url=_needed(env, profile, "ANXIN_BROKER_URL", "filesystem://"),
            database_urls={
                name: _needed(
                    env, profile, f"ANXIN_{name.upper()}_DATABASE_URL", f"sqlite:///{data_dir}/{name}.sqlite3"
                )
                for name in PORTS
            },
            ports=ports,
            urls={
                name: env.get(f"ANXIN_{name.upper()}_URL", f"http://{host}:{port}").rstrip("/")
                for name, port in ports.items()
            },
            secrets=_demo_secrets(data_dir) if profile == "demo" else _production_secrets(env),
            web_processes=_number(env, "ANXIN_WEB_PROCESSES", 1),
            trusted_proxies=_number(env, "ANXIN_TRUSTED_PROXIES", 0),
        )


def _needed(env: Mapping[str, str], profile: str, name: str, demo_default: str) -> str:
    """A value with a default in the demo; in production it has to be said, except for what only the demo runs."""
    value = env.get(name)
    if value:
        return value
    if profile == "production" and name not in _DEMO_DATABASES:
        return _from_file(env, name) or ""
    return demo_default


def _from_file(env: Mapping[str, str], name: str) -> str | None:
    path = env.get(f"{name}_FILE")
    return Path(path).read_text().strip() if path else None


def _number(env: Mapping[str, str], name: str, default: int) -> int:
    try:
        return int(env.get(name, default))
    except ValueError as error:
        raise SettingsError(f"{name} must be a number") from error


def _port(env: Mapping[str, str], name: str, default: int) -> int:
    port = _number(env, f"ANXIN_{name.upper()}_PORT", default)
    if port not in _PORT_NUMBERS:
        raise SettingsError(f"ANXIN_{name.upper()}_PORT must be between 1 and 65535")
    return port


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _production_secrets(env: Mapping[str, str]) -> dict[str, str]:
    """Secrets from `ANXIN_<NAME>` or the file `ANXIN_<NAME>_FILE`; which of them a process needs is its own matter."""
    found = {}
    for name in SECRETS:
        variable = f"ANXIN_{name.upper()}"
        value = env.get(variable) or _from_file(env, variable)
        if value and name in _DRAWN and (len(value) < _SHORTEST_SECRET or len(set(value)) < _FEWEST_DIFFERENT):
            raise SettingsError(f"{variable} is too weak: give at least {_SHORTEST_SECRET} random characters")
        if value:
            found[name] = value
    return found


def require_for(settings: Settings, name: str) -> None:
    """Refuse to start process `name` without what it needs. Raises SettingsError naming all that is missing."""
    missing = [f"ANXIN_{each.upper()}" for each in _needs(name) if not settings.secrets.get(each)]
    if not settings.database_urls[name]:
        missing.append(f"ANXIN_{name.upper()}_DATABASE_URL")
    if not settings.broker_url:
        missing.append("ANXIN_BROKER_URL")
    if settings.profile == "production" and settings.database_urls[name].startswith("sqlite"):
        raise SettingsError(f"ANXIN_{name.upper()}_DATABASE_URL: production runs on PostgreSQL")
    if missing:
        raise SettingsError(f"{', '.join(missing)} must be set for {name} in production")


def _needs(name: str) -> tuple[str, ...]:
    needs: dict[str, tuple[str, ...]] = {
        "gateway": ("actor_private_key", "actor_public_key", "session_secret"),
        "billing": ("actor_public_key", "wallet_secret", "insurer_secret", "receipt_secret"),
        "records": ("actor_public_key", "courier_secret", "document_key"),
        "wallet": ("wallet_secret",),
        "insurer": ("insurer_secret",),
        "courier": ("courier_secret",),
    }
    return needs.get(name, ("actor_public_key",))


def _demo_secrets(data_dir: Path) -> dict[str, str]:
    """The demo's own random secrets, made once and kept beside its data."""
    path = data_dir / "secrets.json"
    if not path.exists():
        private, public = new_key_pair()
        made = {
            "actor_private_key": private,
            "actor_public_key": public,
            **{name: random_secrets.token_urlsafe(48) for name in _DRAWN},
        }
        data_dir.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(json.dumps(made))
        try:
            os.link(draft, path)  # the first process wins, the others read what it wrote
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    found: dict[str, str] = json.loads(path.read_text())
    return found if set(_DRAWN) <= set(found) else _with_new_ones(path, found)


def _with_new_ones(path: Path, found: dict[str, str]) -> dict[str, str]:
    """Secrets that a newer version needs beside those of the data's first start: drawn once."""
    found |= {name: random_secrets.token_urlsafe(48) for name in _DRAWN if name not in found}
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(found))
    draft.replace(path)
    return found
