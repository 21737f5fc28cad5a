"""The two systems that bookings are measured on: ours, and the bare gateway and service, each on its own database."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg

from bench.crowd import Hospital, Person, make_crowd, write_accounts
from bench.processes import Program, backends, free_ports, gunicorn, new_database, programs, start
from gateway.app import SERVICE as GATEWAY
from services.appointments.app import SERVICE as APPOINTMENTS
from services.billing.app import SERVICE as BILLING
from shared.database import Database, upgrade
from shared.messaging.broker import Broker
from shared.messaging.worker import Worker
from shared.service import Service
from shared.settings import Settings

RABBITMQ = os.environ.get("ANXIN_TEST_RABBITMQ_URL", "amqp://guest:guest@127.0.0.1:5672//")
DRAIN_SECONDS = 10.0
Request = dict[str, Any]
"""A request as the load generator reads it."""
_WAITING = "SELECT count(*) FROM outbox WHERE published_at IS NULL"


@dataclass
class System:
    """Something that books: where it listens, what runs for it, and where it keeps what."""

    name: str
    port: int
    prefix: str
    database_urls: list[str]
    """The first is that of appointments."""
    programs: list[Program] = field(default_factory=list)
    relays: bool = False

    def booking(self, person: Person, slot_id: UUID) -> Request:
        """One person asks for a place."""
        headers = self._signed(person) | {"Idempotency-Key": uuid4().hex}
        body = {"slot_id": str(slot_id), "patient_id": str(person.patient_id)}
        return {"method": "POST", "path": f"{self.prefix}/appointments", "headers": headers, "body": body}

    def looking(self, person: Person, practitioner_id: UUID, day: date) -> Request:
        """One person asks for the slots of a day."""
        path = f"{self.prefix}/practitioners/{practitioner_id}/slots?date={day}"
        return {"method": "GET", "path": path, "headers": self._signed(person)}

    @staticmethod
    def _signed(person: Person) -> dict[str, str]:
        return {"Authorization": f"Bearer {person.token}", "Anxin-Patient": str(person.patient_id)}

    def cpu(self) -> dict[str, float]:
        """Seconds of processor that each of its own programs has used so far."""
        return {each.name: each.cpu() for each in self.programs}

    def database_cpu(self) -> dict[int, float]:
        """The same for each PostgreSQL process that serves it."""
        found: dict[int, float] = {}
        for url in self.database_urls:
            found |= backends(url)
        return found

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        """Rows of its appointments database."""
        with psycopg.connect(self.database_urls[0]) as connection:
            return connection.execute(query).fetchall()

    def settle(self) -> None:
        """Wait until the relay has sent what the last run left, so that it does not run into the next one."""
        if not self.relays:
            return
        deadline = time.monotonic() + DRAIN_SECONDS
        with psycopg.connect(self.database_urls[0], autocommit=True) as connection:
            while waiting := connection.execute(_WAITING).fetchall()[0][0]:
                if time.monotonic() > deadline:
                    raise SystemExit(f"the relay left {waiting} facts after {DRAIN_SECONDS:.0f} s")
                time.sleep(0.02)


@contextmanager
def both(folder: Path, people: int, worker: str) -> Iterator[tuple[Hospital, list[Person], System, System]]:
    """Ours and the bare one, filled, running and answering. `worker`: rabbitmq, filesystem or none."""
    hospital, crowd = Hospital(), make_crowd(people)
    with new_database() as ours, new_database() as gateway, new_database() as bare, programs() as started:
        for service, url in ((APPOINTMENTS, ours), (GATEWAY, gateway)):
            _migrate(service, url)
        hospital.write(ours, crowd)
        write_accounts(gateway, crowd)
        hospital.write_bare(bare)
        with _worker(started, folder, worker, _environment(folder, ours, gateway)) as env:
            yield hospital, crowd, _ours(started, folder, env, [ours, gateway]), _bare(started, folder, bare)


def _migrate(service: Service, url: str) -> None:
    database = Database(url, service.toolbox)
    upgrade(database.engine, service.migrations)
    database.close()


def _environment(folder: Path, appointments_url: str, gateway_url: str) -> dict[str, str]:
    ports = dict(zip(("GATEWAY", "APPOINTMENTS"), free_ports(2), strict=True))
    return {
        "ANXIN_PROFILE": "demo",
        "ANXIN_DATA_DIR": str(folder),
        "ANXIN_APPOINTMENTS_DATABASE_URL": appointments_url,
        "ANXIN_GATEWAY_DATABASE_URL": gateway_url,
        **{f"ANXIN_{name}_PORT": str(port) for name, port in ports.items()},
    }


def _ours(started: list[Program], folder: Path, env: dict[str, str], database_urls: list[str]) -> System:
    for role, name in (("service", "appointments"), ("gateway", "gateway")):
        program = start(started, folder, role, [sys.executable, "-m", "shared.cli", "web", name], env)
        program.wait_until(f"http://127.0.0.1:{env[f'ANXIN_{name.upper()}_PORT']}/health/ready")
    relays = any(each.name == "worker" for each in started)
    port = int(env["ANXIN_GATEWAY_PORT"])
    return System("Anxin", port, "/api/v1/appointments", database_urls, list(started), relays)


def _bare(started: list[Program], folder: Path, database_url: str) -> System:
    front, back = free_ports(2)
    env = {"BENCH_DATABASE_URL": database_url, "BENCH_SERVICE_URL": f"http://127.0.0.1:{back}"}
    own = [
        start(started, folder, name, gunicorn(f"bench.bare:{name}()", port), env)
        for name, port in (("service", back), ("gateway", front))
    ]
    for program in own:
        program.wait_until(f"http://127.0.0.1:{front}/ready" if program is own[1] else f"http://127.0.0.1:{back}/ready")
    return System("bare", front, "", [database_url], own)


# ------------------------------------------------------------------------------------------------------- the worker


@contextmanager
def _worker(started: list[Program], folder: Path, kind: str, env: dict[str, str]) -> Iterator[dict[str, str]]:
    """The worker of appointments, on a queue of its own; billing's queue is there too, so that facts arrive."""
    if kind == "none":
        yield env
        return
    url = RABBITMQ if kind == "rabbitmq" else "filesystem://"
    namespace = f"bench-{uuid4().hex[:12]}"
    env = env | {"ANXIN_BROKER_URL": url, "BENCH_NAMESPACE": namespace}
    broker = Broker(url, folder, namespace=namespace)
    names = ["appointments"]
    if broker.is_amqp:  # a folder would fill up with what nobody takes, and hold the relay up
        names.append("billing")
        broker.open([BILLING]).release()
    try:
        start(started, folder, "worker", [sys.executable, "-c", "from bench.systems import work; work()"], env)
        yield env
    finally:
        worker = next(each for each in started if each.name == "worker")
        worker.process.terminate()
        worker.process.wait(timeout=20)
        broker.drop(names)


def work() -> None:
    """What the worker's process runs."""
    settings = Settings.from_environment()
    broker = Broker(settings.broker_url, settings.data_dir, namespace=os.environ["BENCH_NAMESPACE"])
    sys.exit(Worker([APPOINTMENTS], settings, broker=broker).run())
