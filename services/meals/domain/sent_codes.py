"""What the codes of other systems' diet orders mean here; what nobody understands goes to the dietitian (handbook 4.2).

A meaning is a word of a kind: texture:SOFT, restriction:LOW_SALT, exclusion:HALAL, allergy:soy, npo:no_food, nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from services.meals.domain.diet_table import EXCLUSIONS, RESTRICTIONS, TEXTURES
from services.meals.domain.diets import Diet
from services.meals.domain.food import NAMES, Allergen
from services.meals.domain.npo import NPO_NAMES, NpoKind

NOTHING = "nothing"
"""It says nothing of what may be eaten."""

_ELSEWHERE = {
    "BASAL": "texture:GENERAL",
    "NORMAL": "texture:GENERAL",
    "REGULAR": "texture:GENERAL",
    "BLANDA": "texture:SOFT",
    "SEMILIQUIDA": "texture:SEMI_LIQUID",
    "LIQUIDA": "texture:LIQUID",
    "LIQUIDA CLARA": "texture:CLEAR_LIQUID",
    "软饭": "texture:SOFT",
    "流食": "texture:LIQUID",
    "SIN SAL": "restriction:NO_SALT",
    "HIPOSODICA": "restriction:LOW_SALT",
    "LOW SODIUM": "restriction:LOW_SODIUM",
    "DIABETICO": "restriction:DIABETIC",
    "DIABETICA": "restriction:DIABETIC",
    "HIPOGRASA": "restriction:LOW_FAT",
    "HIPOPROTEICA": "restriction:LOW_PROTEIN",
    "HIPERPROTEICA": "restriction:HIGH_PROTEIN",
    "SIN RESIDUOS": "restriction:LOW_RESIDUE",
    "SIN GLUTEN": "restriction:GLUTEN_FREE",
    "SIN LACTOSA": "restriction:LACTOSE_FREE",
    "AYUNAS": "npo:nothing_by_mouth",
    "DIETA ABSOLUTA": "npo:nothing_by_mouth",
    "NPO": "npo:nothing_by_mouth",
    "NIL BY MOUTH": "npo:nothing_by_mouth",
}
"""Words that senders use and the manual does not."""


def _own() -> dict[str, str]:
    found: dict[str, str] = {}
    for kind, table in (("texture", TEXTURES), ("restriction", RESTRICTIONS), ("exclusion", EXCLUSIONS)):
        for rule in table.values():
            for word in (rule.code, rule.zh, f"{rule.zh}饮食", rule.en):
                found.setdefault(_normal(word), f"{kind}:{rule.code}")
    for npo in NpoKind:
        for word in (npo.value, *NPO_NAMES[npo]):
            found.setdefault(_normal(word), f"npo:{npo}")
    return found


def _normal(word: str) -> str:
    return " ".join(word.replace("_", " ").replace("-", " ").upper().split())


UNDERSTOOD = {**_own(), **_ELSEWHERE}
"""The manual's own codes and names in both languages, and what senders elsewhere say."""

ALLERGENS_SENT = {
    **{_normal(each.value): f"allergy:{each}" for each in Allergen},
    **{_normal(word): f"allergy:{each}" for each in Allergen for word in NAMES[each]},
}

MEANINGS = frozenset(
    [
        NOTHING,
        *(f"texture:{each}" for each in TEXTURES),
        *(f"restriction:{each}" for each in RESTRICTIONS),
        *(f"exclusion:{each}" for each in EXCLUSIONS),
        *(f"allergy:{each}" for each in Allergen),
        *(f"npo:{each}" for each in NpoKind),
    ]
)
"""Everything that a code can be said to mean."""


def term_of(code: Mapping[str, str]) -> str:
    """How a code is remembered: its kind, code and text, as sent."""
    return "^".join(_normal(code.get(each, "")) for each in ("kind", "code", "text"))[:200]


@dataclass(frozen=True)
class Reading:
    """What was understood of an order, and which of its codes were not."""

    textures: frozenset[str] = frozenset()
    restrictions: frozenset[str] = frozenset()
    exclusions: frozenset[str] = frozenset()
    allergies: frozenset[str] = frozenset()
    npo: frozenset[str] = frozenset()
    unknown: list[dict[str, str]] = field(default_factory=list)

    @property
    def diet(self) -> Diet | None:
        """The diet that was ordered, or None where no texture, or more than one, is named."""
        if len(self.textures) != 1:
            return None
        [texture] = self.textures
        return Diet(texture=texture, restrictions=self.restrictions, exclusions=self.exclusions)

    @property
    def is_problem(self) -> str:
        """Why this cannot be carried out as it is, as a stable word; empty when it can."""
        if self.unknown:
            return "codes_unknown"
        if self.npo:
            return "diet_and_npo" if self.textures else ""
        if len(self.textures) > 1:
            return "several_textures"
        return "" if self.textures or self.allergies else "no_texture"


def read_codes(codes: Iterable[Mapping[str, str]], taught: Mapping[str, str]) -> Reading:
    """What the codes of an order mean: what the dietitian has taught of this sender comes before the manual."""
    found: dict[str, set[str]] = {}
    unknown: list[dict[str, str]] = []
    for code in codes:
        meaning = taught.get(term_of(code)) or _meaning(code)
        if meaning is None:
            unknown.append(dict(code))
        elif meaning != NOTHING:
            kind, _, word = meaning.partition(":")
            found.setdefault(kind, set()).add(word)
    return Reading(
        textures=frozenset(found.get("texture", ())),
        restrictions=frozenset(found.get("restriction", ())),
        exclusions=frozenset(found.get("exclusion", ())),
        allergies=frozenset(found.get("allergy", ())),
        npo=frozenset(found.get("npo", ())),
        unknown=unknown,
    )


def _meaning(code: Mapping[str, str]) -> str | None:
    known = ALLERGENS_SENT if code.get("kind") == "allergy" else UNDERSTOOD
    words = (_normal(code.get("code", "")), _normal(code.get("text", "")))
    return next((known[word] for word in words if word in known), None)
