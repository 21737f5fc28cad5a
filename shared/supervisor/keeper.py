"""Keeps processes alive: starts them in order, waits until they are ready, starts again what dies, and stops all of
them together. It knows nothing about hospitals.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import selectors
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from shared.supervisor.machine import answers, tail, touched_since

_PR_SET_PDEATHSIG = 1
_LOG_LIMIT = 10_000_000
_LIBC = ctypes.CDLL(None, use_errno=True)

Say = Callable[[str], None]


@dataclass(frozen=True)
class Program:
    """One process to keep alive. It is ready when its `health` address answers 200 and when it has touched all its
    `signs` of life after it was started; with neither it is ready at once.
    """

    name: str
    command: tuple[str, ...]
    health: str | None = None
    signs: tuple[Path, ...] = ()


@dataclass(frozen=True)
class Patience:
    """How long the supervisor waits, in seconds: for readiness, for a clean end, and before a program starts again."""

    ready: float = 120.0
    stop: float = 10.0
    first_pause: float = 0.5
    longest_pause: float = 30.0
    probe: float = 0.1


@dataclass
class _Child:
    program: Program
    process: subprocess.Popen[bytes] | None = None
    pidfd: int = -1
    started_at: float = 0.0
    born_at: float = 0.0
    start_again_at: float | None = None
    pause: float = 0.0
    recovering: bool = False


def die_with_supervisor() -> Callable[[], None]:
    """What a child does before it becomes its program: ask the kernel for SIGTERM when the supervisor is gone."""
    supervisor = os.getpid()

    def prepare() -> None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != supervisor:
            os._exit(1)

    return prepare


def _is_ready(child: _Child) -> bool:
    program = child.program
    if child.process is None or not all(touched_since(sign, child.born_at) for sign in program.signs):
        return False
    return program.health is None or answers(program.health)


@dataclass
class Supervisor:
    """Keeps `programs` alive until a signal says stop. Logs go to `logs`, one file per program."""

    programs: tuple[Program, ...]
    logs: Path
    say: Say
    patience: Patience = field(default_factory=Patience)

    def __post_init__(self) -> None:
        self._children = [_Child(program) for program in self.programs]
        self._selector = selectors.DefaultSelector()
        self._stop_asked = 0

    def run(self, on_ready: Callable[[], None]) -> int:
        """Start everything, call `on_ready` once all are ready, and return 0 after a signal has stopped everything."""
        self.logs.mkdir(parents=True, exist_ok=True)
        with self._signals():
            try:
                for child in self._children:
                    self._start(child)
                if self._until_ready():
                    on_ready()
                    self._supervise()
                asked = bool(self._stop_asked)
            finally:
                self._stop()
        return 0 if asked else 1

    # --------------------------------------------------------------------------------------------------- starting

    def _start(self, child: _Child) -> None:
        name = child.program.name
        path = self.logs / f"{name}.log"
        if path.exists() and path.stat().st_size > _LOG_LIMIT:
            path.replace(path.with_suffix(".log.1"))
        child.born_at = time.time()
        with path.open("ab") as log:
            child.process = subprocess.Popen(
                child.program.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=die_with_supervisor(),  # noqa: PLW1509 - the supervisor has one thread
            )
        child.pidfd = os.pidfd_open(child.process.pid)
        child.started_at, child.start_again_at = time.monotonic(), None
        self._selector.register(child.pidfd, selectors.EVENT_READ, child)

    def _until_ready(self) -> bool:
        """Wait until every program is ready; False when a signal came or patience ended."""
        deadline = time.monotonic() + self.patience.ready
        waiting = self._children
        while waiting and not self._stop_asked:
            waiting = [child for child in waiting if not _is_ready(child)]
            if waiting and time.monotonic() > deadline:
                for child in waiting:
                    log = self.logs / f"{child.program.name}.log"
                    self.say(f"{child.program.name} did not become ready. The end of {log}:\n{tail(log)}")
                return False
            if waiting:
                self._wait(self.patience.probe)
        return not self._stop_asked

    # ------------------------------------------------------------------------------------------------- supervising

    def _supervise(self) -> None:
        """Until a signal comes: start again what ends, and tell when it is ready again."""
        while not self._stop_asked:
            recovering = [child for child in self._children if child.recovering]
            self._wait(self.patience.probe if recovering else None)
            for child in recovering:
                if _is_ready(child):
                    child.recovering = False
                    self.say(f"{child.program.name} is ready again.")

    def _wait(self, longest: float | None) -> None:
        """Sleep until a program ends, a signal comes, a pause is over or `longest` seconds have passed."""
        now = time.monotonic()
        waits = [child.start_again_at - now for child in self._children if child.start_again_at is not None]
        if longest is not None:
            waits.append(longest)
        for key, _ in self._selector.select(max(0.0, min(waits)) if waits else None):
            if key.data is None:
                os.read(key.fd, 100)
            else:
                self._ended(key.data)
        for child in self._children:
            if child.start_again_at is not None and child.start_again_at <= time.monotonic() and not self._stop_asked:
                self._start(child)
                child.recovering = True

    def _ended(self, child: _Child) -> None:
        code = self._forget(child)
        if self._stop_asked:
            return
        lived = time.monotonic() - child.started_at
        longest = self.patience.longest_pause
        child.pause = self.patience.first_pause if lived > longest or not child.pause else min(child.pause * 2, longest)
        child.start_again_at = time.monotonic() + child.pause
        how = f"was killed by {signal.Signals(-code).name}" if code < 0 else f"ended with code {code}"
        log = self.logs / f"{child.program.name}.log"
        self.say(f"{child.program.name} {how}; next start in {child.pause:g} s. Its log is {log}.")

    def _forget(self, child: _Child) -> int:
        """Reap an ended program together with what is left of its process group, and return its exit code."""
        if child.process is None:
            raise ValueError(f"{child.program.name} is not running")
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.process.pid, signal.SIGKILL)
        code = child.process.wait()
        self._selector.unregister(child.pidfd)
        os.close(child.pidfd)
        child.process = None
        return code

    # ---------------------------------------------------------------------------------------------------- stopping

    def _stop(self) -> None:
        """Ask every program to end, wait, and kill what has not ended when patience is over or a second signal came."""
        self._stop_asked = asked = max(self._stop_asked, 1)
        self.say("Stopping ...")
        running = [child for child in self._children if child.process is not None]
        for child in reversed(running):
            child.start_again_at = None
            if child.process is not None:
                child.process.terminate()
        deadline = time.monotonic() + self.patience.stop
        while any(child.process for child in running) and self._stop_asked == asked and time.monotonic() < deadline:
            self._wait(deadline - time.monotonic())
        for child in running:
            if child.process is not None:
                self.say(f"{child.program.name} did not end in time and is killed.")
                self._forget(child)

    @contextlib.contextmanager
    def _signals(self) -> Iterator[None]:
        """Turn Ctrl-C, SIGTERM and a closed terminal into a counter, and wake the loop."""
        reading, writing = os.pipe()
        os.set_blocking(writing, False)
        self._selector.register(reading, selectors.EVENT_READ, None)

        def ask(_number: int, _frame: FrameType | None) -> None:
            self._stop_asked += 1

        numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        before = [signal.signal(number, ask) for number in numbers]
        wakeup = signal.set_wakeup_fd(writing)
        try:
            yield
        finally:
            signal.set_wakeup_fd(wakeup)
            for number, handler in zip(numbers, before, strict=True):
                signal.signal(number, handler)
            self._selector.close()
            os.close(reading)
            os.close(writing)
