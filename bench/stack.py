"""The running demonstration: seconds until it is ready (first and later starts), its memory, and what it costs at rest.

It runs in a folder and on ports of its own; the numbers depend on what else the machine does, so its load is printed.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time

import psutil

NAMES = ("gateway", "appointments", "billing", "meals", "records", "wallet")
SETTLE, REST = 15.0, 30.0


def environment(folder: str) -> dict[str, str]:
    """A folder of its own and free ports."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in NAMES]
    numbers = [each.getsockname()[1] for each in sockets]
    ports = {f"ANXIN_{name.upper()}_PORT": str(number) for name, number in zip(NAMES, numbers, strict=True)}
    for each in sockets:
        each.close()
    return os.environ | ports | {"ANXIN_DATA_DIR": folder, "ANXIN_PROFILE": "demo"}


def start(env: dict[str, str]) -> tuple[subprocess.Popen[str], float]:
    """Start everything; the supervisor's process and the seconds until it says that all is ready."""
    begun = time.monotonic()
    command = [sys.executable, "-m", "shared.cli", "up"]
    process = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True)
    said = []
    for line in process.stdout or ():
        said.append(line)
        if "is ready" in line:
            return process, time.monotonic() - begun
    raise SystemExit("".join(said))


def stop(process: subprocess.Popen[str]) -> float:
    """The seconds from the polite signal to the end of the last process."""
    begun = time.monotonic()
    process.send_signal(signal.SIGTERM)
    process.communicate()
    return time.monotonic() - begun


def family(process: subprocess.Popen[str]) -> list[psutil.Process]:
    """The supervisor and all it has started."""
    supervisor = psutil.Process(process.pid)
    return [supervisor, *supervisor.children(recursive=True)]


def processor_seconds(processes: list[psutil.Process]) -> float:
    """What these processes have used so far."""
    return sum(each.cpu_times().user + each.cpu_times().system for each in processes)


def main() -> None:
    """Measure, and print the table."""
    with tempfile.TemporaryDirectory(prefix="anxin-bench-") as folder:
        env = environment(folder)
        process, first = start(env)
        ended = stop(process)
        process, later = start(env)
        time.sleep(SETTLE)
        members = family(process)
        memory = sum(each.memory_full_info().pss for each in members) / 1e6
        before = processor_seconds(members)
        time.sleep(REST)
        rest = (processor_seconds(members) - before) / REST * 100
        stop(process)
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    for what, value, goal in (
        ("first start until ready, with the demo's data", f"{first:.1f} s", ""),
        ("later start until ready", f"{later:.1f} s", "under 10 s"),
        ("stop", f"{ended:.1f} s", "under 10 s"),
        (f"memory of {len(members)} processes (PSS)", f"{memory:.0f} MB", "under 800 MB"),
        ("processor at rest", f"{rest:.1f} % of a core", "under 3 %"),
        ("load of the machine (1, 5, 15 minutes)", load, ""),
    ):
        print(f"{what:<50} {value:>18}   {goal}")


if __name__ == "__main__":
    main()
