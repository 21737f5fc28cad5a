"""Diets as the pages write them: names by the reader's language, links that change one thing, words for codes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from flask_babel import lazy_gettext
from werkzeug.datastructures import MultiDict

from gateway.web.look import current_look
from gateway.web.patient.words import named
from shared.clock import HOSPITAL_ZONE, at_hospital, hospital_day, iso

Document = Mapping[str, Any]

QUICK_TEXTURES = ("GENERAL", "SOFT", "SEMI_LIQUID", "LIQUID", "CLEAR_LIQUID")
QUICK_RESTRICTIONS = ("LOW_SALT", "LOW_FAT", "DIABETIC", "LOW_PURINE", "LOW_PROTEIN", "HIGH_PROTEIN", "LOW_RESIDUE")
"""What is changed most often, one tap from the stay's diet."""

NPO_REASONS = {
    "surgery": lazy_gettext("手术或麻醉"),
    "blood_test": lazy_gettext("空腹抽血"),
    "ultrasound": lazy_gettext("腹部超声"),
    "endoscopy": lazy_gettext("胃肠镜"),
    "contrast_ct": lazy_gettext("增强 CT"),
    "bowel": lazy_gettext("肠道手术"),
    "condition": lazy_gettext("病情需要"),
    "other": lazy_gettext("其他"),
}
SOURCES = {
    "doctor": lazy_gettext("医生医嘱"),
    "dietitian": lazy_gettext("营养师医嘱"),
    "verbal": lazy_gettext("护士口头安排的第一餐"),
    "message": lazy_gettext("别的系统发来的医嘱"),
}
WARNINGS = {
    "diet_order_missing": lazy_gettext("还没有膳食医嘱：下一餐起没有医嘱就不能送餐。"),
    "liquid_too_long": lazy_gettext("流质已经超过 3 天，营养不够，请医生或营养师看一看。"),
    "npo_overdue": lazy_gettext("预计禁食到的时间已经过了。要恢复饮食，请开新的膳食医嘱。"),
}
PROBLEMS = {
    "codes_unknown": lazy_gettext("有看不懂的代码"),
    "several_textures": lazy_gettext("写了两种软硬"),
    "no_texture": lazy_gettext("没写吃哪一种（普食、软食……）"),
    "diet_and_npo": lazy_gettext("又开饮食又开禁食"),
    "control_unknown": lazy_gettext("发送方撤销或改了这条医嘱"),
    "stay_not_open": lazy_gettext("病人已经出院"),
    "npo_in_force": lazy_gettext("病人正在禁食，没有说恢复"),
    "diet_impossible": lazy_gettext("几样放在一起做不到"),
    "diet_unknown": lazy_gettext("膳食手册里没有"),
}


@dataclass(frozen=True)
class Wish:
    """A diet as a form or an address carries it."""

    texture: str = ""
    restrictions: frozenset[str] = frozenset()
    energy_kcal: str = ""
    exclusions: frozenset[str] = frozenset()

    @staticmethod
    def sent(values: MultiDict[str, str]) -> Wish:
        """What was chosen."""
        return Wish(
            texture=values.get("texture", "")[:40],
            restrictions=frozenset(values.getlist("restriction")),
            energy_kcal=values.get("energy_kcal", "").strip()[:5],
            exclusions=frozenset(values.getlist("exclusion")),
        )

    @staticmethod
    def of(order: Document | None) -> Wish:
        """The diet of an order; nothing where there is none."""
        if order is None:
            return Wish()
        return Wish(
            texture=order["texture"],
            restrictions=frozenset(order["restrictions"]),
            energy_kcal=str(order["energy_kcal"] or ""),
            exclusions=frozenset(order["exclusions"]),
        )

    def joined_by(self, understood: Document) -> Wish:
        """The same with what was understood of an order: its texture if it names one, and all that it forbids."""
        textures = understood["textures"]
        return replace(
            self,
            texture=textures[0] if len(textures) == 1 else self.texture,
            restrictions=self.restrictions | set(understood["restrictions"]),
            exclusions=self.exclusions | set(understood["exclusions"]),
        )

    def with_texture(self, code: str) -> Wish:
        """The same with another texture."""
        return replace(self, texture=code)

    def toggled(self, code: str) -> Wish:
        """The same with or without one restriction."""
        return replace(self, restrictions=self.restrictions ^ {code})

    @property
    def query(self) -> str:
        """As part of an address: codes of the manual only."""
        pairs = [("texture", self.texture), ("energy_kcal", self.energy_kcal)]
        pairs += [("restriction", each) for each in sorted(self.restrictions)]
        pairs += [("exclusion", each) for each in sorted(self.exclusions)]
        return urlencode([(name, value) for name, value in pairs if value])

    @property
    def body(self) -> dict[str, Any]:
        """As a request to meals. Raises ValueError for an energy that is no number."""
        energy = int(self.energy_kcal) if self.energy_kcal else None
        return {
            "texture": self.texture,
            "restrictions": sorted(self.restrictions),
            "exclusions": sorted(self.exclusions),
            "energy_kcal": energy,
        }

    def names(self, manual: Document) -> list[Document]:
        """The names of everything in it, in the manual's order."""
        found = [each["name"] for each in manual["textures"] if each["code"] == self.texture]
        found += [each["name"] for each in manual["restrictions"] if each["code"] in self.restrictions]
        found += [each["name"] for each in manual["exclusions"] if each["code"] in self.exclusions]
        if self.energy_kcal:
            found.append({"zh": f"{self.energy_kcal}千卡", "en": f"{self.energy_kcal} kcal"})
        return found


def own(names: Document | None) -> str:
    """A name in the reader's language."""
    return named(names, current_look().lang)


def by_code(entries: Iterable[Document]) -> dict[str, Document]:
    """Entries of the manual by their code."""
    return {each["code"]: each["name"] for each in entries}


def beginnings(now: datetime) -> list[tuple[str, datetime | None]]:
    """When fasting may begin, for a tap: now, and the usual hours of the evening before (handbook 4.3)."""
    today = hospital_day(now)
    hours: list[tuple[date, int]] = [(today, 20), (today, 22), (today + timedelta(days=1), 0)]
    later = [at_hospital(day, time(hour)) for day, hour in hours]
    return [("now", None), *((iso(each), each) for each in later if each > now)]


def wall_instant(text: str) -> datetime | None:
    """What a field for day and time holds, by the clock on the hospital's wall; None when it is empty.

    Raises ValueError for what is no instant.
    """
    if not text:
        return None
    naive = datetime.fromisoformat(text)
    if naive.tzinfo is not None:
        return naive
    return naive.replace(tzinfo=HOSPITAL_ZONE)
