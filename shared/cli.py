"""`anxin`: one program, the role as its argument."""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from shared.settings import SERVICES, SIMULATORS, Settings, SettingsError, require_for

if TYPE_CHECKING:
    from shared.service import Service  # what a role does not need it does not wait for: this is a second of libraries

GATEWAY = "gateway"


def load(name: str) -> Service:
    """The composition root of a service or of the gateway, by name."""
    module = importlib.import_module("gateway.app" if name == GATEWAY else f"services.{name}.app")
    service: Service = module.SERVICE
    return service


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a role; answers 2 and one line on standard error when the environment does not allow it."""
    options = _parser().parse_args(arguments)
    try:
        result: int = options.role(Settings.from_environment(), options)
    except SettingsError as error:
        print(f"anxin: {error}", file=sys.stderr)
        return 2
    return result


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="anxin", description="Anxin 安心: one program, the role as its argument.")
    roles = parser.add_subparsers(required=True, metavar="ROLE")
    everyone = [*SERVICES, GATEWAY]

    up = roles.add_parser("up", help="run the whole demo hospital and stop it with Ctrl-C")
    up.set_defaults(role=_up)
    web = roles.add_parser("web", help="serve the HTTP door of a service, of the gateway, or a simulator")
    web.add_argument("name", choices=[*everyone, *SIMULATORS])
    web.set_defaults(role=_web)
    worker = roles.add_parser("worker", help="consumers, relay and timers of one or more services")
    worker.add_argument("names", nargs="+", choices=everyone)
    worker.set_defaults(role=_worker)
    for role, run, says in (("migrate", _migrate, "bring databases up to date"), ("seed", _seed, "make demo data")):
        each = roles.add_parser(role, help=says)
        each.add_argument("names", nargs="*", choices=[*everyone, []])
        each.set_defaults(role=run)
    day = roles.add_parser("demo-day", help="live what is left of the demo hospital's day in a running hospital")
    day.set_defaults(role=_demo_day)
    hl7 = roles.add_parser("import-hl7", help="take HL7 v2 messages: persons and stays")
    hl7.add_argument("files", nargs="+", metavar="FILE")
    hl7.set_defaults(role=_import_hl7)
    _add_tokens(roles)
    return parser


def _add_tokens(roles: Any) -> None:
    make = roles.add_parser("create-token", help="make a bearer token for a machine, and print it once")
    owner = make.add_mutually_exclusive_group(required=True)
    owner.add_argument("--staff", metavar="USER_NAME")
    owner.add_argument("--phone", help="the phone of an account")
    make.add_argument("--name", required=True, help="what the token is for")
    make.add_argument("--days", type=int, default=90, choices=range(1, 366), metavar="DAYS")
    make.set_defaults(role=_identity("create_token"))
    demo = roles.add_parser("demo-tokens", help="demo only: make people with accounts, and print their bearer tokens")
    demo.add_argument("--role", dest="role_name", default="patient", help="patient, or a role of the staff")
    demo.add_argument("--count", type=int, default=1, choices=range(1, 5_001), metavar="COUNT")
    demo.set_defaults(role=_demo_tokens)
    end = roles.add_parser("revoke-token", help="end a bearer token")
    end.add_argument("prefix", help="its first 12 characters")
    end.set_defaults(role=_identity("revoke_token"))


def _up(settings: Settings, _options: argparse.Namespace) -> int:
    from shared import supervisor

    return supervisor.run(settings)


def _web(settings: Settings, options: argparse.Namespace) -> int:
    from shared import server

    require_for(settings, options.name)
    return server.serve(options.name, settings)


def _worker(settings: Settings, options: argparse.Namespace) -> int:
    from shared import logs
    from shared.messaging.worker import Worker

    logs.configure("worker", as_json=not settings.is_demo)
    names: list[str] = options.names
    for name in names:
        require_for(settings, name)
    return Worker([load(name) for name in names], settings).run()


def _migrate(settings: Settings, options: argparse.Namespace) -> int:
    from shared.database import upgrade

    for name in options.names or [*SERVICES, GATEWAY]:
        service = load(name)
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        database = service.open_database(settings)
        upgrade(database.engine, service.migrations)
        database.close()
    return 0


def _seed(settings: Settings, options: argparse.Namespace) -> int:
    from shared.door import Door

    if not settings.is_demo:
        raise SettingsError("seed: only the demo hospital is seeded")
    for name in options.names or [*SERVICES, GATEWAY]:
        service = load(name)
        if service.seed is not None:
            database = service.open_database(settings)
            service.seed(Door(database), settings)
            database.close()
    return 0


def _demo_day(settings: Settings, _options: argparse.Namespace) -> int:
    if not settings.is_demo:
        raise SettingsError("demo-day: only the demo hospital has one")
    require_for(settings, GATEWAY)
    result: int = importlib.import_module("gateway.demo_day").run(settings)
    return result


def _identity(command: str) -> Callable[[Settings, argparse.Namespace], int]:
    def role(settings: Settings, options: argparse.Namespace) -> int:
        require_for(settings, GATEWAY)
        result: int = getattr(importlib.import_module("gateway.identity.terminal"), command)(settings, options)
        return result

    return role


def _demo_tokens(settings: Settings, options: argparse.Namespace) -> int:
    """Records knows the people and the gateway their accounts: neither knows the other, so the crowd passes here."""
    from shared.door import Door

    if not settings.is_demo:
        raise SettingsError("demo-tokens: only the demo hospital has them")
    crowd: list[Any] = []
    if options.role_name == "patient":
        database = load("records").open_database(settings)
        seeds = importlib.import_module("services.records.seed")
        crowd = seeds.register_crowd(Door(database), settings, options.count)
        database.close()
    result: int = importlib.import_module("gateway.identity.seed").demo_tokens(settings, options, crowd)
    return result


def _import_hl7(settings: Settings, options: argparse.Namespace) -> int:
    module = importlib.import_module("services.records.hl7_import")
    result: int = module.import_files(settings, options.files)
    return result


if __name__ == "__main__":
    sys.exit(main())
