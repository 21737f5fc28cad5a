"""Whatever is cut off wherever, and however the insurer behaves, a stay is settled once or not at all."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest

from shared.database import Database
from shared.service import Service
from simulators.insurer.moods import Mood
from tests.billing.insurer import Insurance, open_insurance
from tests.support.clock import StandingClock
from tests.support.crashes import CallCounter, Crash, crash_points, watched
from tests.support.databases import make_settings

SETTLED = ("settlement", 9_126_16, 1_000_00)
UNDONE = ("cancellation", -9_126_16, -1_000_00)


def to_settle(insurance: Insurance) -> None:
    """A claim that the person has agreed to."""
    insurance.claim(settle=False)
    insurance.turn()


def settle(insurance: Insurance) -> None:
    """It is wanted and carried to the insurer."""
    insurance.settle()
    insurance.turn()


def settled_unheard(insurance: Insurance) -> None:
    """A claim whose settlement was done and not heard."""
    to_settle(insurance)
    insurance.mood("2304", Mood.LOST)
    settle(insurance)


def undo(insurance: Insurance) -> None:
    """It is called off, and that is carried to the insurer."""
    insurance.undo()
    insurance.turn()


def open_and_carry(insurance: Insurance) -> None:
    """A claim is opened and carried through in one go."""
    insurance.claim()
    insurance.turn()
    insurance.turn()


def nothing(_insurance: Insurance) -> None:
    """Nothing has happened yet."""


@pytest.mark.parametrize(
    ("prepare", "act", "infno", "mood", "state", "movements"),
    [
        pytest.param(nothing, open_and_carry, "2304", Mood.NORMAL, "settled", [SETTLED], id="all in one go"),
        pytest.param(to_settle, settle, "2304", Mood.LOST, "settled", [SETTLED], id="settled and unheard"),
        pytest.param(to_settle, settle, "2304", Mood.SILENT, "settled", [SETTLED], id="silent"),
        pytest.param(settled_unheard, undo, "2601", Mood.LOST, "reversed", [SETTLED, UNDONE], id="reversal unheard"),
        pytest.param(settled_unheard, undo, "5203", Mood.SILENT, "reversed", [SETTLED, UNDONE], id="silent query"),
    ],
)
def test_cut_off_anywhere_it_goes_on_and_happens_once(
    service: Service,
    open_database: Callable[[Service, str], Database],
    clock: StandingClock,
    tmp_path: Path,
    prepare: Callable[[Insurance], None],
    act: Callable[[Insurance], None],
    infno: str,
    mood: Mood,
    state: str,
    movements: list[tuple[str, int, int]],
) -> None:
    database, number = open_database(service, "sqlite"), count()

    def begin() -> Insurance:
        made = open_insurance(database, make_settings(tmp_path / f"insurer-{next(number)}"), clock)
        made.admit()
        made.insure()
        made.turn()
        prepare(made)
        made.mood(infno, mood)
        return made

    insurance = begin()
    with watched(CallCounter(), database) as counter:
        act(insurance)
    insurance.later(400, turns=3)
    assert insurance.movements() == movements
    crashes = 0
    for at, after in crash_points(counter.calls):
        insurance = begin()
        with pytest.raises(Crash), watched(CallCounter(at, after=after), database):
            act(insurance)
        crashes += 1
        if not insurance.claims():
            insurance.claim()
        insurance.undo() if act is undo else insurance.settle()
        insurance.later(400, turns=4)
        assert [(claim.state) for claim in insurance.claims()] == [state], (at, after)
        assert insurance.movements() == movements, (at, after)
    assert crashes == 2 * counter.calls > 20
