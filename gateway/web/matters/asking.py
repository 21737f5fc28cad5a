"""Asking every source about a family at once, within the patience of somebody who opens the first page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from flask_babel import gettext

from gateway.identity.domain import Link
from gateway.web.family import actor_for
from gateway.web.look import now
from gateway.web.matters import PATIENT_MATTERS, STAY_MATTERS, Matter, Sources, Urgency, Whose
from gateway.web.patient.stays import recent, stays_of
from gateway.web.stays import Stay
from gateway.web.together import Questions, begin

T = TypeVar("T")
PATIENCE_SECONDS = 1.5
"""For each of the two rounds: patients first, then what is known of their stays."""


@dataclass(frozen=True)
class Found:
    """What matters to a family, the most urgent first, who lies in hospital, and the words for what cannot be read."""

    matters: Sequence[Matter]
    stays: Sequence[Stay]
    silent: Sequence[str]

    def first(self, chosen: Link | None) -> Matter | None:
        """What the card shows: the first of the person chosen; if there is nothing, what waits for the family's act."""
        own = [each for each in self.matters if chosen and each.link.patient_id == chosen.patient_id]
        waiting = [each for each in self.matters if each.urgency is not Urgency.GOING_ON]
        return next(iter([*own, *waiting]), None)

    def of_stay(self, stay: Stay, shown: Matter | None) -> list[Matter]:
        """What stands below a stay, but for what the card shows."""
        return [each for each in self.matters if each.stay_id == stay.id and each is not shown]

    def rest(self, shown: Matter | None) -> list[Matter]:
        """What is neither on the card nor below an open stay."""
        lying = {stay.id for stay in self.stays}
        return [each for each in self.matters if each is not shown and each.stay_id not in lying]


def ask_family(links: Sequence[Link]) -> Found:
    """Ask all sources about all patients of an account."""
    whose = [Whose(link, actor_for(link)) for link in links]
    nobody: list[Stay] = []
    lying = begin({str(each.link.patient_id): partial(stays_of, each.link, each.actor) for each in whose}, nobody)
    first = _begin(PATIENT_MATTERS, [(str(each.link.patient_id), each) for each in whose])
    answers = lying.answers(seconds=PATIENCE_SECONDS)
    stays = [stay for answer in answers.values() for stay in answer.value if recent(stay, now())]
    second = _begin(STAY_MATTERS, [(str(stay.id), stay) for stay in stays])
    told = {**first.answers(seconds=PATIENCE_SECONDS), **second.answers(seconds=PATIENCE_SECONDS)}
    matters = sorted((each for answer in told.values() for each in answer.value), key=lambda each: each.order)
    silent = [_word(name) for name, answer in told.items() if answer.silent]
    if any(answer.silent for answer in answers.values()):
        silent.append(gettext("住院"))
    return Found(matters, [stay for stay in stays if stay.is_open], list(dict.fromkeys(silent)))


def _begin(sources: Sources[T], about: Sequence[tuple[str, T]]) -> Questions[list[Matter]]:
    nothing: list[Matter] = []
    return begin(
        {f"{code} {name}": partial(source.ask, each) for code, source in sources.found.items() for name, each in about},
        nothing,
    )


def _word(name: str) -> str:
    """The word for what a source that is silent tells of."""
    code = name.partition(" ")[0]
    source = PATIENT_MATTERS.found.get(code) or STAY_MATTERS.found[code]
    return str(source.word)
