"""The whole hospital on one machine: which processes there are, what runs before them, and what the person is told."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

from shared.settings import SERVICES, SIMULATORS, Settings
from shared.supervisor.keeper import Program, Supervisor, die_with_supervisor
from shared.supervisor.machine import AlreadyRunning, is_free, only_one, tail


def run(settings: Settings) -> int:
    """Run gateway, services, worker and (in the demo) the simulators until a signal; returns the exit code."""
    try:
        with only_one(settings.data_dir / "run"):
            if taken := _taken_ports(settings):
                _say("\n".join(taken))
                return 1
            _say("Bringing the databases up to date ...")
            logs = settings.data_dir / "log"
            if not _finish(("migrate", "seed") if settings.is_demo else ("migrate",), logs):
                return 1
            supervisor = Supervisor(programs(settings), logs, _say)
            _say("Starting ...")
            return supervisor.run(lambda: _ready(settings, logs))
    except AlreadyRunning as other:
        _say(
            f"Anxin is already running in {settings.data_dir} (process {other}).\n"
            "Stop it there with Ctrl-C, or choose another folder with ANXIN_DATA_DIR and other ports."
        )
        return 1
    except KeyboardInterrupt:  # Ctrl-C before there was anything to stop; the step that ran has got it too
        return 128 + signal.SIGINT


def programs(settings: Settings) -> tuple[Program, ...]:
    """Every process of this machine, in the order in which they start."""
    webs = [_web(settings, name) for name in _web_names(settings)]
    names = (*SERVICES, "gateway")
    signs = tuple(settings.data_dir / "alive" / name for name in names)  # what the worker touches
    worker = Program("worker", _anxin("worker", *names), signs=signs)
    return (*webs[:5], worker, *webs[5:])


def _web_names(settings: Settings) -> tuple[str, ...]:
    return ("gateway", *SERVICES, *(SIMULATORS if settings.is_demo else ()))


def _web(settings: Settings, name: str) -> Program:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return Program(name, _anxin("web", name), health=f"http://{host}:{settings.ports[name]}/health/ready")


def _anxin(*arguments: str) -> tuple[str, ...]:
    return (sys.executable, "-m", "shared.cli", *arguments)


def _taken_ports(settings: Settings) -> list[str]:
    return [
        f"Port {settings.ports[name]} ({name}) is used by another program. "
        f"End that program, or choose another port with ANXIN_{name.upper()}_PORT."
        for name in _web_names(settings)
        if not is_free(settings.host, settings.ports[name])
    ]


def _finish(roles: tuple[str, ...], logs: Path) -> bool:
    """Run roles that end by themselves, in one process. If one fails, the end of their log is shown."""
    logs.mkdir(parents=True, exist_ok=True)
    path = logs / "prepare.log"
    each_in_turn = " or ".join(f"main([{role!r}])" for role in roles)
    with path.open("wb") as log:
        process = subprocess.Popen(
            (sys.executable, "-c", f"import sys; from shared.cli import main; sys.exit({each_in_turn})"),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            preexec_fn=die_with_supervisor(),  # noqa: PLW1509 - the supervisor has one thread
        )
        code = process.wait()
    if code != 0:
        _say(f"anxin {' and '.join(roles)} failed. The end of {path}:\n{tail(path)}")
    return code == 0


def _ready(settings: Settings, logs: Path) -> None:
    _welcome(settings)
    if settings.is_demo:
        with (logs / "demo-day.log").open("ab") as log:
            # It ends by itself, or with this process; nobody waits for it.
            subprocess.Popen(
                _anxin("demo-day"),
                stdin=subprocess.DEVNULL,
                stderr=log,
                preexec_fn=die_with_supervisor(),  # noqa: PLW1509 - the supervisor has one thread
            )


def _welcome(settings: Settings) -> None:
    _say(f"\nAnxin 安心 is ready: {settings.url('gateway')}")
    logins = settings.data_dir / "demo-logins.txt"
    if settings.is_demo and logins.exists():
        _say(logins.read_text(encoding="utf-8").rstrip())
    _say(f"Logs are in {settings.data_dir / 'log'}. Ctrl-C stops everything.\n")


def _say(text: str) -> None:
    print(text, flush=True)
