"""`make run` with processes that are killed, a second start, and a stop that leaves nothing behind."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest
import requests

from tests.support.running import WEBS, RunningHospital, running_hospital


@pytest.fixture(scope="module")
def hospital(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHospital]:
    with running_hospital(tmp_path_factory.mktemp("hospital")) as running:
        yield running


def test_every_door_is_ready_when_the_hospital_says_so(hospital: RunningHospital) -> None:
    answers = {name: requests.get(f"{hospital.url(name)}/health/ready", timeout=5).status_code for name in WEBS}
    assert answers == dict.fromkeys(WEBS, 200)


@pytest.mark.parametrize("name", ["gateway", "billing", "worker"])
def test_a_killed_process_is_there_again_without_help(hospital: RunningHospital, name: str) -> None:
    os.kill(hospital.process_of(name), signal.SIGKILL)
    hospital.wait_for(f"{name} was killed by SIGKILL; next start in")
    assert hospital.wait_for(f"{name} is ready again") == f"{name} is ready again."


def test_a_second_start_in_the_same_folder_says_who_runs_there(hospital: RunningHospital) -> None:
    second = subprocess.run(
        [sys.executable, "-m", "shared.cli", "up"],
        env=hospital.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert second.returncode == 1
    assert second.stdout.splitlines()[0] == (
        f"Anxin is already running in {hospital.folder} (process {hospital.supervisor.pid})."
    )


def test_a_start_on_ports_that_are_used_names_each_of_them(hospital: RunningHospital) -> None:
    elsewhere = hospital.environment | {"ANXIN_DATA_DIR": f"{hospital.folder}-second"}
    second = subprocess.run(
        [sys.executable, "-m", "shared.cli", "up"], env=elsewhere, capture_output=True, text=True, check=False
    )
    assert second.returncode == 1
    assert second.stdout.splitlines() == [
        f"Port {hospital.ports[name]} ({name}) is used by another program. "
        f"End that program, or choose another port with ANXIN_{name.upper()}_PORT."
        for name in WEBS
    ]


def test_a_polite_stop_ends_every_process(hospital: RunningHospital) -> None:
    watched = {name: os.pidfd_open(hospital.process_of(name)) for name in (*WEBS, "worker")}
    assert hospital.stop() == 0
    ended = {name: bool(select.select([each], [], [], 10)[0]) for name, each in watched.items()}
    for each in watched.values():
        os.close(each)
    assert ended == dict.fromkeys((*WEBS, "worker"), True)
