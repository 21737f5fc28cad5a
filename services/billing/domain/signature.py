"""The signature on the tablet: strokes of a finger, or a typed name from who cannot draw; checked by content."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

from services.billing.domain.settlement_errors import SignatureEmpty

WIDTH, HEIGHT = 1000, 500
"""The pad's own units, whatever the screen: a signature looks the same on every device."""
MOST_STROKES, MOST_POINTS = 100, 3000
LEAST_INK = 150
LEAST_WIDTH = 60
"""What is shorter or narrower is a slip of the finger (in the pad's units; the pad is 1000 wide)."""
LONGEST_NAME = 60

Point = tuple[int, int]
Stroke = tuple[Point, ...]


@dataclass(frozen=True, kw_only=True)
class Signature:
    """Either strokes in the pad's units, or a typed name; never both."""

    strokes: tuple[Stroke, ...] = ()
    typed: str = ""


def read_signature(strokes: Sequence[Sequence[Sequence[int]]], typed: str) -> Signature:
    """A signature from what the tablet sent. Raises SignatureEmpty for what is none, or more than a hand draws."""
    name = " ".join(typed.split())
    if name:
        if strokes or not 2 <= len(name) <= LONGEST_NAME:  # noqa: PLR2004 (a surname and a given name)
            raise SignatureEmpty
        return Signature(typed=name)
    drawn = tuple(tuple((int(x), int(y)) for x, y in stroke) for stroke in strokes)
    points = [point for stroke in drawn for point in stroke]
    if len(drawn) > MOST_STROKES or len(points) > MOST_POINTS or not all(map(_on_the_pad, points)):
        raise SignatureEmpty
    if _ink(drawn) < LEAST_INK or _width(points) < LEAST_WIDTH:
        raise SignatureEmpty
    return Signature(strokes=drawn)


def _on_the_pad(point: Point) -> bool:
    return 0 <= point[0] <= WIDTH and 0 <= point[1] <= HEIGHT


def _ink(strokes: Sequence[Stroke]) -> float:
    """How long the line is, in the pad's units."""
    return sum(math.dist(one, other) for stroke in strokes for one, other in itertools.pairwise(stroke))


def _width(points: Sequence[Point]) -> int:
    across = [x for x, _ in points]
    return max(across) - min(across)
