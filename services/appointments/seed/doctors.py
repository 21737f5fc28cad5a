"""The doctors of the demo hospital: nobody real; names are drawn from common surnames and given names."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from services.appointments.domain import Names, NumberType, Title
from services.appointments.seed.departments import SMALL, DemoDepartment, demo_departments

DOCTORS = 300

_SURNAMES = """
王Wang 李Li 张Zhang 刘Liu 陈Chen 杨Yang 赵Zhao 黄Huang 周Zhou 吴Wu 徐Xu 孙Sun 胡Hu 朱Zhu
高Gao 林Lin 何He 郭Guo 马Ma 罗Luo 梁Liang 宋Song 郑Zheng 谢Xie 韩Han 唐Tang 冯Feng 于Yu
董Dong 萧Xiao 程Cheng 曹Cao 袁Yuan 邓Deng 许Xu 傅Fu 沈Shen 彭Peng 吕Lü 苏Su 卢Lu 蒋Jiang
蔡Cai 魏Wei 丁Ding 薛Xue 叶Ye 余Yu 潘Pan 杜Du 戴Dai 夏Xia 钟Zhong 汪Wang 田Tian 石Shi
姚Yao 谭Tan 范Fan 邹Zou
"""
_FIRST = """
思Si 文Wen 晓Xiao 建Jian 志Zhi 雨Yu 海Hai 明Ming 家Jia 丽Li 春Chun 国Guo 秀Xiu 嘉Jia 永Yong 静Jing 书Shu 瑞Rui
"""
_SECOND = """
远Yuan 华Hua 平Ping 敏Min 强Qiang 燕Yan 涛Tao 宁Ning 芳Fang 军Jun 琳Lin 峰Feng 洁Jie 辉Hui 岚Lan 波Bo 颖Ying 雪Xue
"""

FEES_FEN = {
    Title.GENERAL_CLINIC: 1500,
    Title.ATTENDING: 2000,
    Title.ASSOCIATE_CHIEF: 2500,
    Title.CHIEF: 3500,
    Title.RENOWNED: 10000,
}
PLACES = {
    Title.GENERAL_CLINIC: 40,
    Title.ATTENDING: 32,
    Title.ASSOCIATE_CHIEF: 24,
    Title.CHIEF: 20,
    Title.RENOWNED: 12,
}
NUMBER_TYPES = {
    Title.GENERAL_CLINIC: NumberType.GENERAL,
    Title.ATTENDING: NumberType.GENERAL,
    Title.ASSOCIATE_CHIEF: NumberType.EXPERT,
    Title.CHIEF: NumberType.EXPERT,
    Title.RENOWNED: NumberType.SPECIAL,
}


@dataclass(frozen=True)
class DemoDoctor:
    """A doctor, or a department's general clinic."""

    key: str
    department: str
    name: Names
    title: Title
    speciality: Names | None


def demo_doctors(seed_number: int) -> list[DemoDoctor]:
    """A general clinic for each department and 300 doctors, the same for the same number."""
    draw = random.Random(f"doctors {seed_number}")
    departments = demo_departments()
    names = _names(draw)
    made = [_general_clinic(each) for each in departments]
    for department, count in zip(departments, _staffing(departments), strict=True):
        made += [
            DemoDoctor(
                f"{department.code}-{nth}",
                department.code,
                next(names),
                _title(draw, department, nth),
                draw.choice(department.specialities),
            )
            for nth in range(count)
        ]
    return made


def _general_clinic(department: DemoDepartment) -> DemoDoctor:
    name = Names(f"{department.name.zh}普通门诊", f"{department.name.en} general clinic")
    return DemoDoctor(f"{department.code}-general", department.code, name, Title.GENERAL_CLINIC, None)


def _staffing(departments: list[DemoDepartment]) -> list[int]:
    """How many doctors each department has: few in small ones, the rest shared out evenly, larger ones first."""
    small = [each.code in SMALL for each in departments]
    rest = DOCTORS - 2 * sum(small)
    each, more = divmod(rest, small.count(False))
    counts = []
    for is_small in small:
        counts.append(2 if is_small else each + (more > 0))
        more -= not is_small
    return counts


def _title(draw: random.Random, department: DemoDepartment, nth: int) -> Title:
    if department.code == "FAMO" or (nth == 0 and draw.random() < 1 / 4):
        return Title.RENOWNED
    return draw.choices((Title.CHIEF, Title.ASSOCIATE_CHIEF, Title.ATTENDING), (3, 4, 3))[0]


def _names(draw: random.Random) -> Iterator[Names]:
    """Names without end, each once."""
    surnames, firsts, seconds = _SURNAMES.split(), _FIRST.split(), _SECOND.split()
    used = set()
    while True:
        surname, first, second = draw.choice(surnames), draw.choice(firsts), draw.choice(seconds)
        zh = surname[0] + first[0] + second[0]
        if zh not in used:
            used.add(zh)
            yield Names(zh, f"{surname[1:]} {first[1:]}{second[1:].lower()}")
