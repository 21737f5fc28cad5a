"""Words of the patient's pages: who somebody is to the account, what a notice says, names in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from uuid import UUID

from flask_babel import gettext

from gateway.identity.domain import Link, Relation
from gateway.web import words
from gateway.web.look import in_own_language
from shared.money import to_fen

Names = Mapping[str, str]


def named(names: Names | None, lang: str) -> str:
    """A name in the reader's language, and in the other one rather than none."""
    if not names:
        return ""
    return (names.get("en") if lang == "en" else "") or names.get("zh") or names.get("en") or ""


def fen_of(amount: Mapping[str, str]) -> int:
    """What services write as {"amount": "25.00", "currency": "CNY"}, in whole fen."""
    return to_fen(amount["amount"])


def visit_path(patient_id: UUID | str, appointment_id: UUID | str, *more: str) -> str:
    """The address of the page of one appointment, or of a page below it."""
    return "/".join(["/appointments", str(patient_id), str(appointment_id), *more])


def relation_word(relation: Relation | str) -> str:
    """What the patient is to the account holder, in one word."""
    known: dict[Relation, str] = {
        Relation.SELF: gettext("本人"),
        Relation.CHILD: gettext("孩子"),
        Relation.PARENT: gettext("父母"),
        Relation.SPOUSE: gettext("爱人"),
        Relation.OTHER: gettext("家人"),
    }
    return known[Relation(relation)]


def role_word(role: str) -> str:
    """Who looked at a patient's data, without a name: the patient's own account, or a kind of work at the hospital."""
    known: dict[str, str] = {
        "patient": gettext("您或家人的手机"),
        "companion": gettext("陪护的人"),
        "front_desk": gettext("服务台"),
        "nurse": gettext("护士"),
        "doctor": gettext("医生"),
        "records_officer": gettext("病案室"),
        "auditor": gettext("审计"),
        "service": gettext("医院系统"),
    }
    return known.get(role) or str(gettext("医院工作人员"))


def operation_word(operation: str) -> str:
    """What was done with a patient's data."""
    known: dict[str, str] = {
        "records.get_patient": gettext("看了登记的资料"),
        "records.search_patients": gettext("查找病人"),
        "records.register_patient": gettext("登记了资料"),
        "records.verify_patient": gettext("核对证件"),
        "records.merge_patients": gettext("合并档案"),
        "records.issue_link_code": gettext("给了关联码"),
        "records.redeem_link_code": gettext("用关联码加为家人"),
        "records.list_accesses": gettext("看了这份记录"),
        "records.admit_patient": gettext("办了入院"),
        "records.transfer_patient": gettext("换了床"),
        "records.discharge_patient": gettext("办了出院"),
        "records.cancel_last_step": gettext("撤销了住院的一步"),
        "records.get_encounter": gettext("看了住院的情况"),
        "records.list_encounters": gettext("看了住院的情况"),
        "records.view_copy_paper": gettext("看了证件照片"),
        "records.get_copy_request": gettext("看了病历复印申请"),
        "records.list_copy_requests": gettext("看了病历复印申请"),
        "records.list_copy_reviews": gettext("看了病历复印申请"),
        "records.list_copyable_stays": gettext("看了能复印的住院"),
        "records.start_copy_request": gettext("申请复印病历"),
        "records.submit_copy_request": gettext("申请复印病历"),
        "records.approve_copy_request": gettext("审核病历复印申请"),
        "records.ask_copy_correction": gettext("审核病历复印申请"),
        "records.refuse_copy_request": gettext("审核病历复印申请"),
        "records.list_beds": gettext("看了病区的床位"),
    }
    return known.get(operation) or str(gettext("看了资料"))


def who(link: Link | None) -> tuple[str, str] | None:
    """The person for the chip at the top of a page."""
    return (link.display_name, relation_word(link.relation)) if link else None


def people(links: Iterable[Link], chosen: Link | None) -> list[tuple[str, str, str, bool]]:
    """The family for chips and choices: value, name, relation, whether chosen."""
    own = chosen.patient_id if chosen else None
    return [
        (str(link.patient_id), link.display_name, relation_word(link.relation), link.patient_id == own)
        for link in links
    ]


def month(day: words.Day, lang: str) -> str:
    """11 月 / Nov."""
    number = words.hospital_date(day).month
    return words.EN_MONTHS[number - 1] if lang == "en" else f"{number} 月"


def whole_day(day: words.Day, lang: str) -> str:
    """2026 年 11 月 24 日 周二 / Tue 24 Nov 2026."""
    parts = (words.dated(day, lang), words.weekday(day, lang))
    return " ".join(reversed(parts) if lang == "en" else parts)


FILTERS: Mapping[str, Callable[..., object]] = {
    "named": in_own_language(named),
    "fen": fen_of,
    "month": in_own_language(month),
    "whole_day": in_own_language(whole_day),
    "relation": in_own_language(lambda relation, _lang: relation_word(relation)),
    "role": in_own_language(lambda role, _lang: role_word(role)),
    "operation": in_own_language(lambda operation, _lang: operation_word(operation)),
}
"""What the templates of these pages call them."""
