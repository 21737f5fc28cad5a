"""The whole hospital in real processes, as `make run` starts it, in a folder and on ports of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

WEBS = ("gateway", "appointments", "billing", "meals", "records", "wallet", "insurer", "courier")


class RunningHospital:
    """A supervisor with everything it has started."""

    def __init__(self, folder: Path, extra: Mapping[str, str]) -> None:
        self.folder = folder
        self.ports = _free_ports()
        numbers = {f"ANXIN_{name.upper()}_PORT": str(port) for name, port in self.ports.items()}
        self.environment = os.environ | numbers | {"ANXIN_DATA_DIR": str(folder)} | dict(extra)
        self.supervisor = subprocess.Popen(
            [sys.executable, "-m", "shared.cli", "up"], env=self.environment, stdout=subprocess.PIPE, text=True
        )

    def url(self, name: str) -> str:
        """Where a process is reached."""
        return f"http://127.0.0.1:{self.ports[name]}"

    def wait_for(self, words: str) -> str:
        """Read what the supervisor says up to the line with these words, and give that line."""
        assert self.supervisor.stdout is not None
        said = []
        for line in self.supervisor.stdout:
            said.append(line)
            if words in line:
                return line.strip()
        raise AssertionError(f"the supervisor ended without saying {words!r}:\n{''.join(said)}{self.logs()}")

    def logs(self) -> str:
        """The ends of all logs."""
        found = sorted((self.folder / "log").glob("*.log"))
        return "\n".join(f"== {path.name}\n{path.read_text(errors='replace')[-2000:]}" for path in found)

    def process_of(self, name: str) -> int:
        """The process id of a program that the supervisor has started."""
        wanted = ["worker"] if name == "worker" else [f"shared.wsgi:make('{name}')"]
        children = Path(f"/proc/{self.supervisor.pid}/task/{self.supervisor.pid}/children").read_text().split()
        for child in children:
            words = Path(f"/proc/{child}/cmdline").read_text().split("\0")
            if set(wanted) & set(words):
                return int(child)
        raise AssertionError(f"{name} is not running")

    def stop(self) -> int:
        """Ask everything to stop, and give the supervisor's exit code."""
        self.supervisor.send_signal(signal.SIGTERM)
        assert self.supervisor.stdout is not None
        self.supervisor.stdout.read()
        self.supervisor.stdout.close()
        return self.supervisor.wait()


@contextmanager
def running_hospital(folder: Path, **extra: str) -> Iterator[RunningHospital]:
    """Everything started and ready; stopped at the end, whatever happened."""
    hospital = RunningHospital(folder, extra)
    try:
        hospital.wait_for("is ready")
        yield hospital
    finally:
        if hospital.supervisor.poll() is None:
            hospital.stop()


def _free_ports() -> dict[str, int]:
    held = [socket.create_server(("127.0.0.1", 0)) for _ in WEBS]
    try:
        return {name: each.getsockname()[1] for name, each in zip(WEBS, held, strict=True)}
    finally:
        for each in held:
            each.close()
