"""Bookings per second from gateway to PostgreSQL, many slots and one hot slot, and slot lists, beside a bare limit.

`python -m bench.bookings` starts the gateway, appointments and its worker, and beside them a bare gateway and service
that do the same without any promise. Runs are interleaved and the middle one of three counts; trust the ratios, the
rates depend on what else the machine does. PostgreSQL: ANXIN_TEST_POSTGRES_URL; RabbitMQ: ANXIN_TEST_RABBITMQ_URL.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any
from uuid import UUID

from bench.crowd import Hospital, Person
from bench.history import HELD
from bench.systems import Request, System, both

CLIENTS = (1, 8, 32)
LOOKING_CLIENTS = (8, 32)
FASTEST = {1: 700, 8: 1_800, 32: 2_400}
"""No run makes more requests a second than this; it sets how large the crowd is."""
MOST_SECONDS = 150.0
WARM_UP_SECONDS = 0.4
GOALS = "goals: 0.65 of bare at 32 clients, hot 0.95 of spread"


@dataclass(frozen=True)
class Case:
    """What is asked, and by how many at once."""

    kind: str
    clients: int


@dataclass(frozen=True)
class Run:
    """One run: requests a second, latencies in ms, and the ms of processor that each part used for a request."""

    rate: float
    p50: float
    p99: float
    gateway: float
    service: float
    worker: float
    database: float

    @property
    def cpu(self) -> float:
        """All but the database."""
        return self.gateway + self.service + self.worker


class Bench:
    """The crowd comes to one system or the other; everybody books once."""

    def __init__(self, hospital: Hospital, crowd: list[Person], seconds: float) -> None:
        self.hospital, self.crowd, self.seconds = hospital, crowd, seconds
        self._next = iter(crowd)
        self._random = random.Random(7)
        spread = list(hospital.spread)
        self._random.shuffle(spread)
        self._slots = itertools.cycle(spread)
        self.sold: Counter[str] = Counter()

    def run(self, system: System, case: Case, seconds: float | None = None) -> Run:
        """One run, with everything that the system does for it until it rests again."""
        seconds = seconds or self.seconds
        plan = list(itertools.islice(self._plan(system, case.kind), int(FASTEST[case.clients] * seconds)))
        before, database = system.cpu(), system.database_cpu()
        result = load(system, plan, case.clients, seconds)
        system.settle()
        spent = {name: now - before[name] for name, now in system.cpu().items()}
        spent["database"] = sum(now - database.get(pid, 0.0) for pid, now in system.database_cpu().items())
        expected = "200" if case.kind == "list" else "201"
        if set(result["statuses"]) != {expected}:
            raise SystemExit(f"{system.name}, {case}: not every answer was {expected}: {result['statuses']}")
        if case.kind != "list":
            self.sold[system.name] += result["count"]
        parts = (spent.get(name, 0.0) / result["count"] * 1000 for name in ("gateway", "service", "worker", "database"))
        return Run(result["rate"], result["p50"], result["p99"], *parts)

    def _plan(self, system: System, kind: str) -> Iterator[Request]:
        while kind == "list":
            person, slot = self._random.choice(self.crowd), self._random.choice(self.hospital.spread)
            yield system.looking(person, slot.practitioner_id, slot.date)
        while True:
            slot = self.hospital.hot if kind == "hot" else next(self._slots)
            yield system.booking(next(self._next), slot.id)

    def sell_out(self, system: System) -> None:
        """More people than places on one day: every place is sold once, everybody else hears that it is taken."""
        places = {each.id: each.capacity for each in self.hospital.contended}
        wanted = [slot_id for slot_id, capacity in places.items() for _ in range(capacity + capacity // 2)]
        self._random.shuffle(wanted)
        plan = [system.booking(next(self._next), slot_id) for slot_id in wanted]
        statuses = load(system, plan, 32, 20.0)["statuses"]
        sold, total = taken_by_slot(system), sum(places.values())
        if statuses != {"201": total, "409": len(wanted) - total}:
            raise SystemExit(f"{system.name}: {total} places, {len(wanted)} people, answers {statuses}")
        if {slot_id: sold.get(slot_id, 0) for slot_id in places} != places:
            raise SystemExit(f"{system.name}: a slot of the contended day is not exactly full")
        self.sold[system.name] += total


def load(system: System, plan: list[Request], clients: int, seconds: float) -> dict[str, Any]:
    """Let the load generator work through the plan in a process of its own."""
    order = {"port": system.port, "clients": clients, "seconds": seconds, "requests": plan}
    command = [sys.executable, "-m", "bench.load"]
    done = subprocess.run(command, input=json.dumps(order), capture_output=True, text=True, timeout=60, check=False)
    if done.returncode:
        raise SystemExit(f"{system.name}: {done.stderr}")
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def taken_by_slot(system: System) -> dict[UUID, int]:
    """How many appointments each slot really has."""
    rows: Any = system.ask("SELECT slot_id, count(*) FROM appointments GROUP BY slot_id")
    return dict(rows)


def check(system: System, visits: int) -> None:
    """Every answer 201 is one appointment, every slot counts its own, and (ours) each has one fact and one key.

    `visits` are those of the past and those that people were told they have.
    """
    [[appointments, people]] = system.ask("SELECT count(*), count(DISTINCT patient_id) FROM appointments")
    found = {"appointments": appointments, "people": people}
    [[found["places taken"]]] = system.ask("SELECT sum(taken) FROM slots")
    if system.name == "Anxin":
        [[found["facts"], facts_of]] = system.ask(
            f"SELECT count(*), count(DISTINCT envelope->>'subject') FROM outbox WHERE type = '{HELD}'"
        )
        found["appointments with a fact"] = facts_of
        [[found["keys"]]] = system.ask("SELECT count(*) FROM idempotency_keys WHERE status = 201")
    if set(found.values()) != {visits}:
        raise SystemExit(f"{system.name}: {visits} people were told that they have a place, but there are {found}")
    wrong = system.ask(
        "SELECT count(*) FROM slots WHERE taken > capacity"
        " OR taken <> (SELECT count(*) FROM appointments WHERE slot_id = slots.id)"
    )
    if wrong != [(0,)]:
        raise SystemExit(f"{system.name}: {wrong} slots are oversold or count wrongly")


def measure(bench: Bench, systems: list[System], cases: list[Case], rounds: int, until: float) -> dict[Any, list[Run]]:
    """Every case on every system, in turn; as many rounds as are asked for and fit into the time.

    What is compared runs one after the other: ours and the bare one, many slots and the hot one.
    """
    runs: dict[Any, list[Run]] = {(each.name, case): [] for each in systems for case in cases}
    neighbours = sorted(cases, key=lambda case: case.clients)
    for nth in range(rounds):
        began = time.monotonic()
        for place, case in enumerate(neighbours, start=nth):
            for system in systems if place % 2 else reversed(systems):
                runs[system.name, case].append(bench.run(system, case))
        if 2 * time.monotonic() - began > until:
            break
    return runs


def middle(runs: list[Run]) -> Run:
    """The median of each number."""
    return Run(*(median(getattr(each, name) for each in runs) for name in Run.__dataclass_fields__))


def show(runs: dict[Any, list[Run]], cases: list[Case]) -> None:
    """Print the table."""
    print(f"{'':<23}{'a':>9}{'p50':>9}{'p99':>9}   CPU ms a request of{'':>22}{'rate':>7}{'CPU':>7}{'hot of':>8}")
    print(f"{'':<15}{'clients':>8}{'second':>9}{'ms':>9}{'ms':>9}", end="")
    print(f"{'gateway':>11}{'service':>9}{'worker':>9}{'database':>10}{'of bare':>9}{'of bare':>8}{'spread':>8}")
    for case in cases:
        for name in ("Anxin", "bare"):
            it = middle(runs[name, case])
            print(f"{name + ' ' + case.kind:<15}{case.clients:>8}{it.rate:>9.0f}{it.p50:>9.1f}{it.p99:>9.1f}", end="")
            print(f"{it.gateway:>11.2f}{it.service:>9.2f}{it.worker:>9.2f}{it.database:>10.2f}", end="")
            print(compared(runs, case) if name == "Anxin" else "")


def compared(runs: dict[Any, list[Run]], case: Case) -> str:
    """Our rate and processor time beside the bare limit's, and a hot slot's rate beside that of many."""
    text = f"{ratio(runs, ('Anxin', case), ('bare', case)):>9.2f}"
    text += f"{middle(runs['Anxin', case]).cpu / middle(runs['bare', case]).cpu:>8.2f}"
    spread = ("Anxin", Case("spread", case.clients))
    return text + (f"{ratio(runs, ('Anxin', case), spread):>8.2f}" if case.kind == "hot" and spread in runs else "")


def ratio(runs: dict[Any, list[Run]], one: Any, other: Any) -> float:
    """The median of the ratios of neighbouring runs: what disturbs one disturbs the other too."""
    return median(mine.rate / its.rate for mine, its in zip(runs[one], runs[other], strict=True))


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--worker", choices=("rabbitmq", "filesystem", "none"), default="rabbitmq")
    parser.add_argument("--seconds", type=float, default=1.5, help="of one run")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--clients", type=int, nargs="+", choices=CLIENTS, default=list(CLIENTS))
    parser.add_argument("--kinds", nargs="+", choices=("spread", "hot", "list"), default=["spread", "hot", "list"])
    return parser.parse_args()


def main() -> None:
    """Start both, warm up, sell out one day, measure, check the books, print."""
    asked, until = options(), time.monotonic() + MOST_SECONDS
    every = [Case(kind, clients) for kind in asked.kinds for clients in asked.clients]
    cases = [each for each in every if each.kind != "list" or each.clients in LOOKING_CLIENTS]
    runs_each = asked.rounds * asked.seconds
    people = sum(2 * FASTEST[each.clients] * runs_each for each in cases if each.kind != "list")
    spare = 2 * 3 * FASTEST[32] * WARM_UP_SECONDS
    with (
        tempfile.TemporaryDirectory(prefix="anxin-bench-") as name,
        both(Path(name), int(people + spare) + 2_000, asked.worker) as (hospital, crowd, ours, bare),
    ):
        bench, systems = Bench(hospital, crowd, asked.seconds), [ours, bare]
        for system in systems:
            bench.sell_out(system)
            for kind in asked.kinds:
                bench.run(system, Case(kind, 32), WARM_UP_SECONDS)
        runs = measure(bench, systems, cases, asked.rounds, until - 10)
        for system in systems:
            check(system, len(hospital.history) + bench.sold[system.name])
    rounds = len(next(iter(runs.values())))
    print(f"PostgreSQL, one process each for gateway and service, worker: {asked.worker}; median of {rounds} runs of")
    print(f"{asked.seconds:g} s each; load of the machine {os.getloadavg()[0]:.1f}; {GOALS}\n")
    show(runs, cases)
    print(f"\n{bench.sold['Anxin']} places sold: none twice, none left where more people came, one fact each")


if __name__ == "__main__":
    main()
