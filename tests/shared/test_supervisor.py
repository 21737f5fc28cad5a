"""The supervisor with real processes: each test starts one in a process of its own, and listens to what it says."""

from __future__ import annotations

import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from shared.messaging.worker import alive_file
from shared.settings import Settings
from shared.supervisor.hospital import programs
from shared.supervisor.machine import AlreadyRunning, answers, is_free, only_one, tail

pytestmark = pytest.mark.processes

PATIENCE = 20.0
KEEPER = """
import sys
from pathlib import Path
from shared.supervisor.keeper import Patience, Program, Supervisor

def say(text):
    print(text, flush=True)

def program(signs=(), **each):
    return Program(signs=tuple(map(Path, signs)), **each)

programs = tuple(program(**each) for each in {programs!r})
supervisor = Supervisor(programs, Path({logs!r}), say, Patience(**{patience!r}))
sys.exit(supervisor.run(lambda: say("all ready")))
"""
SERVER = """
import http.server, os, sys, pathlib

class Health(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if pathlib.Path(sys.argv[2]).exists() else 503)
        self.end_headers()
        pathlib.Path(sys.argv[2]).touch()

http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Health).serve_forever()
"""
STUBBORN = "trap '' TERM; echo $$; exec sleep 600"
WAITING = 'echo "$$"; exec sleep 600'


class Supervised:
    """A supervisor in a process of its own."""

    def __init__(self, logs: Path, programs: list[dict[str, object]], patience: dict[str, float]) -> None:
        self.logs = logs
        script = KEEPER.format(programs=programs, logs=str(logs), patience=patience)
        self.process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)

    def line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().rstrip("\n")

    def pid_of(self, name: str) -> int:
        """What the program wrote last into its log: its own process id."""
        return int((self.logs / f"{name}.log").read_text().split()[-1])

    def ended(self) -> int:
        return self.process.wait(PATIENCE)


Supervise = Callable[..., Supervised]


@pytest.fixture
def supervise(tmp_path: Path) -> Iterator[Supervise]:
    started: list[Supervised] = []

    def start(*programs: dict[str, object], **patience: float) -> Supervised:
        started.append(Supervised(tmp_path / "log", list(programs), patience))
        return started[-1]

    yield start
    for supervised in started:
        supervised.process.kill()
        supervised.process.wait()
        assert supervised.process.stdout is not None
        supervised.process.stdout.close()


@pytest.fixture
def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def shell(name: str, script: str) -> dict[str, object]:
    return {"name": name, "command": ("/bin/sh", "-c", script)}


def server(name: str, port: int, told: Path) -> dict[str, object]:
    """A server that says 503 at the first question and 200 from then on."""
    command = (sys.executable, "-c", SERVER, str(port), str(told))
    return {"name": name, "command": command, "health": f"http://127.0.0.1:{port}/health/ready"}


def gone(pidfd: int) -> bool:
    """Whether the process ends while we wait for it."""
    try:
        return bool(select.select([pidfd], [], [], PATIENCE)[0])
    finally:
        os.close(pidfd)


def first_log_line(supervised: Supervised, name: str) -> int:
    """Wait until a program without health address has written its process id."""
    path = supervised.logs / f"{name}.log"
    while not path.exists() or not path.read_text().endswith("\n"):
        os.sched_yield()
    return supervised.pid_of(name)


def test_everything_is_ready_only_when_the_last_program_answers_200(
    supervise: Supervise, free_port: int, tmp_path: Path
) -> None:
    hospital = supervise(server("gateway", free_port, tmp_path / "told"), shell("worker", WAITING))
    assert hospital.line() == "all ready"
    assert (tmp_path / "told").exists()
    assert answers(f"http://127.0.0.1:{free_port}/health/ready")


def test_a_worker_is_ready_when_it_has_given_a_sign_of_life(supervise: Supervise, tmp_path: Path) -> None:
    sign = tmp_path / "alive"
    worker = shell("worker", f"touch {sign}; exec sleep 600") | {"signs": [str(sign)]}
    assert supervise(worker).line() == "all ready"


def test_a_sign_of_life_from_an_earlier_run_does_not_count(supervise: Supervise, tmp_path: Path) -> None:
    sign = tmp_path / "alive"
    sign.touch()
    os.utime(sign, (1, 1))
    hospital = supervise(shell("worker", WAITING) | {"signs": [str(sign)]}, ready=0.1)
    assert hospital.line() == f"worker did not become ready. The end of {hospital.logs / 'worker.log'}:"


def test_a_polite_stop_ends_every_program_and_is_no_error(supervise: Supervise) -> None:
    hospital = supervise(shell("gateway", WAITING), shell("worker", WAITING))
    assert hospital.line() == "all ready"
    watched = [os.pidfd_open(first_log_line(hospital, name)) for name in ("gateway", "worker")]
    hospital.process.send_signal(signal.SIGTERM)
    assert hospital.line() == "Stopping ..."
    assert hospital.ended() == 0
    assert [gone(each) for each in watched] == [True, True]


def test_a_program_that_is_killed_is_started_again_and_the_person_is_told(supervise: Supervise) -> None:
    hospital = supervise(shell("billing", WAITING), first_pause=0.01)
    assert hospital.line() == "all ready"
    first = first_log_line(hospital, "billing")
    os.kill(first, signal.SIGKILL)
    log = hospital.logs / "billing.log"
    assert hospital.line() == f"billing was killed by SIGKILL; next start in 0.01 s. Its log is {log}."
    assert hospital.line() == "billing is ready again."
    while hospital.pid_of("billing") == first:
        os.sched_yield()
    os.kill(hospital.pid_of("billing"), 0)


def test_a_program_that_cannot_live_is_tried_with_growing_pauses_up_to_the_longest(supervise: Supervise) -> None:
    hospital = supervise(shell("meals", "exit 3"), first_pause=0.01, longest_pause=0.04)
    said = (hospital.line() for _ in range(20))
    deaths = (line.split("next start in ")[1].split(" s.")[0] for line in said if "ended with code 3" in line)
    assert [next(deaths) for _ in range(4)] == ["0.01", "0.02", "0.04", "0.04"]


def test_a_program_that_does_not_end_when_asked_is_killed(supervise: Supervise) -> None:
    hospital = supervise(shell("records", STUBBORN), stop=0.2)
    assert hospital.line() == "all ready"
    watched = os.pidfd_open(first_log_line(hospital, "records"))
    hospital.process.send_signal(signal.SIGINT)
    assert hospital.line() == "Stopping ..."
    assert hospital.line() == "records did not end in time and is killed."
    assert hospital.ended() == 0
    assert gone(watched)


def test_a_second_stop_signal_does_not_wait_any_longer(supervise: Supervise) -> None:
    hospital = supervise(shell("records", STUBBORN), stop=600)
    assert hospital.line() == "all ready"
    watched = os.pidfd_open(first_log_line(hospital, "records"))
    hospital.process.send_signal(signal.SIGINT)
    assert hospital.line() == "Stopping ..."
    hospital.process.send_signal(signal.SIGINT)
    assert hospital.line() == "records did not end in time and is killed."
    assert hospital.ended() == 0
    assert gone(watched)


def test_no_program_survives_the_death_of_the_supervisor(supervise: Supervise) -> None:
    hospital = supervise(shell("gateway", WAITING), shell("worker", WAITING))
    assert hospital.line() == "all ready"
    watched = [os.pidfd_open(first_log_line(hospital, name)) for name in ("gateway", "worker")]
    hospital.process.kill()
    assert [gone(each) for each in watched] == [True, True]


def test_what_a_dead_program_had_started_is_ended_before_it_is_started_again(supervise: Supervise) -> None:
    hospital = supervise(shell("gateway", "sleep 600 & echo $!; wait"), first_pause=0.01)
    assert hospital.line() == "all ready"
    helper = first_log_line(hospital, "gateway")
    watched = os.pidfd_open(helper)
    os.kill(os.getpgid(helper), signal.SIGKILL)
    assert "was killed by SIGKILL" in hospital.line()
    assert gone(watched)


def test_a_program_that_never_becomes_ready_ends_the_start_and_shows_its_log(
    supervise: Supervise, free_port: int
) -> None:
    silent = shell("appointments", "echo the database is locked; exec sleep 600")
    silent["health"] = f"http://127.0.0.1:{free_port}/health/ready"
    hospital = supervise(silent, ready=0.3, probe=0.02)
    log = hospital.logs / "appointments.log"
    assert hospital.line() == f"appointments did not become ready. The end of {log}:"
    assert hospital.line() == "    the database is locked"
    assert hospital.line() == "Stopping ..."
    assert hospital.ended() == 1


def test_a_second_supervisor_in_the_same_folder_is_told_who_runs_there(tmp_path: Path) -> None:
    with only_one(tmp_path), pytest.raises(AlreadyRunning) as caught, only_one(tmp_path):
        pass
    assert str(caught.value) == str(os.getpid())
    with only_one(tmp_path):
        pass


def test_a_port_that_somebody_listens_on_is_not_free(free_port: int) -> None:
    assert is_free("127.0.0.1", free_port)
    with socket.create_server(("127.0.0.1", free_port)):
        assert not is_free("127.0.0.1", free_port)


def test_the_hospital_waits_for_the_signs_of_life_that_its_worker_gives(settings: Settings) -> None:
    names = ("appointments", "billing", "meals", "records", "gateway")
    worker = next(each for each in programs(settings) if each.name == "worker")
    assert worker.command[-len(names) :] == names
    assert worker.signs == tuple(alive_file(settings.data_dir, name) for name in names)


def test_simulators_are_run_in_the_demonstration_only(settings: Settings) -> None:
    demo = [each.name for each in programs(settings)]
    production = [each.name for each in programs(replace(settings, profile="production"))]
    assert demo == ["gateway", "appointments", "billing", "meals", "records", "worker", "wallet", "insurer", "courier"]
    assert production == demo[:-3]


def test_the_end_of_a_log_is_shown_indented(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_text("one\ntwo\nthree\n")
    assert tail(tmp_path / "a.log", lines=2) == "    two\n    three"
    assert tail(tmp_path / "none.log") == "    (empty)"
