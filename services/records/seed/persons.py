"""Demo persons: about seventy invented families, the same ones every time, through the same use case as everybody.

Resident numbers lie in area 329900, which was never given out, and phones in 1990000xxxx: they are nobody's.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from uuid import UUID

from stdnum.cn import ric

from services.records import queries, usecases
from services.records.domain import GuardianGiven, Patient, Registration
from shared.actor import Actor
from shared.clock import hospital_day
from shared.door import Door
from shared.sealing import Sealer
from shared.settings import Settings

PERSONS = 200
FAMILY_FILE = "demo-family.json"
"""Left beside the demo's databases for the seed of the gateway, which knows accounts and no persons."""
_SEED = 329900
_AREA = "329900"
SEED_ACTOR = Actor(subject="system:seed", roles=("service",))

_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任"
    "姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
_TWO_CHARACTER_SURNAMES = ("欧阳", "上官", "诸葛", "司马")
_MEN = "建国 志强 伟 军 磊 勇 涛 明 浩 文博 子轩 宇航 俊杰 海波 振华 国栋 家辉 思远 天佑 晓东 一鸣 学文 大勇 立新 永康"
_WOMEN = (
    "秀英 桂兰 丽 敏 静 芳 娟 艳 雪梅 玉珍 婷婷 欣怡 雨桐 梓涵 晓燕 春华 淑珍 美玲 佳慧 思琪 梦洁 红梅 月娥 慧敏 若兰"
)
_CHILDREN = (0, 1, 1, 2)
_WITH_GRANDPARENT = 0.5
_CHILD_WITH_NUMBER = 0.7
_FROM_ELSEWHERE = (
    ("Anna Kowalska", "03", "EA4400017", "female", date(1988, 5, 14)),
    ("David Miller", "03", "X55700028", "male", date(1975, 2, 3)),
    ("Priya Sharma", "03", "Z3900036", "female", date(1993, 9, 21)),
    ("Jean-Luc Moreau", "03", "19AA00045", "male", date(1969, 12, 30)),
    ("佐藤由美", "03", "TK9000054", "female", date(1982, 7, 8)),
    ("陳志明", "06", "H00000063", "male", date(1979, 3, 17)),
    ("林美惠", "07", "00000072", "female", date(1990, 11, 2)),
)
_MINORITY_NAMES = (
    ("买买提·艾力", "male", date(1984, 4, 9)),
    ("阿依古丽·吐尔逊", "female", date(1991, 8, 26)),
    ("迪丽娜尔·热合曼", "female", date(2001, 1, 15)),
    ("巴特尔·那顺", "male", date(1966, 6, 1)),
)


def register_persons(door: Door, settings: Settings) -> None:
    """Register the demo persons unless they are there already."""
    sealer = Sealer(settings.secrets["document_key"])
    with door.database.read() as uow:
        if queries.count_registered_by(uow, SEED_ACTOR.subject):
            return
    now = door.clock()
    persons = demo_persons(hospital_day(now))
    requests = [usecases.RegisterRequest(actor=SEED_ACTOR, person=each) for each in persons]
    with door.database.write() as uow:
        results = usecases.register_patients(uow, requests=requests, now=now, sealer=sealer)
        refusals = [each for each in results if isinstance(each, Exception)]
        if refusals:
            raise refusals[0]
    family = json.dumps(
        _first_family(persons, [each.id for each in results if isinstance(each, Patient)]), ensure_ascii=False
    )
    (settings.data_dir / FAMILY_FILE).write_text(family, encoding="utf-8")


def _first_family(persons: Sequence[Registration], ids: Sequence[UUID]) -> list[dict[str, str]]:
    """A parent with their children and their own old father, for whom an account of the demo acts from the start."""
    guardian = next(each.guardian.document_number for each in persons if each.guardian)
    at = next(number for number, each in enumerate(persons) if each.document_number == guardian)
    grandfather = next(each for each in persons[at + 1 :] if each.name[0] == persons[at].name[0] and _is_old(each))
    return [
        {"patient_id": str(id_), "name": each.name, "relation": _relation(each, grandfather)}
        for each, id_ in zip(persons, ids, strict=True)
        if each is grandfather
        or guardian in {each.document_number, each.guardian.document_number if each.guardian else None}
    ]


def _is_old(person: Registration) -> bool:
    """Whether a resident was born before 1965, as grandparents of the demo are; their number says it."""
    return person.document_type == "01" and int((person.document_number or "")[6:10]) < 1965  # noqa: PLR2004


def _relation(person: Registration, grandfather: Registration) -> str:
    if person is grandfather:
        return "parent"
    return "child" if person.guardian else "self"


def demo_persons(today: date) -> list[Registration]:
    """The demo's persons as they would fill in the form on a day; ages stay the same whatever the year is."""
    draw = _Draw(random.Random(_SEED), today)
    persons = [
        Registration(name=name, document_type=type_, document_number=number, sex=sex, birth_on=born, phone=draw.phone())
        for name, type_, number, sex, born in _FROM_ELSEWHERE
    ]
    persons += [draw.resident(name, sex, born) for name, sex, born in _MINORITY_NAMES]
    while len(persons) < PERSONS:
        persons += draw.family()
    return persons[:PERSONS]


class _Draw:
    """Draws persons; numbers and names are never drawn twice."""

    def __init__(self, source: random.Random, today: date) -> None:
        self._random, self._today = source, today
        self._phones = (f"1990000{each:04d}" for each in range(1, 10_000))
        self._orders: Iterator[int] = iter(range(1, 500))
        self._surnames = self._random.sample(_surnames(), k=len(_surnames()))
        self._names: set[str] = set()

    def phone(self) -> str:
        """The next invented phone number."""
        return next(self._phones)

    def resident(self, name: str, sex: str, born: date) -> Registration:
        """An adult with a resident identity card."""
        number = self._resident_number(sex, born)
        return Registration(name=name, document_type="01", document_number=number, phone=self.phone())

    def family(self) -> list[Registration]:
        """Two parents, up to two children, sometimes a grandparent."""
        surname = self._surname()
        father = self.resident(self._name(surname, "male"), "male", self._born(28, 46))
        mother = self.resident(self._name(self._surname(), "female"), "female", self._born(26, 44))
        members = [father, mother]
        members += [self._child(surname, self._random.choice(members)) for _ in range(self._random.choice(_CHILDREN))]
        if self._random.random() < _WITH_GRANDPARENT:
            sex = self._random.choice(("male", "female"))
            members.append(self.resident(self._name(surname, sex), sex, self._born(62, 88)))
        return members

    def _child(self, surname: str, parent: Registration) -> Registration:
        sex = self._random.choice(("male", "female"))
        born = self._born(1, 13)
        number = self._resident_number(sex, born) if self._random.random() < _CHILD_WITH_NUMBER else None
        guardian = GuardianGiven(
            name=parent.name,
            document_type=parent.document_type or "",
            document_number=parent.document_number or "",
            phone=parent.phone or "",
        )
        return Registration(
            name=self._name(surname, sex),
            document_type="02" if number else None,
            document_number=number,
            birth_on=born,
            sex=sex,
            guardian=guardian,
        )

    def _born(self, youngest: int, oldest: int) -> date:
        """A birthday of somebody who is between two ages, in full years, today."""
        return self._today - timedelta(days=self._random.randint(youngest * 366, oldest * 365))

    def _resident_number(self, sex: str, born: date) -> str:
        order = 2 * next(self._orders) - (sex == "male")
        body = f"{_AREA}{born:%Y%m%d}{order:03d}"
        return body + ric.calc_check_digit(f"{body}0")

    def _surname(self) -> str:
        """Each surname in turn, so that families differ."""
        self._surnames.append(self._surnames.pop(0))
        return self._surnames[-1]

    def _name(self, surname: str, sex: str) -> str:
        given = (_MEN if sex == "male" else _WOMEN).split()
        while True:
            name = surname + self._random.choice(given)
            if name not in self._names:
                self._names.add(name)
                return name


def _surnames() -> list[str]:
    return [*_SURNAMES, *_TWO_CHARACTER_SURNAMES]
