"""How one kind of notice is said: words in two languages, an icon, and where it leads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Words:
    """Title and text in Chinese and English, with names of parameters in braces: {amount}, {visit}, {place}.

    `icon` and `colour` (now, ok, bad, mute or '') as in lists; `path` is the page it leads to, with {patient_id} and
    parameters such as {encounter_id}, or '' where there is none.
    """

    zh: tuple[str, str]
    en: tuple[str, str]
    icon: str = "bell"
    colour: str = ""
    path: str = ""


@dataclass(frozen=True)
class ByMember:
    """One kind that is said differently by a member of the fact, such as the reason; `otherwise` for other values."""

    member: str
    words: Mapping[str, Words]
    otherwise: Words | None = None

    def of(self, parameters: Mapping[str, Any]) -> Words:
        """The words that fit. Raises KeyError for a value that nobody has words for."""
        value = str(parameters.get(self.member))
        return self.words[value] if self.otherwise is None else self.words.get(value, self.otherwise)


Saying = Words | ByMember
